package dev.unroot;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ImportOption.OnlyIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import org.junit.platform.commons.annotation.Testable;

/** The build runs {@code *Test} and {@code *IT}: a test in a class of another name would silently never run. */
@AnalyzeClasses(packages = "dev.unroot", importOptions = OnlyIncludeTests.class)
class TestNamesTest {

    @ArchTest
    static final ArchRule testsAreNamedSoThatTheyRun = methods()
            .that()
            .areMetaAnnotatedWith(Testable.class)
            .should(new ArchCondition<>("be in a class whose name ends in Test or IT") {
                @Override
                public void check(JavaMethod method, ConditionEvents events) {
                    JavaClass owner = method.getOwner();
                    while (owner.getEnclosingClass().isPresent()) {
                        owner = owner.getEnclosingClass().get();
                    }
                    String name = owner.getSimpleName();
                    boolean runs = name.endsWith("Test") || name.endsWith("IT");
                    events.add(new SimpleConditionEvent(method, runs, method.getFullName() + " never runs"));
                }
            });
}
