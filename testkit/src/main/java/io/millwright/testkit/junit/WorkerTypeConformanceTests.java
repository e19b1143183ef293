package io.millwright.testkit.junit;

import io.millwright.testkit.Check;
import io.millwright.testkit.CheckResult;
import io.millwright.testkit.LiveNode;
import io.millwright.testkit.WorkerTypeConformance;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The conformance kit as a JUnit 5 test class: extend it, and each check is a test. Used by JUnit, one instance a run. */
public abstract class WorkerTypeConformanceTests {
    /** For subclasses. */
    protected WorkerTypeConformanceTests() {}

    /**
     * The kit for the type under test.
     *
     * @return asked once a run
     */
    protected abstract WorkerTypeConformance conformance();

    /**
     * A node to drive the type on.
     *
     * @return {@code null}, unless overridden, to leave the live checks out
     */
    protected @Nullable LiveNode node() {
        return null;
    }

    /**
     * The tests.
     *
     * @return one for each check, to be run in order
     */
    @TestFactory
    Stream<DynamicTest> conforms() {
        WorkerTypeConformance kit = conformance();
        LiveNode node = node();
        List<Check> live = node == null ? List.of() : kit.liveChecks(node);
        return Stream.concat(kit.checks().stream(), live.stream()).map(WorkerTypeConformanceTests::test);
    }

    /**
     * A check as a test.
     *
     * @param check the check
     * @return fails with its sentences
     */
    public static DynamicTest test(Check check) {
        return DynamicTest.dynamicTest(check.name(), () -> {
            CheckResult result = check.run();
            Assumptions.assumeTrue(result.skipped() == null, result.skipped());
            if (!result.passed()) {
                Assertions.fail(String.join(System.lineSeparator(), result.failures()));
            }
        });
    }
}
