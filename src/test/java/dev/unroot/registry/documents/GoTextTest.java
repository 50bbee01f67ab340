package dev.unroot.registry.documents;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GoTextTest {
    private static String read(byte[] utf8, int atOnce) {
        StringBuilder text = new StringBuilder();
        char[] buffer = new char[atOnce + 3];
        try (GoText reader = new GoText(utf8)) {
            for (int count = reader.read(buffer, 3, atOnce); count >= 0; count = reader.read(buffer, 3, atOnce)) {
                text.append(buffer, 3, count);
            }
        }
        return text.toString();
    }

    @Test
    void aByteThatIsNoTextBecomesOneReplacement() {
        byte[] broken = {'a', (byte) 0xff, (byte) 0xe2, (byte) 0x82, 'b', (byte) 0xf0, (byte) 0x9f, (byte) 0x98};
        for (int atOnce : new int[] {1, 2, 3, 100}) {
            assertThat(read(broken, atOnce)).isEqualTo("a\ufffd\ufffd\ufffdb\ufffd\ufffd\ufffd");
        }
    }

    @Test
    void theSizeOfTheReadsMakesNoDifference() throws IOException {
        String text = "a\u00e9\u20ac\ud83d\ude00".repeat(50);
        byte[] sound = text.getBytes(StandardCharsets.UTF_8);
        byte[] random = new byte[500];
        new Random(7).nextBytes(random);
        for (int atOnce = 1; atOnce < 60; atOnce++) {
            assertThat(read(sound, atOnce)).isEqualTo(text);
            assertThat(read(random, atOnce)).isEqualTo(read(random, 1_000));
        }
    }
}
