package dev.unroot.manifest;

import dev.unroot.manifest.YamlNode.Entry;
import dev.unroot.manifest.YamlNode.Mapping;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the items of a list too long to be held, one by one. kubectl writes a list's kind behind its items, so an item may
 * come before it is known to be one: what says its own type is read at once, and what was read of it waits. What says none
 * has to wait as it is, within bounds.
 */
final class LongListReader implements LongDocument {
    private final ManifestResults results;
    private final ObjectReader objects;
    private final ObjectReader ahead;
    private final List<ManifestResult> read = new ArrayList<>();
    /** In order: how many results to tell first, and then an item that says no type. */
    private final List<Untyped> untyped = new ArrayList<>();

    private long untypedValues;
    private boolean taken;
    private @Nullable TypeMeta each;

    private record Untyped(int after, YamlNode item) {}

    LongListReader(SubjectReader subjects, String source, int document, ManifestResults results) {
        this.results = results;
        this.objects = new ObjectReader(subjects, source, document, results::add);
        this.ahead = new ObjectReader(subjects, source, document, result -> read.add(results.sharing(result)));
    }

    @Override
    public boolean taken(Map<String, Entry> before) {
        String apiVersion = text(before, "apiVersion");
        String kind = text(before, "kind");
        if (kind != null && !ObjectReader.isList(kind)) {
            return false;
        }
        taken = true;
        if (apiVersion != null && kind != null) {
            each = ObjectReader.itemType(new TypeMeta(apiVersion, kind));
        }
        return true;
    }

    private static @Nullable String text(Map<String, Entry> fields, String name) {
        Entry entry = fields.get(name);
        return entry == null ? null : entry.value().text();
    }

    @Override
    public void item(YamlNode item, long values) throws DocumentException {
        if (each != null) {
            objects.readItem(item, each);
        } else if (item instanceof Mapping mapping
                && mapping.get("apiVersion") != null
                && mapping.get("kind") != null) {
            ahead.readItem(item, ObjectReader.UNTYPED);
        } else {
            wait(item, values);
        }
        if (results.isFull() || read.size() >= ManifestResults.MOST) {
            throw new DocumentException(item.line(), "the list goes on, and none from here on was judged");
        }
    }

    private void wait(YamlNode item, long values) throws DocumentException {
        untypedValues += values;
        if (untypedValues > NodeLimits.MAX_NODES) {
            throw new DocumentException(
                    item.line(),
                    "more than " + NodeLimits.MAX_NODES + " values in items without apiVersion and kind, before those"
                            + " of the list: write the list's apiVersion and kind before its items");
        }
        untyped.add(new Untyped(read.size(), item));
    }

    @Override
    public void end(YamlNode root) {
        if (!taken) {
            objects.readRoot(root);
        } else if (root instanceof Mapping list && each == null) {
            endOfUnknown(list);
        }
    }

    private void endOfUnknown(Mapping list) {
        TypeMeta type = objects.type(list, ObjectReader.UNTYPED);
        if (type == null) {
            return;
        }
        if (ObjectReader.isList(type.kind())) {
            tell(ObjectReader.itemType(type));
        } else {
            objects.unreadable(
                    list.line(),
                    "longer than " + (YamlDocuments.WHOLE >> 20) + " MiB, and its items stand before its kind, which is"
                            + " no list's: write its apiVersion and kind before its items");
        }
    }

    private void tell(TypeMeta itemType) {
        int told = 0;
        for (Untyped next : untyped) {
            read.subList(told, next.after()).forEach(results::add);
            told = next.after();
            objects.readItem(next.item(), itemType);
        }
        read.subList(told, read.size()).forEach(results::add);
    }

    /** What has been read is judged nevertheless. */
    @Override
    public void broken() {
        read.forEach(results::add);
    }
}
