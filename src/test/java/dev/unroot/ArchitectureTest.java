package dev.unroot;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;

/**
 * Holds the floors: a package imports only from the floors below it, never from a sibling.
 *
 * <pre>
 * 5  dev.unroot (root)
 * 4  configuration (over registry alone)
 * 3  registry   cluster   webhook   command
 * 2  review
 * 1  policy   manifest   certificate
 * 0  model
 * </pre>
 */
@AnalyzeClasses(packages = "dev.unroot", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String ROOT = "dev.unroot";
    private static final String MODEL = "dev.unroot.model..";
    private static final String POLICY = "dev.unroot.policy..";
    private static final String MANIFEST = "dev.unroot.manifest..";
    private static final String CERTIFICATE = "dev.unroot.certificate..";
    private static final String REVIEW = "dev.unroot.review..";
    private static final String REGISTRY = "dev.unroot.registry..";
    private static final String CLUSTER = "dev.unroot.cluster..";
    private static final String WEBHOOK = "dev.unroot.webhook..";
    private static final String COMMAND = "dev.unroot.command..";
    private static final String CONFIGURATION = "dev.unroot.configuration..";

    /** A new package has to be given a floor here first. Never vacuous: it fails when no class is found at all. */
    @ArchTest
    static final ArchRule everyPackageHasAFloor = classes()
            .should()
            .resideInAnyPackage(
                    ROOT,
                    MODEL,
                    POLICY,
                    MANIFEST,
                    CERTIFICATE,
                    REVIEW,
                    REGISTRY,
                    CLUSTER,
                    WEBHOOK,
                    COMMAND,
                    CONFIGURATION);

    @ArchTest
    static final ArchRule modelKnowsOnlyTheJdk = classes()
            .that()
            .resideInAPackage(MODEL)
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(MODEL, "java..", "org.jspecify..")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule policyImports = imports(POLICY, MODEL);

    @ArchTest
    static final ArchRule manifestImports = imports(MANIFEST, MODEL);

    @ArchTest
    static final ArchRule certificateImports = imports(CERTIFICATE);

    @ArchTest
    static final ArchRule reviewImports = imports(REVIEW, POLICY, MANIFEST, MODEL);

    @ArchTest
    static final ArchRule registryImports = imports(REGISTRY, REVIEW, CERTIFICATE, POLICY, MANIFEST, MODEL);

    @ArchTest
    static final ArchRule clusterImports = imports(CLUSTER, REVIEW, CERTIFICATE, POLICY, MANIFEST, MODEL);

    @ArchTest
    static final ArchRule webhookImports = imports(WEBHOOK, REVIEW, CERTIFICATE, POLICY, MANIFEST, MODEL);

    @ArchTest
    static final ArchRule commandImports = imports(COMMAND, REVIEW, POLICY, MANIFEST, MODEL);

    @ArchTest
    static final ArchRule configurationImports =
            imports(CONFIGURATION, REGISTRY, REVIEW, CERTIFICATE, POLICY, MANIFEST, MODEL);

    @ArchTest
    static final ArchRule lowFloorsKnowNeitherTheServerNorTheClusterClient = noClasses()
            .that()
            .resideInAnyPackage(MODEL, POLICY, MANIFEST, CERTIFICATE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.vertx..", "io.netty..", "io.fabric8..")
            .allowEmptyShould(true);

    /** A verdict depends on its arguments and nothing else: no files, no network, no threads, no clock. */
    @ArchTest
    static final ArchRule policyIsPure = noClasses()
            .that()
            .resideInAPackage(POLICY)
            .should()
            .dependOnClassesThat(inAnyPackage("java.io", "java.nio", "java.net", "java.util.concurrent", "java.sql")
                    .or(JavaClass.Predicates.belongToAnyOf(
                            System.class,
                            Thread.class,
                            Process.class,
                            ProcessBuilder.class,
                            Runtime.class,
                            java.time.Clock.class,
                            java.util.Random.class)))
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().assignedFrom(eachPackage()).should().beFreeOfCycles().allowEmptyShould(true);

    private static ArchRule imports(String importer, String... allowed) {
        DescribedPredicate<JavaClass> ours = JavaClass.Predicates.resideInAPackage("dev.unroot..");
        DescribedPredicate<JavaClass> permitted =
                JavaClass.Predicates.resideInAPackage(importer).or(JavaClass.Predicates.resideInAnyPackage(allowed));
        return noClasses()
                .that()
                .resideInAPackage(importer)
                .should()
                .dependOnClassesThat(ours.and(DescribedPredicate.not(permitted))
                        .as("are ours and outside %s and %s", importer, String.join(", ", allowed)))
                .allowEmptyShould(true);
    }

    private static DescribedPredicate<JavaClass> inAnyPackage(String... names) {
        String[] withSubpackages =
                java.util.Arrays.stream(names).map(name -> name + "..").toArray(String[]::new);
        return JavaClass.Predicates.resideInAnyPackage(withSubpackages);
    }

    /** Every package is a slice of its own, subpackages and the root included. */
    private static SliceAssignment eachPackage() {
        return new SliceAssignment() {
            @Override
            public SliceIdentifier getIdentifierOf(JavaClass javaClass) {
                return javaClass.getPackageName().startsWith(ROOT)
                        ? SliceIdentifier.of(javaClass.getPackageName())
                        : SliceIdentifier.ignore();
            }

            @Override
            public String getDescription() {
                return "each package";
            }
        };
    }
}
