package io.millwright.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.millwright.controller.api.worker.LaunchPlan;
import io.millwright.controller.api.worker.PlanRequest;
import io.millwright.testkit.junit.WorkerTypeConformanceTests;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** The kit's checks as JUnit tests: failed ones fail with their sentences, skipped ones are aborted. */
class JUnitHelperTest {
    /** Not found by Surefire, for its name is not that of a test. */
    static final class Subject extends WorkerTypeConformanceTests {
        @Override
        protected WorkerTypeConformance conformance() {
            return WorkerTypeConformance.of(
                    "sleeper",
                    new Sleeper() {
                        @Override
                        public LaunchPlan plan(PlanRequest request) {
                            return super.plan(request).withVariable("T", "" + System.nanoTime());
                        }
                    },
                    Samples.running(Map.of("label", "a")));
        }
    }

    @Test
    void eachCheckIsATest() {
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectClass(Subject.class))
                .build();
        LauncherFactory.create().execute(request, listener);
        TestExecutionSummary summary = listener.getSummary();
        assertThat(summary.getTestsFoundCount())
                .isEqualTo(Sleeper.kit(new Sleeper()).checks().size());
        assertThat(summary.getTestsAbortedCount()).isEqualTo(1);
        assertThat(summary.getFailures())
                .extracting(failure -> failure.getTestIdentifier().getDisplayName())
                .containsExactly("the same request gives an equal plan", "several threads can plan at once");
        assertThat(summary.getFailures().get(0).getException()).hasMessageContaining("in their environments");
    }
}
