package io.millwright.controller.internal.node;

import static io.millwright.controller.internal.node.TestNode.ME;
import static io.millwright.controller.internal.node.TestNode.get;
import static io.millwright.controller.internal.node.TestNode.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millwright.controller.api.NodeController.Scope;
import io.millwright.controller.api.ScaleOptions;
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
        var start = node.controller.startWorkers(WorkerSelector.of("web"), ME);
        node.awaitState("web-1", WorkerState.STARTING);
        node.awaitState("web-2", WorkerState.STARTING);
        // The files of the first runs do not count.
        touch(node.directory.resolve("ready-1"));
        touch(ready);
        get(start);
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

    /** Kind: what others need has another shape while they end before it. */
    @Test
    void aWorkerThatOthersRequireBecomesAGroup() {
        configure("web", sleeps());
        configure("client", sleeps("requires", List.of("web")));
        node.awaitState("client", WorkerState.STARTED);
        configure("web", sleeps("instances", 2));
        awaitStarted(2);
        node.awaitState("client", WorkerState.STARTED);
    }

    @Test
    void anInstanceIsTooManyThatWaitsForTheEndOfWhatRequiresTheGroup() throws IOException {
        Path go = node.directory.resolve("go");
        configure("web", sleeps("instances", 2));
        awaitStarted(2);
        configure(
                "client",
                TestNode.script(
                        "trap 'until [ -e " + go
                                + " ]; do sleep 0.02; done; exit 0' TERM; echo up; while :; do sleep 0.02; done",
                        "requires",
                        List.of("web"),
                        "ready.log",
                        "up"));
        node.awaitState("client", WorkerState.STARTED);
        var stop = node.controller.stopWorker(id("web"), StopOptions.GRACEFUL, ME);
        await().until(() -> String.valueOf(node.info("web-2").reason()).contains("ends after"));
        var scaled = node.controller.scaleWorker(id("web"), ScaleOptions.of(1), ME);
        touch(go);
        get(stop);
        get(scaled);
        await().until(() -> !node.info("web-2").status().isLive());
    }

    @Test
    void whatWaitsForAnInstanceGoesOnWhenThatIsTooMany() {
        Path ready = node.directory.resolve("ready-1");
        configure("web", sleeps("instances", 2, "ready.file", node.directory + "/ready-%i", "start.timeout", "60s"));
        configure("client", sleeps("requires", List.of("web")));
        touch(ready);
        node.awaitState("web-1", WorkerState.STARTED);
        await().until(() -> String.valueOf(node.info("client").reason()).contains("web-2"));
        get(node.controller.scaleWorker(id("web"), ScaleOptions.of(1), ME));
        node.awaitState("client", WorkerState.STARTED);
    }

    /** To wait is not to fail: each instance is as the configuration asks. */
    @Test
    void aGroupThatWaitsForAnotherTakesAChangeAsAWhole() {
        configure("db", sleeps());
        configure("web", sleeps("instances", 3, "requires", List.of("db")));
        awaitStarted(3);
        get(node.controller.stopWorker(id("db"), StopOptions.GRACEFUL, ME));
        node.awaitState("web-3", WorkerState.BACKOFF);
        configure("web", sleeps("instances", 3, "requires", List.of("db"), "env.vars.A", "b"));
        await().until(() -> node.info("web-3").options().containsKey("env.vars.A"));
        get(node.controller.startWorkers(WorkerSelector.of("db"), ME));
        awaitStarted(3);
        for (int i = 1; i <= 3; i++) {
            assertThat(node.info("web-" + i).options()).containsKey("env.vars.A");
            assertThat(node.info("web-" + i).why()).isEmpty();
        }
    }

    private static void touch(Path file) {
        try {
            Files.writeString(file, "");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
