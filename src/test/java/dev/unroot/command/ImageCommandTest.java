package dev.unroot.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.unroot.model.Account;
import dev.unroot.model.Confidence;
import dev.unroot.model.ContainerRuntime;
import dev.unroot.model.ImageFacts;
import dev.unroot.model.ImageUser;
import dev.unroot.model.PlatformUser;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ImageCommandTest {
    private static final ImageUser ROOT = new ImageUser.Unset("", 0L);
    private static final ImageUser NUMERIC = new ImageUser.Numeric("1000", 1000L, 1000L);
    private static final ImageUser NAMED = new ImageUser.Named("app", new Account.Row(1000, 1001, true));
    private static final ImageUser LOST = new ImageUser.Named("ghost", new Account.Missing());
    private static final ImageUser UNTOLD =
            new ImageUser.Named("app", new Account.Undeterminable("but its /etc/passwd is a link"));

    private final FakeServices services = new FakeServices()
            .image("root:1", ROOT, ROOT)
            .image("numeric:1", NUMERIC, NUMERIC)
            .image("named:1", NAMED, NAMED)
            .image("mixed:1", NAMED, ROOT)
            .image("uids:1", NUMERIC, new ImageUser.Numeric("2000", 2000L, 0L))
            .image("lost:1", LOST)
            .image("untold:1", UNTOLD)
            .image("windows:1", new ImageUser.Windows("ContainerUser"))
            .facts(
                    "partial:1",
                    new ImageFacts.Known(
                            FakeServices.DIGEST,
                            Confidence.TAG,
                            List.of(new PlatformUser(FakeServices.AMD64, NUMERIC)),
                            List.of(FakeServices.ARM64)));

    private static final String[] ALL = {
        "root:1", "numeric:1", "named:1", "mixed:1", "uids:1", "lost:1", "untold:1", "windows:1", "partial:1", "gone:1"
    };

    private Run image(String... arguments) {
        String[] all = new String[arguments.length + 1];
        all[0] = "image";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return Run.of(services, all);
    }

    @Test
    void onWindowsANameIsAdvisedAndNoUid() throws IOException {
        ImageUser administrator = new ImageUser.Windows("NT AUTHORITY\\SYSTEM");
        String advice =
                "ebuild it with USER ContainerUser, or set securityContext.windowsOptions.runAsUserName: ContainerUser.\n";

        Run windows = Run.of(new FakeServices().image("windows:1", administrator), "image", "windows:1");
        assertThat(windows.out()).endsWith("  → R" + advice);
        assertThat(windows.status()).isEqualTo(1);
        assertThat(Run.of(new FakeServices().image("both:1", ROOT, administrator), "image", "both:1")
                        .out())
                .endsWith(
                        "  → Rebuild it with a numeric USER, or set securityContext.runAsUser to a uid it works with; for"
                                + " Windows, r" + advice);
    }

    @Test
    void amongFilesEveryImageIsToldWhereNoneIsNamed() throws IOException {
        FakeServices one = new FakeServices().image("root:1", ROOT);
        assertThat(Run.of(one, "image", "--images", "layout").out()).startsWith("docker.io/library/root:1  ");

        Run none = Run.of(new FakeServices(), "image", "--images", "layout");
        assertThat(none.status()).isEqualTo(2);
        assertThat(none.err()).isEqualTo("unroot: --images layout holds no image\n");
    }

    @Test
    void ofARegistryAnImageHasToBeNamed() throws IOException {
        Run run = image();
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err())
                .startsWith(
                        "unroot image: Missing required parameter: 'REFERENCE'; only with --images it may be left out\n");
        assertThat(image("@" + FakeServices.DIGEST).status()).isEqualTo(2);
    }

    @Test
    void amongFilesADigestAloneIsAReference() throws IOException {
        FakeServices unnamed = new FakeServices().image("@" + FakeServices.DIGEST, NUMERIC);
        Run run = Run.of(unnamed, "image", "--images", "layout", "@" + FakeServices.DIGEST);
        assertThat(run.out()).startsWith("@" + FakeServices.DIGEST);
        assertThat(run.status()).isZero();

        Run wrong = Run.of(unnamed, "image", "--images", "layout", "@sha256:12");
        assertThat(wrong.status()).isEqualTo(2);
        assertThat(wrong.err()).contains("\"@sha256:12\" is not an image reference: write @sha256: with 64 hex digits");
    }

    @Test
    void printsATablePerImage() throws IOException {
        Run run = image(ALL);
        run.printed("image.txt", "no directory");
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).as("nothing is told twice").isEmpty();
    }

    @Test
    void printsAReportForPrograms() throws IOException {
        String[] arguments = java.util.Arrays.copyOf(ALL, ALL.length + 1);
        arguments[ALL.length] = "--output=json";
        Run run = image(arguments);
        run.printed("image.json", "no directory");
        assertThat(run.err())
                .isEqualTo("docker.io/library/gone:1 could not be verified: "
                        + "registry docker.io has no image docker.io/library/gone:1\n");
    }

    @Test
    void onlyRootAndUnverifiedAreNotFine() {
        assertThat(image("numeric:1", "named:1", "uids:1", "lost:1", "windows:1")
                        .status())
                .isZero();
        assertThat(image("root:1").status()).isEqualTo(1);
        assertThat(image("mixed:1").status()).isEqualTo(1);
        assertThat(image("untold:1").status()).isEqualTo(1);
        assertThat(image("partial:1").status()).isEqualTo(1);
        assertThat(image("gone:1", "numeric:1").status()).isEqualTo(1);
    }

    @Test
    void aReferenceThatIsNoneIsWrongUsageAndTheRestIsRead() throws IOException {
        Run run = image("No/Image", "numeric:1", "--output", "json");
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).startsWith("unroot: \"No/Image\" is not an image reference: ");
        assertThat(run.json().at("/images/0/verdict").textValue()).isEqualTo("unverified");
        assertThat(run.json().at("/images/0/cause").textValue()).isEqualTo("invalidReference");
        assertThat(run.json().at("/images/1/platforms/0/uid").intValue()).isEqualTo(1000);
    }

    @Test
    void whereRuntimesStartDifferentUsersEachIsTold() throws IOException {
        services.facts(
                "both:1",
                new ImageFacts.Known(
                        FakeServices.DIGEST,
                        Confidence.TAG,
                        List.of(
                                new PlatformUser(
                                        FakeServices.AMD64,
                                        NUMERIC,
                                        List.of(
                                                ContainerRuntime.CONTAINERD_1,
                                                ContainerRuntime.CONTAINERD_2_0,
                                                ContainerRuntime.CONTAINERD_2_3)),
                                new PlatformUser(FakeServices.AMD64, ROOT, List.of(ContainerRuntime.CRI_O))),
                        List.of()));

        assertThat(image("both:1").out())
                .contains("\n  linux/amd64 under containerd        1000 ")
                .contains("\n  linux/amd64 under CRI-O and podman  ")
                .contains("(linux/amd64 under CRI-O and podman)\n");
        JsonNode platforms = image("both:1", "--output", "json").json().at("/images/0/platforms");
        assertThat(platforms.at("/0/platform").textValue()).isEqualTo("linux/amd64");
        assertThat(platforms.at("/0/runtimes").toString())
                .isEqualTo("[\"containerd-1\",\"containerd-2.0\",\"containerd-2.3\"]");
        assertThat(platforms.at("/1/runtimes").toString()).isEqualTo("[\"cri-o\"]");
        assertThat(image("both:1").status()).isEqualTo(1);
    }

    @Test
    void theCauseOfWhatIsUnverifiedIsInTheJson() throws IOException {
        JsonNode report = image("gone:1", "partial:1", "untold:1", "numeric:1", "--output", "json")
                .json();
        assertThat(report.at("/images/0/cause").textValue()).isEqualTo("notFound");
        assertThat(report.at("/images/1/platforms").findValuesAsText("cause")).containsExactly("platformMissing");
        assertThat(report.at("/images/2/platforms/0/cause").textValue()).isEqualTo("undeterminable");
        assertThat(report.at("/images/3").findValue("cause")).isNull();
    }

    @Test
    void optionsArriveWhereTheyAreNeeded() {
        image("numeric:1", "--platform", "linux/arm64", "--platform=linux/arm/v7", "--images", "layout");
        assertThat(services.inspected).isEqualTo(Path.of("layout"));
        assertThat(services.platforms).extracting(Object::toString).containsExactly("linux/arm64", "linux/arm/v7");
        assertThat(services.closed).isEqualTo(1);
        image("numeric:1");
        assertThat(services.platforms).isEmpty();
    }

    @Test
    void wrongUsageIsToldInALine() {
        assertThat(image().err()).startsWith("unroot image: Missing required parameter: 'REFERENCE'");
        assertThat(image("x", "--platform", "arm64").err())
                .startsWith(
                        "unroot image: Invalid value for option '--platform' (OS/ARCH): \"arm64\" is not a platform: write"
                                + " os/architecture");
        assertThat(image("x", "--platform", "linux/amd46").err())
                .contains("\"linux/amd46\" is no platform of a Kubernetes node: did you mean linux/amd64?");
        services.refusal = new UsageException("layout: holds no index.json");
        Run refused = image("x");
        assertThat(refused.status()).isEqualTo(2);
        assertThat(refused.err()).isEqualTo("unroot: layout: holds no index.json\n");
    }

    @Test
    void aFaultOfOurOwnHidesNoOtherImage() {
        services.fault = new IllegalStateException("oh");
        Run run = image("numeric:1");
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).isEqualTo("unroot: internal fault: java.lang.IllegalStateException: oh\n");
        assertThat(image("numeric:1", "--verbose").err()).contains("\tat dev.unroot");
    }
}
