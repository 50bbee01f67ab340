package dev.unroot.cluster;

import io.fabric8.kubernetes.client.OAuthTokenProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A token that is read for every request: the kubelet replaces a pod's long before the old one expires. */
final class TokenFile implements OAuthTokenProvider {
    private static final Logger LOG = LoggerFactory.getLogger(TokenFile.class);

    private static final char DELETE = 0x7f;

    private final Path file;
    private volatile String last = "";

    TokenFile(Path file) {
        this.file = file;
    }

    /** Whether it can be sent in a header: it is one line of what RFC 9110 lets stand there, in ASCII. */
    static boolean isHeaderValue(String text) {
        return text.chars().allMatch(c -> (c >= ' ' && c < DELETE) || c == '\t');
    }

    @Override
    public String getToken() {
        try {
            String token = Files.readString(file).strip();
            if (isHeaderValue(token)) {
                last = token;
            } else {
                LOG.warn("token {} holds a line break or another character that no HTTP header takes", file);
            }
        } catch (IOException unreadable) {
            // The last one may still do, and if not, the API server's 401 says more than this exception would.
            LOG.warn("token {} cannot be read", file, unreadable);
        }
        return last;
    }
}
