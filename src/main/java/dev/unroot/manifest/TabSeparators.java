package dev.unroot.manifest;

import java.io.StringReader;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.parser.Parser;

/**
 * Lets a tab separate a key from its value, which kubectl allows and SnakeYAML does not: {@code image:<tab>nginx}. Only
 * the very tabs that the scanner stumbles over become spaces, so none within a text does. Tabs that indent stay an error.
 */
final class TabSeparators {
    /** Characters that may be scanned again and again for the sake of tabs. */
    private static final long PATIENCE = 16 << 20;

    /** After these alone a key could begin, and the tab would be indentation. */
    private static final String INDICATORS = " \t-?:";

    private TabSeparators() {}

    static String toSpaces(String text) {
        if (text.indexOf('\t') < 0) {
            return text;
        }
        StringBuilder spaced = new StringBuilder(text);
        for (long scanned = 0; scanned < PATIENCE; scanned += spaced.length()) {
            int tab = stumble(spaced.toString());
            if (tab < 0) {
                break;
            }
            spaced.setCharAt(tab, ' ');
        }
        return spaced.toString();
    }

    /** The index of the first separating tab that the scanner refuses; negative where there is none. */
    private static int stumble(String text) {
        try {
            Parser parser = YamlComposer.parser(new StringReader(text));
            while (parser.peekEvent() != null) {
                parser.getEvent();
            }
        } catch (MarkedYAMLException e) {
            Mark mark = e.getProblemMark();
            int index = mark == null ? text.length() : text.offsetByCodePoints(0, mark.getIndex());
            if (index < text.length() && text.charAt(index) == '\t') {
                String before = text.substring(text.lastIndexOf('\n', index) + 1, index);
                return before.chars().allMatch(c -> INDICATORS.indexOf(c) >= 0) ? -1 : index;
            }
        } catch (YAMLException e) {
            return -1;
        }
        return -1;
    }
}
