package org.example.python;

import io.millwright.testkit.Samples;
import io.millwright.testkit.WorkerTypeConformance;
import io.millwright.testkit.junit.WorkerTypeConformanceTests;
import java.util.List;
import java.util.Map;

/** The type keeps what every worker type promises; the test kit knows what that is. */
class PythonWorkerTypeTest extends WorkerTypeConformanceTests {
    @Override
    protected WorkerTypeConformance conformance() {
        return WorkerTypeConformance.of(
                "python",
                new PythonWorkerType(),
                Samples.running(Map.of("script", "hello.py"))
                        .valid(
                                "all options",
                                Map.of("script", "a b.py", "arguments", List.of("-x", ""), "interpreter", "python3"))
                        .refused("no script", Map.of(), "script")
                        .refused("an option for a script", Map.of("script", "-c"), "script"));
    }
}
