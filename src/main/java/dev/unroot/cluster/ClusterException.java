package dev.unroot.cluster;

import com.fasterxml.jackson.core.JacksonException;
import dev.unroot.certificate.TlsFailure;
import dev.unroot.common.Text;
import dev.unroot.review.UndecidedException;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** The cluster did not give what was asked of it. The message says what, why, and where there is one, the way out. */
public final class ClusterException extends UndecidedException {
    private static final long serialVersionUID = 1L;
    private static final int LONGEST_REASON = 400;
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    /** Who shows nothing that an API server knows, as it calls them. */
    private static final String ANONYMOUS = "\"system:anonymous\"";

    private static final Pattern CONTROL_CHARACTERS = Pattern.compile("\\p{Cntrl}+");

    ClusterException(String message) {
        super(message);
    }

    ClusterException(String message, Throwable cause) {
        super(message, cause);
    }

    /**
     * Half a sentence: the API server's own words where it answered, else what went wrong on the way there.
     *
     * @param right what Unroot's role has to allow for this; null where no API server was asked
     */
    static String reason(Throwable failure, @Nullable String right) {
        Throwable cause = failure;
        while (true) {
            if (cause instanceof KubernetesClientException answer && answer.getCode() > 0) {
                return answered(
                        answer.getCode(),
                        answer.getStatus() == null ? null : answer.getStatus().getMessage(),
                        right);
            }
            boolean wrapped = cause instanceof KubernetesClientException || cause instanceof CompletionException;
            if (!wrapped || cause.getCause() == null) {
                break;
            }
            cause = cause.getCause();
        }
        if (cause instanceof WatchEnded ended) {
            return Text.why(ended);
        }
        if (cause instanceof TimeoutException) {
            return "the API server did not answer in time";
        }
        TlsFailure tls = hasFailedByTls(failure) ? TlsFailure.in(failure, true) : null;
        if (tls != null) {
            String what = tls.kind().isOfCertificate() ? "could not prove by TLS who it is" : "could not be talked to";
            return "the API server " + what + ": " + tls.clause() + ". " + cure(tls.kind());
        }
        // The HTTP client quotes the header that it refuses, which may be the credential.
        String message = cause.getMessage();
        String what = cause.getClass().getSimpleName()
                + (message == null || message.startsWith("invalid header") ? "" : ": " + oneLine(message));
        boolean onTheWay = cause instanceof IOException && !(cause instanceof JacksonException);
        return onTheWay ? "the API server cannot be reached (" + what + ")" : what;
    }

    /** A key or certificate of ours that cannot be read is another matter. */
    private static boolean hasFailedByTls(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SSLException) {
                return true;
            }
        }
        return false;
    }

    private static String cure(TlsFailure.Kind kind) {
        return switch (kind) {
            case EXPIRED, REVOKED -> "Renew the API server's certificate";
            case NOT_YET_VALID -> "Look at the clocks, there and here";
            case WRONG_NAME, COMMON_NAME_ONLY, NAME_NOT_SERVED ->
                "Write an address that its certificate is for as the kubeconfig's server";
            case UNKNOWN_CA, UNKNOWN_ISSUER, OTHER_CA_OF_THAT_NAME, SELF_SIGNED, UNSPECIFIED ->
                "Let the kubeconfig, or the pod's service account, name the CA that it has now";
            case WRONG_PURPOSE, WEAK, BROKEN_CHAIN, UNREADABLE -> "Have the API server's certificate made again";
            case NO_TLS, TLS_ONLY -> "Correct the kubeconfig's server: its port, and http or https";
            case CLIENT_CERTIFICATE_MISSING, CLIENT_CERTIFICATE_REFUSED ->
                "Write one that it takes as the kubeconfig's client-certificate-data and client-key-data";
            case OLD_PROTOCOL, NOTHING_IN_COMMON -> "Have the API server speak TLS 1.2 or 1.3 with ciphers of today";
        };
    }

    /**
     * @param message of the {@code Status} in the answer; null where there was none
     * @param right what Unroot's role has to allow for this, {@code list on pods}; null where that is nobody's to grant
     */
    static String answered(int code, @Nullable String message, @Nullable String right) {
        String answer = "the API server answered " + code;
        String said = message == null || message.isBlank() ? answer : answer + ": " + oneLine(message);
        if (code == UNAUTHORIZED || (message != null && message.contains(ANONYMOUS))) {
            return said + ". It does not know the credential that Unroot shows: look at the kubeconfig's user, or the"
                    + " ServiceAccount's token";
        }
        return code == FORBIDDEN && right != null ? said + ". Unroot's role has to allow " + right : said;
    }

    private static String oneLine(String message) {
        String line = CONTROL_CHARACTERS.matcher(message).replaceAll(" ").strip();
        return line.length() <= LONGEST_REASON ? line : line.substring(0, LONGEST_REASON) + "…";
    }
}
