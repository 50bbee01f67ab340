package dev.unroot.webhook;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import dev.unroot.common.Text;
import dev.unroot.manifest.Fields;
import dev.unroot.manifest.JsonFault;
import dev.unroot.manifest.ManifestException;
import dev.unroot.manifest.PodTemplates;
import dev.unroot.manifest.SubjectReader;
import dev.unroot.model.FieldPath;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads an AdmissionReview in one pass, without a tree, keeping only what a review needs.
 *
 * <p>Strict about the envelope, for what is not understood must not be allowed; lenient about fields it does not know.
 * Source: Kubernetes {@code staging/src/k8s.io/api/admission/v1/types.go}.
 */
public final class AdmissionReviewReader {
    static final String API_VERSION = "admission.k8s.io/v1";
    static final String KIND = "AdmissionReview";

    private static final FieldPath REVIEW = FieldPath.of("AdmissionReview");
    private static final String MEND = " Send an " + KIND + " of " + API_VERSION + " as JSON in UTF-8.";
    private static final int LONGEST_DETAIL = 400;

    private final JsonInput input = new JsonInput();
    private final SubjectReader subjects;

    /** @param templates the kinds that make pods */
    public AdmissionReviewReader(PodTemplates templates) {
        this.subjects = new SubjectReader(templates);
    }

    /**
     * Reads a whole body.
     *
     * @param bytes not changed; read from the start
     * @param length how many of them are the body
     * @throws BadRequestException for anything that is not exactly one readable AdmissionReview
     */
    public ReceivedReview read(byte[] bytes, int length) throws BadRequestException {
        requireObject(bytes, length);
        try (JsonParser parser = input.open(bytes, 0, length)) {
            return read(parser, new Envelope(new RequestReader(input, subjects, bytes)));
        } catch (ManifestException e) {
            throw new BadRequestException(OneLine.of(Text.why(e), LONGEST_DETAIL) + "." + MEND);
        } catch (JsonProcessingException e) {
            throw new BadRequestException(
                    "The body is not JSON: " + JsonFault.what(e) + at(e.getLocation()) + "." + MEND);
        } catch (IOException e) {
            // Of bytes in memory: they are in no encoding that the parser can read.
            throw new BadRequestException("The body is not UTF-8." + MEND);
        }
    }

    private static ReceivedReview read(JsonParser parser, Envelope envelope)
            throws IOException, ManifestException, BadRequestException {
        try {
            parser.nextToken();
            Fields.object(parser, REVIEW, new DuplicateKeys(REVIEW, DuplicateKeys.OF_REVIEW, envelope));
            if (parser.nextToken() != null) {
                throw new BadRequestException("Something follows the AdmissionReview"
                        + at(parser.currentTokenLocation()) + ". Send one object and nothing after it.");
            }
            return envelope.review();
        } catch (StreamConstraintsException e) {
            // It does not say where by itself.
            throw new BadRequestException("The body is beyond what Unroot reads: "
                    + JsonFault.limit(e, JsonInput.DEEPEST) + at(parser.currentLocation()) + "." + MEND);
        }
    }

    static String at(@Nullable JsonLocation location) {
        return location == null ? "" : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
    }

    /** An object in UTF-8. The parser would take UTF-16 and UTF-32 too, in which offsets are not what they seem. */
    private static void requireObject(byte[] bytes, int length) throws BadRequestException {
        int start = 0;
        while (start < length && isSpace(bytes[start])) {
            start++;
        }
        if (start == length) {
            throw new BadRequestException("The body is empty." + MEND);
        }
        if (begins(bytes, start, length, 0xef, 0xbb, 0xbf)) {
            throw new BadRequestException("The body begins with a byte order mark, which JSON has none of." + MEND);
        }
        boolean wide = begins(bytes, start, length, 0xfe, 0xff)
                || begins(bytes, start, length, 0xff, 0xfe)
                || bytes[start] == 0
                || start + 1 < length && bytes[start + 1] == 0;
        if (wide) {
            throw new BadRequestException("The body is not UTF-8 but UTF-16 or UTF-32." + MEND);
        }
        if (bytes[start] != '{') {
            String first = bytes[start] > ' ' ? ": it begins with " + Text.quote("" + (char) bytes[start]) : "";
            throw new BadRequestException("The body is not a JSON object" + first + "." + MEND);
        }
    }

    private static boolean begins(byte[] bytes, int start, int length, int... values) {
        for (int i = 0; i < values.length; i++) {
            if (start + i >= length || (bytes[start + i] & 0xff) != values[i]) {
                return false;
            }
        }
        return true;
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }

    private static final class Envelope implements Fields.FieldReader {
        private static final FieldPath REQUEST = FieldPath.of("request");

        private final RequestReader request;
        private @Nullable String apiVersion;
        private @Nullable String kind;
        private boolean requested;

        Envelope(RequestReader request) {
            this.request = request;
        }

        @Override
        public void read(String field, JsonParser parser) throws IOException, ManifestException {
            switch (field) {
                case "apiVersion" -> {
                    apiVersion = Fields.string(parser, FieldPath.of(field));
                    requireVersion();
                }
                case "kind" -> {
                    kind = Fields.string(parser, FieldPath.of(field));
                    requireKind();
                }
                case "request" -> {
                    requested = !parser.hasToken(JsonToken.VALUE_NULL);
                    Fields.object(parser, REQUEST, new DuplicateKeys(REQUEST, DuplicateKeys.OF_REQUEST, request));
                }
                default -> parser.skipChildren();
            }
        }

        private void requireVersion() throws ManifestException {
            if (!API_VERSION.equals(apiVersion)) {
                throw new ManifestException(
                        FieldPath.of("apiVersion"),
                        (apiVersion == null ? "apiVersion is missing" : "apiVersion is " + Text.quote(apiVersion))
                                + ", and Unroot reads " + API_VERSION
                                + ": list v1 in the webhook's admissionReviewVersions");
            }
        }

        private void requireKind() throws ManifestException {
            if (!KIND.equals(kind)) {
                throw new ManifestException(
                        FieldPath.of("kind"),
                        (kind == null ? "kind is missing" : "kind is " + Text.quote(kind)) + ", and must be " + KIND);
            }
        }

        ReceivedReview review() throws IOException, ManifestException {
            requireVersion();
            requireKind();
            if (!requested) {
                throw new ManifestException(REQUEST, "request is missing");
            }
            return request.review();
        }
    }
}
