package dev.unroot.model;

import java.util.List;

/** {@code securityContext.capabilities} as written. */
public record Capabilities(List<String> add, List<String> drop) {
    public Capabilities {
        add = List.copyOf(add);
        drop = List.copyOf(drop);
    }
}
