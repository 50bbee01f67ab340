package dev.unroot.common;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the word that somebody may have meant. */
public final class Spelling {
    private static final int MOST_MISTAKES = 3;

    private Spelling() {}

    /**
     * Of the candidates the one that a word is nearest to in whatever case, the first of several; empty where none is near. A
     * mistake is a letter that is missing, added, wrong, or has changed places with its neighbour; a candidate allows for one
     * in three of its letters and three at most, since a short one is soon mistaken for any other.
     */
    public static Optional<String> nearest(String word, Collection<String> candidates) {
        String written = word.toLowerCase(Locale.ROOT);
        return candidates.stream()
                .filter(candidate -> mistakes(written, candidate) <= Math.min(MOST_MISTAKES, candidate.length() / 3))
                .min(Comparator.comparingInt(candidate -> mistakes(written, candidate)));
    }

    /** Optimal string alignment distance. */
    private static int mistakes(String written, String candidate) {
        String meant = candidate.toLowerCase(Locale.ROOT);
        // Also what keeps a stranger's long text from costing anything.
        if (Math.abs(written.length() - meant.length()) > MOST_MISTAKES) {
            return Integer.MAX_VALUE;
        }
        int[][] cost = new int[written.length() + 1][meant.length() + 1];
        for (int i = 0; i <= written.length(); i++) {
            for (int j = 0; j <= meant.length(); j++) {
                cost[i][j] = i == 0 || j == 0 ? i + j : cheapest(written, meant, cost, i, j);
            }
        }
        return cost[written.length()][meant.length()];
    }

    private static int cheapest(String written, String meant, int[][] cost, int i, int j) {
        int wrong = written.charAt(i - 1) == meant.charAt(j - 1) ? 0 : 1;
        int best = Math.min(cost[i - 1][j - 1] + wrong, 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
        boolean swapped = i > 1
                && j > 1
                && written.charAt(i - 1) == meant.charAt(j - 2)
                && written.charAt(i - 2) == meant.charAt(j - 1);
        return swapped ? Math.min(best, cost[i - 2][j - 2] + 1) : best;
    }
}
