package io.millwright.controller.internal.node;

import static io.millwright.controller.internal.node.TestNode.ME;
import static io.millwright.controller.internal.node.TestNode.get;
import static io.millwright.controller.internal.node.TestNode.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millwright.controller.api.NodeController.Scope;
import io.millwright.controller.api.StopOptions;
import io.millwright.controller.api.WorkerSelector;
import io.millwright.controller.api.WorkerState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Groups that others require, and that require others. */
class InstanceDependenciesTest extends InstancesFixture {
    @Test
    void whatRequiresAGroupNeedsAllOfIt() {
        configure("client", sleeps("requires", List.of("web")));
        await().until(() -> node.controller.listWorkers(Scope.ALL).stream()
                .anyMatch(info -> String.valueOf(info.reason()).contains("web")));
        Path ready = node.directory.resolve("ready-2");
        configure("web", sleeps("instances", 2, "ready.file", node.directory + "/ready-%i", "start.timeout", "60s"));
        node.awaitState("web-1", WorkerState.STARTING);
        await().until(() -> String.valueOf(node.info("client").reason()).contains("web-"));
        touch(node.directory.resolve("ready-1"));
        node.awaitState("web-1", WorkerState.STARTED);
        assertThat(node.info("client").status()).isEqualTo(WorkerState.BACKOFF);
        touch(ready);
        node.awaitState("client", WorkerState.STARTED);

        // A stop of the group stops what requires it before, and its start brings that back.
        get(node.controller.stopWorker(id("web"), StopOptions.GRACEFUL, ME));
        node.awaitState("client", WorkerState.BACKOFF);
        get(node.controller.startWorkers(WorkerSelector.of("web"), ME));
        awaitStarted(2);
        node.awaitState("client", WorkerState.STARTED);
    }

    @Test
    void aCircleThroughAGroupIsRefused() {
        configure("db", sleeps("requires", List.of("web")));
        // The one that is read last closes it.
        await().until(() -> node.controller.listWorkers(Scope.ALL).stream()
                .anyMatch(info -> String.valueOf(info.reason()).contains("web")));
        configure("web", sleeps("instances", 2, "requires", List.of("db")));
        await().until(() -> String.valueOf(node.info("web-1").reason()).contains("closes a circle"));
    }

    private static void touch(Path file) {
        try {
            Files.writeString(file, "");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
