package dev.unroot.webhook;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One answer, read off a connection by its Content-Length. */
record Answer(String head, String body) {
    private static final Pattern LENGTH = Pattern.compile("(?i)content-length: (\\d+)");

    static Answer read(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException("the connection ended within an answer: " + head);
            }
            head.append((char) next);
        }
        Matcher length = LENGTH.matcher(head);
        int bytes = length.find() ? Integer.parseInt(length.group(1)) : 0;
        return new Answer(head.toString(), new String(in.readNBytes(bytes), StandardCharsets.UTF_8));
    }
}
