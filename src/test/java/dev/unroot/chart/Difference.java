package dev.unroot.chart;

import java.util.ArrayList;
import java.util.List;

/**
 * What makes one rendering of the chart of another, as a unified diff. A hunk stands at a line of what one template makes,
 * so that a change of a template moves no hunk in those of others.
 */
final class Difference {
    private static final int CONTEXT = 2;
    private static final String HUNK = "@@ ";
    /** The comment that Helm writes above what a template makes. */
    private static final String SOURCE = "# Source: unroot/";

    private Difference() {}

    /** Empty where they are the same; always the same for the same two texts. */
    static String between(String before, String after) {
        List<String> old = lines(before);
        List<String> edits = edits(old, lines(after));
        StringBuilder text = new StringBuilder();
        boolean within = false;
        int line = 0;
        for (int edit = 0; edit < edits.size(); edit++) {
            boolean shown = isNearAChange(edits, edit);
            if (shown) {
                text.append(within ? "" : HUNK + place(old, line) + "\n")
                        .append(edits.get(edit))
                        .append('\n');
            }
            within = shown;
            line += edits.get(edit).startsWith("+") ? 0 : 1;
        }
        return text.toString();
    }

    /**
     * The inverse: what {@code before} was compared with, to the byte.
     *
     * @throws IllegalArgumentException where the difference is not one to this text
     */
    static String apply(String before, String difference) {
        List<String> old = lines(before);
        List<String> result = new ArrayList<>();
        int line = 0;
        for (String edit :
                difference.isEmpty() ? List.<String>of() : lines(difference.substring(0, difference.length() - 1))) {
            if (edit.startsWith(HUNK)) {
                int start = position(old, edit.substring(HUNK.length()));
                result.addAll(old.subList(line, start));
                line = start;
                continue;
            }
            String text = edit.substring(1);
            if (!edit.startsWith("+")) {
                if (line == old.size() || !old.get(line).equals(text)) {
                    throw new IllegalArgumentException("no \"" + text + "\" at " + place(old, line));
                }
                line++;
            }
            if (!edit.startsWith("-")) {
                result.add(text);
            }
        }
        result.addAll(old.subList(line, old.size()));
        return String.join("\n", result);
    }

    private static List<String> lines(String text) {
        return List.of(text.split("\n", -1));
    }

    private static boolean isNearAChange(List<String> edits, int edit) {
        return edits.subList(Math.max(0, edit - CONTEXT), Math.min(edits.size(), edit + CONTEXT + 1)).stream()
                .anyMatch(near -> !near.startsWith(" "));
    }

    /** Every line of both, after a blank where it is in both, else {@code -} or {@code +}: by the longest common part. */
    private static List<String> edits(List<String> old, List<String> now) {
        int[][] common = new int[old.size() + 1][now.size() + 1];
        for (int i = old.size() - 1; i >= 0; i--) {
            for (int j = now.size() - 1; j >= 0; j--) {
                common[i][j] = old.get(i).equals(now.get(j))
                        ? common[i + 1][j + 1] + 1
                        : Math.max(common[i + 1][j], common[i][j + 1]);
            }
        }
        List<String> edits = new ArrayList<>();
        int i = 0;
        int j = 0;
        while (i < old.size() || j < now.size()) {
            if (i < old.size() && j < now.size() && old.get(i).equals(now.get(j))) {
                edits.add(" " + old.get(i++));
                j++;
            } else if (j == now.size() || (i < old.size() && common[i + 1][j] >= common[i][j + 1])) {
                edits.add("-" + old.get(i++));
            } else {
                edits.add("+" + now.get(j++));
            }
        }
        return edits;
    }

    /** {@code templates/service.yaml:3} is three lines below the first such comment; above all of them {@code :3}. */
    private static String place(List<String> lines, int line) {
        for (int start = Math.min(line, lines.size() - 1); start >= 0; start--) {
            if (lines.get(start).startsWith(SOURCE) && lines.indexOf(lines.get(start)) == start) {
                return lines.get(start).substring(SOURCE.length()) + ":" + (line - start);
            }
        }
        return ":" + line;
    }

    private static int position(List<String> lines, String place) {
        int colon = place.lastIndexOf(':');
        int start = colon == 0 ? 0 : lines.indexOf(SOURCE + place.substring(0, colon));
        int line = start + Integer.parseInt(place.substring(colon + 1));
        if (start < 0 || line > lines.size()) {
            throw new IllegalArgumentException("no line " + place);
        }
        return line;
    }
}
