package dev.unroot.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.common.Text;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import org.junit.jupiter.api.Test;

class TextWhyTest {
    /** A gzip stream that breaks off in its header is such an EOFException. */
    @Test
    void anExceptionThatSaysNothingIsToldByWhatItIs() {
        assertThat(Text.why(new IOException("No space left on device"))).isEqualTo("No space left on device");
        assertThat(Text.why(new EOFException())).isEqualTo("it ends too early");
        assertThat(Text.why(new IOException(" "))).isEqualTo("IOException");
        assertThat(Text.why(new ClosedByInterruptException())).isEqualTo("ClosedByInterruptException");
    }
}
