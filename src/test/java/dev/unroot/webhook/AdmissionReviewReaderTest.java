package dev.unroot.webhook;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.unroot.manifest.PodTemplates;
import dev.unroot.manifest.TypeMeta;
import dev.unroot.model.Pod;
import dev.unroot.review.AdmissionRequest;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class AdmissionReviewReaderTest {
    private final AdmissionReviewReader reader = new AdmissionReviewReader(PodTemplates.BUILT_IN);

    private ReceivedReview read(String body) throws BadRequestException {
        return read(body.getBytes(UTF_8));
    }

    private ReceivedReview read(byte[] body) throws BadRequestException {
        // Longer than the body, as a server's buffer is.
        return reader.read(Arrays.copyOf(body, body.length + 10), body.length);
    }

    @Test
    void keepsWhatAReviewNeeds() throws Exception {
        ReceivedReview review = read(Reviews.pod(Reviews.ROOT_CONTAINER)
                .with("subResource", "\"ephemeralcontainers\"")
                .with("dryRun", "true")
                .with("operation", "\"UPDATE\"")
                .with("oldObject", Reviews.podObject(Reviews.FINE_CONTAINER))
                .toString());

        assertThat(review.uid()).isEqualTo(Reviews.UID);
        assertThat(review.name()).isEqualTo("web");
        assertThat(review.dryRun()).isTrue();
        AdmissionRequest request = review.request();
        assertThat(request.type()).isEqualTo(new TypeMeta("v1", "Pod"));
        assertThat(request.resource()).isEqualTo("pods");
        assertThat(request.subresource()).isEqualTo("ephemeralcontainers");
        assertThat(request.namespace()).isEqualTo("default");
        assertThat(request.operation()).isEqualTo("UPDATE");
        assertThat(request.username()).isEqualTo("jane");
        assertThat(request.groups()).containsExactly("system:authenticated");
        assertThat(request.object().pod().containers().get(0).image()).isEqualTo("nginx:1.27");
        assertThat(request.oldObject().pod().containers().get(0).image()).isEqualTo("registry.example/fine:1");
    }

    @Test
    void readsObjectsThatComeBeforeTheirKind() throws Exception {
        String late = Reviews.pod(Reviews.ROOT_CONTAINER.replace("web", "wéb \\u00fc 😀"))
                .with("operation", "\"UPDATE\"")
                .with("oldObject", Reviews.podObject(Reviews.FINE_CONTAINER))
                .last("kind")
                .last("uid")
                .toString();

        AdmissionRequest request = read(late).request();

        Pod pod = request.object().pod();
        assertThat(pod.containers().get(0).name()).isEqualTo("wéb ü 😀");
        assertThat(pod.containers().get(0).image()).isEqualTo("nginx:1.27");
        assertThat(request.oldObject().pod().containers().get(0).image()).isEqualTo("registry.example/fine:1");
    }

    @Test
    void readsTheEnvelopeInAnyOrder() throws Exception {
        String body = Reviews.pod(Reviews.ROOT_CONTAINER).toString();
        String request = body.substring(body.indexOf("\"request\""), body.length() - 1);
        String turned = " \n{" + request + ",\"apiVersion\":\"admission.k8s.io/v1\",\"kind\":\"AdmissionReview\"} \n";

        assertThat(read(turned).uid()).isEqualTo(Reviews.UID);
    }

    @Test
    void namesAPodThatTheApiServerHasYetToName() throws Exception {
        ReceivedReview review = read(Reviews.pod("")
                .without("name")
                .with("object", "{\"metadata\":{\"generateName\":\"web-\"},\"spec\":{}}")
                .toString());

        assertThat(review.name()).isEqualTo("web-*");
    }

    @Test
    void readsADeletionWithoutAnObject() throws Exception {
        ReceivedReview review = read(Reviews.pod("")
                .with("operation", "\"DELETE\"")
                .with("object", "null")
                .toString());

        assertThat(review.request().object()).isNull();
    }

    @Test
    void readsTheGroupOfAController() throws Exception {
        ReceivedReview review = read(Reviews.pod("")
                .with("kind", "{\"group\":\"apps\",\"version\":\"v1\",\"kind\":\"Deployment\"}")
                .with(
                        "object",
                        "{\"spec\":{\"template\":{\"spec\":{\"containers\":[" + Reviews.ROOT_CONTAINER + "]}}}}")
                .toString());

        assertThat(review.request().type()).isEqualTo(new TypeMeta("apps/v1", "Deployment"));
        assertThat(review.request().object().pod().containers()).hasSize(1);
    }

    @Test
    void readsWhatAnApiServerCanStoreHoweverOdd() throws Exception {
        String deep = "{\"a\":".repeat(9_000) + "1" + "}".repeat(9_000);
        String longKey = "k".repeat(200_000);
        ReceivedReview review = read(Reviews.pod("")
                .with("object", "{\"metadata\":{\"managedFields\":[" + deep + "],\"" + longKey + "\":1},\"spec\":{}}")
                .toString());

        assertThat(review.request().object()).isNotNull();
    }

    static Stream<Arguments> malformed() {
        String good = Reviews.pod(Reviews.ROOT_CONTAINER).toString();
        return Stream.of(
                arguments("", "The body is empty"),
                arguments("  \n", "The body is empty"),
                arguments("[]", "The body is not a JSON object: it begins with \"[\". Send an AdmissionReview of"),
                arguments("hello", "The body is not a JSON object: it begins with \"h\""),
                arguments("null", "The body is not a JSON object: it begins with \"n\""),
                arguments("\u0001", "The body is not a JSON object. Send"),
                arguments("é", "The body is not a JSON object. Send"),
                arguments("\u0000\u0000", "The body is not UTF-8 but UTF-16 or UTF-32"),
                arguments("\ufeff" + good, "The body begins with a byte order mark, which JSON has none of"),
                arguments("[".repeat(100_000), "The body is not a JSON object: it begins with \"[\""),
                arguments(
                        "{",
                        "The body is not JSON: it ends where something is still open at line 1, column 2. Send an"
                                + " AdmissionReview of admission.k8s.io/v1 as JSON in UTF-8."),
                arguments(
                        "{\n \"a\": \"b\nc\"}",
                        "a text holds a control character that is not escaped at line 2, column 9."),
                arguments("{\"a\": \"\\x\"}", "a text holds a backslash that escapes nothing at line 1, column "),
                arguments("{\"a\": \"\\u00zz\"}", "a text holds a backslash that escapes nothing at line 1, column "),
                arguments("{\"a\": planted}", "a word stands there that is not true, false or null at line 1, column "),
                arguments("{\"a\": NaN}", "a word stands there that is not true, false or null at line 1, column "),
                arguments("{\"a\": 01}", "a number is not written as JSON writes numbers at line 1, column "),
                arguments("{\"a\": [}", "a bracket closes what is not open at line 1, column 8"),
                arguments("{\"a\" \"b\"}", "no \"\\\"\" may stand there at line 1, column "),
                arguments("{\u0000", "The body is not UTF-8 but UTF-16"),
                arguments("{}", "apiVersion is missing"),
                arguments(
                        good.substring(0, good.length() - 1),
                        "The body is not JSON: it ends where something is still open"),
                arguments(good + "{}", "Something follows the AdmissionReview at line 1, column"),
                arguments(good + "x", "The body is not JSON: "),
                arguments(good.replace("\"dryRun\":false", "\"dryRun\":flase"), "at line 1, column"),
                arguments(
                        good.replace("\"dryRun\":false", "\"dryRun\":\"no\""), "request.dryRun must be true or false"),
                arguments(
                        Reviews.pod("").envelope("AdmissionReview", "admission.k8s.io/v1beta1"),
                        "apiVersion is \"admission.k8s.io/v1beta1\", and Unroot reads admission.k8s.io/v1: list v1 in the"
                                + " webhook's admissionReviewVersions"),
                arguments(
                        Reviews.pod("").envelope("Pod", "admission.k8s.io/v1"),
                        "kind is \"Pod\", and must be AdmissionReview"),
                arguments("{\"apiVersion\":\"admission.k8s.io/v1\"}", "kind is missing"),
                arguments(
                        "{\"apiVersion\":\"admission.k8s.io/v1\",\"kind\":\"AdmissionReview\"}", "request is missing"),
                arguments(
                        "{\"apiVersion\":\"admission.k8s.io/v1\",\"kind\":\"AdmissionReview\",\"request\":null}",
                        "request is missing"),
                arguments(
                        "{\"apiVersion\":\"admission.k8s.io/v1\",\"kind\":\"AdmissionReview\",\"request\":[]}",
                        "request must be an object, not a list"),
                arguments(pod().without("uid"), "request.uid is missing"),
                arguments(pod().with("uid", "\"\""), "request.uid is missing"),
                arguments(pod().with("uid", "7"), "request.uid must be text"),
                arguments(pod().with("uid", "\"a\\nb\""), "request.uid must be at most 128 printable"),
                arguments(pod().with("uid", '"' + "a".repeat(129) + '"'), "request.uid must be at most 128"),
                arguments(pod().without("kind"), "request.kind is missing"),
                arguments(pod().with("kind", "\"Pod\""), "request.kind must be an object, not the text \"Pod\""),
                arguments(pod().with("kind", "{\"kind\":\"Pod\"}"), "request.kind is missing, or its version"),
                arguments(pod().without("operation"), "request.operation must be CREATE, UPDATE, DELETE or CONNECT"),
                arguments(pod().with("operation", "\"create\""), "not \"create\""),
                arguments(pod().without("object"), "request.object is missing, and CREATE has one"),
                arguments(pod().with("object", "null"), "request.object is missing"),
                arguments(pod().with("object", "[]"), "request.object: object must be an object, not a list"),
                arguments(pod().without("namespace"), "request.namespace is missing"),
                arguments(pod().with("userInfo", "{\"groups\":[1]}"), "request.userInfo.groups[0] must be text, not 1"),
                arguments(
                        pod().with("object", Reviews.podObject("{\"securityContext\":{\"runAsUser\":\"0\"}}")),
                        "request.object: spec.containers[0].securityContext.runAsUser must be a whole number, not the text"
                                + " \"0\""),
                arguments(
                        pod().last("kind")
                                .with("object", Reviews.podObject("{\"securityContext\":{\"runAsUser\":1.5}}")),
                        "spec.containers[0].securityContext.runAsUser must be a whole number, not 1.5"),
                arguments(
                        pod().with("options", "[".repeat(100_000) + "]".repeat(100_000)),
                        "The body is beyond what Unroot reads: objects and lists are nested more than 10016 deep at line 1"),
                arguments(
                        "{\"a\":".repeat(20_000),
                        "The body is beyond what Unroot reads: objects and lists are nested more than 10016 deep"),
                arguments(
                        pod().with("object", "{\"spec\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}"),
                        "request.object: spec must be an object, not a list"),
                arguments(
                        pod().with("object", "{\"a\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}"),
                        "objects and lists are nested more than 10016 deep"),
                arguments(
                        pod().with(
                                        "object",
                                        Reviews.podObject(
                                                "{\"securityContext\":{\"runAsUser\":" + "9".repeat(5000) + "}}")),
                        "The body is beyond what Unroot reads: a number has more than 1000 digits at line 1"));
    }

    private static Reviews pod() {
        return Reviews.pod(Reviews.ROOT_CONTAINER);
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void saysWhatIsWrong(Object body, String sentence) {
        assertThatThrownBy(() -> read(body.toString()))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining(sentence)
                .satisfies(e -> assertThat(e.getMessage())
                        .hasSizeLessThan(600)
                        .doesNotContain("\n", "Source", "marker", "Stream", "planted"));
    }

    @Test
    void readsUtf8Only() {
        String body = Reviews.pod("").toString();
        assertThatThrownBy(() -> read(body.getBytes(UTF_16LE))).hasMessageContaining("UTF-8");
        assertThatThrownBy(() -> read(body.getBytes(UTF_16BE))).hasMessageContaining("UTF-8");
        byte[] broken = body.getBytes(UTF_8);
        broken[body.indexOf("jane")] = (byte) 0xff;
        assertThatThrownBy(() -> read(broken))
                .hasMessageStartingWith("The body is not JSON: bytes are no UTF-8 at line 1");
    }

    /** One reader takes the first and another the last: what is judged has to be what is acted upon. */
    @Test
    void aKeyOfTheEnvelopeIsThereOnce() throws Exception {
        String good = pod().toString();
        String request = good.substring(good.indexOf("\"request\""), good.length() - 1);
        assertTwice(
                good.replace(request, request + "," + request),
                "which readers take which they like: remove one. Send an AdmissionReview of");
        assertTwice(good.replace(request, "\"request\":null," + request), "the key \"request\" twice");
        assertTwice(
                good.replaceFirst("\\{", "{\"kind\":\"AdmissionReview\","),
                "AdmissionReview has the key \"kind\" twice");
        assertTwice("{\"x\\u0061\":1,\"xa\":2," + good.substring(1), "AdmissionReview has the key \"xa\" twice");
        for (String field :
                List.of("uid", "namespace", "object", "oldObject", "userInfo", "dryRun", "requestKind", "zz")) {
            String twice = ("\"" + field + "\":null,").repeat(2);
            assertTwice(
                    good.replace("\"request\":{", "\"request\":{" + twice),
                    "request has the key \"" + field + "\" twice at line 1, column ");
        }
        assertTwice(
                pod().with("userInfo", "{\"username\":\"jane\",\"username\":\"joe\"}")
                        .toString(),
                "request.userInfo has the key \"username\" twice");
        assertTwice(
                pod().with("kind", "{\"group\":\"\",\"version\":\"v1\",\"kind\":\"Pod\",\"kind\":\"Node\"}")
                        .toString(),
                "request.kind has the key \"kind\" twice");
        assertTwice(
                pod().with("resource", "{\"resource\":\"pods\",\"resource\":\"nodes\"}")
                        .toString(),
                "request.resource has the key \"resource\" twice");
    }

    private void assertTwice(String body, String sentence) {
        assertThatThrownBy(() -> read(body))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining(sentence);
    }

    @Test
    void anObjectsOwnKeysAreTheApiServersAffair() throws Exception {
        assertThat(read(pod().with("object", "{\"spec\":{},\"spec\":{},\"x\":1,\"x\":2}")
                                .toString())
                        .uid())
                .isEqualTo(Reviews.UID);
    }
}
