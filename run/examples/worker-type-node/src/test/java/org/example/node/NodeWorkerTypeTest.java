package org.example.node;

import io.millwright.testkit.Samples;
import io.millwright.testkit.WorkerTypeConformance;
import io.millwright.testkit.junit.WorkerTypeConformanceTests;
import java.util.Map;

/** The type keeps what every worker type promises, and what a native one does beside it; the test kit knows what that is. */
class NodeWorkerTypeTest extends WorkerTypeConformanceTests {
    @Override
    protected WorkerTypeConformance conformance() {
        return WorkerTypeConformance.of(
                "node",
                new NodeWorkerType(),
                Samples.running(Map.of("script", "worker.js"))
                        .valid("all options", Map.of("script", "a b.js", "interpreter", "node"))
                        .refused("no script", Map.of(), "script")
                        .refused("an option for a script", Map.of("script", "-e"), "script"));
    }
}
