package dev.unroot.model;

import org.jspecify.annotations.Nullable;

/**
 * Where a value stands in a Kubernetes object, written as the API server writes it: {@code spec.containers[0].image}.
 *
 * <p>Paths are linked to their parent and only become text when a message needs them, so carrying one with every value
 * costs an admission next to nothing.
 */
public final class FieldPath {
    private static final int NO_INDEX = -1;

    private final @Nullable FieldPath parent;
    private final String name;
    private final int index;

    private FieldPath(@Nullable FieldPath parent, String name, int index) {
        this.parent = parent;
        this.name = name;
        this.index = index;
    }

    /** A path from dotted text such as {@code spec.template.spec}. */
    public static FieldPath of(String dotted) {
        return new FieldPath(null, dotted, NO_INDEX);
    }

    public FieldPath child(String field) {
        return new FieldPath(this, field, NO_INDEX);
    }

    /** The element of a list field, counted from 0. */
    public FieldPath item(String listField, int position) {
        return new FieldPath(this, listField, position);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(64);
        append(text);
        return text.toString();
    }

    private void append(StringBuilder text) {
        if (parent != null) {
            parent.append(text);
            text.append('.');
        }
        text.append(name);
        if (index != NO_INDEX) {
            text.append('[').append(index).append(']');
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof FieldPath && toString().equals(other.toString());
    }

    @Override
    public int hashCode() {
        return toString().hashCode();
    }
}
