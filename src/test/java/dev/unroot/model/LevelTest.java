package dev.unroot.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LevelTest {
    @Test
    void levelsGrowStricterInOrder() {
        assertThat(Level.values()).extracting(Level::label).containsExactly("none", "nonroot", "hardened", "explicit");
        assertThat(Level.EXPLICIT.includes(Level.NONROOT)).isTrue();
        assertThat(Level.NONROOT.includes(Level.HARDENED)).isFalse();
        assertThat(Level.NONROOT.max(Level.HARDENED)).isEqualTo(Level.HARDENED);
        assertThat(Level.HARDENED.max(Level.NONROOT)).isEqualTo(Level.HARDENED);
    }

    @Test
    void onlyTheExactLabelIsALevel() {
        for (Level level : Level.values()) {
            assertThat(Level.parse(level.label())).contains(level);
            assertThat(Level.list()).contains(level.label());
        }
        assertThat(Level.parse("Nonroot")).isEmpty();
        assertThat(Level.parse("restricted")).isEmpty();
        assertThat(Level.parse("")).isEmpty();
    }
}
