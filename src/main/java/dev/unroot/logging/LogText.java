package dev.unroot.logging;

/** Texts in JSON that stay on one line and do nothing to a terminal, whoever they came from. */
final class LogText {
    private static final String CUT = "… (cut)";

    private LogText() {}

    /** @param longest how many characters of it are written at most */
    static void quote(StringBuilder json, String text, int longest) {
        json.append('"');
        int end = Math.min(text.length(), longest);
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            boolean pair = Character.isHighSurrogate(c) && i + 1 < end && Character.isLowSurrogate(text.charAt(i + 1));
            if (pair) {
                json.append(c).append(text.charAt(++i));
            } else {
                character(json, c);
            }
        }
        if (end < text.length()) {
            json.append(CUT);
        }
        json.append('"');
    }

    private static void character(StringBuilder json, char c) {
        switch (c) {
            case '"' -> json.append("\\\"");
            case '\\' -> json.append("\\\\");
            case '\n' -> json.append("\\n");
            case '\t' -> json.append("\\t");
            default -> {
                if (Character.isSurrogate(c)) {
                    // Half a character: no UTF-8 has it.
                    json.append("\\ufffd");
                } else if (isVisible(c)) {
                    json.append(c);
                } else {
                    json.append(String.format("\\u%04x", (int) c));
                }
            }
        }
    }

    /** Neither a control character nor one that ends a line or turns its direction. */
    private static boolean isVisible(char c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
