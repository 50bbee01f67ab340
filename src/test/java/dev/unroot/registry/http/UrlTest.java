package dev.unroot.registry.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.registry.place.Origin;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class UrlTest {
    private static final Origin REGISTRY = Objects.requireNonNull(Origin.parse(false, "registry.example:5000"));

    /**
     * Each line has a reference, a tab, and what Go 1.26 makes of it at {@code
     * http://registry.example:5000/v2/app/manifests/1?ns=x} ({@code URL.Parse}, then host and {@code RequestURI}); a dash where
     * it is refused, or leads elsewhere than to http. Fifty by hand, the others by chance out of what is odd.
     */
    @Test
    void readsWhatOthersWriteAsGoDoes() throws IOException {
        String all;
        try (InputStream file = UrlTest.class.getResourceAsStream("/dev/unroot/go-addresses.tsv")) {
            all = new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.ISO_8859_1);
        }
        List<String> lines = all.lines().toList();
        assertThat(lines).hasSizeGreaterThan(1_000);
        for (String line : lines) {
            int tab = line.indexOf('\t');
            String reference = line.substring(0, tab);
            Url address = Url.from(REGISTRY, "/v2/app/manifests/1?ns=x", reference);
            String read = address == null ? "-" : address.origin() + address.target();
            // Nothing at all is no address, though Go would go on for ever.
            assertThat(read).as(reference).isEqualTo(reference.isEmpty() ? "-" : line.substring(tab + 1));
        }
    }

    @Test
    void whatStandsAloneIsAbsolute() {
        assertThat(Url.of("https://auth.example/token?a=b|c"))
                .isEqualTo(new Url(Objects.requireNonNull(Origin.parse(true, "auth.example")), "/token?a=b|c"));
        assertThat(Url.of("/token")).isNull();
        assertThat(Url.of("auth.example/token")).isNull();
        assertThat(Url.of("//auth.example/token")).isNull();
        assertThat(Url.of("https://auth.example/\u0000")).isNull();
        assertThat(Url.of("https://user:password@auth.example/")).isNull();
    }

    /** As bytes of UTF-8, which is how a header carries them. */
    @Test
    void namesOfAnyAlphabetAreAsNameServersHaveThem() {
        Url address = Url.of("https://b\u00c3\u00bccher.example:5000/x");
        assertThat(Objects.requireNonNull(address).origin()).hasToString("https://xn--bcher-kva.example:5000");
        assertThat(Url.of("https://b\u00fccher.example/")).isNull();
    }
}
