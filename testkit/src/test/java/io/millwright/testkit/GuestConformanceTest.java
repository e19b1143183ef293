package io.millwright.testkit;

import io.millwright.testkit.junit.WorkerTypeConformanceTests;
import io.millwright.worker.guest.internal.GuestWorkerType;
import java.util.List;
import java.util.Map;

/** The type {@code guest} passes the kit; on a node it is driven by run/itest. */
class GuestConformanceTest extends WorkerTypeConformanceTests {
    @Override
    protected WorkerTypeConformance conformance() {
        return WorkerTypeConformance.of(
                "guest",
                new GuestWorkerType(),
                Samples.running(Map.of("executable", "/bin/sh", "arguments", List.of("-c", "exec sleep 3600")))
                        .valid("no arguments", Map.of("executable", "true"))
                        .refused("no executable", Map.of("arguments", List.of("-c")), "executable")
                        .refused("a number for a program", Map.of("executable", 7), "executable"));
    }
}
