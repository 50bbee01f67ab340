package dev.unroot.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;

/** One run of the command line, and what came of it. */
record Run(int status, String out, String err) {
    static Run of(FakeServices services, String... arguments) {
        return withInput(services, "", arguments);
    }

    static Run withInput(FakeServices services, String input, String... arguments) {
        return on(services, input, false, arguments);
    }

    static Run on(FakeServices services, String input, boolean colours, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        Terminal terminal = new Terminal(
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                new PrintWriter(out),
                new PrintWriter(err),
                colours,
                false);
        int status = UnrootCommand.run(services, terminal, arguments);
        return new Run(status, out.toString(), err.toString());
    }

    JsonNode json() throws IOException {
        return new ObjectMapper().readTree(out);
    }

    /** Compares with a golden file; {@code DIR} in it stands for a directory of the test's. */
    void printed(String golden, String directory) throws IOException {
        try (InputStream file = Run.class.getResourceAsStream("/command/" + golden)) {
            assertThat(file).as("golden file %s", golden).isNotNull();
            String wanted = new String(file.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(out.replace(directory, "DIR")).as("standard output").isEqualTo(wanted);
        }
    }
}
