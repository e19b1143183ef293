package io.millwright.controller.internal.node;

import static io.millwright.controller.internal.node.TestNode.ME;
import static io.millwright.controller.internal.node.TestNode.get;
import static io.millwright.controller.internal.node.TestNode.id;
import static io.millwright.controller.internal.node.TestNode.script;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millwright.controller.api.NodeController.Scope;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.RestartOptions;
import io.millwright.controller.api.Signal;
import io.millwright.controller.api.StopOptions;
import io.millwright.controller.api.WorkerSelector;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.api.event.NodeTopics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Changed configurations of groups: of their number, their shape, and of what each instance is started as. */
@Tag("long")
class InstanceChangesTest extends InstancesFixture {
    @Test
    void anotherNumberTouchesNoOther() {
        group(2);
        List<Long> before = pids(2);
        group(4);
        assertThat(pids(2)).isEqualTo(before);
        before = pids(3);
        configure("web", sleeps("instances", 3));
        node.awaitState("web-4", WorkerState.EXITED);
        assertThat(pids(3)).isEqualTo(before);
        assertThat(node.info("web-4").group()).isNull();
        assertThat(node.info("web").reason()).isEqualTo("3 instances: 3 started");
    }

    /** The kind: a change that would end what works, for something that cannot be. */
    @ParameterizedTest
    @CsvSource({"0, 2", "2, 0", "3, 1"})
    void aWrongConfigurationOfAnotherShapeEndsNothing(int before, int after) {
        configure("web", before == 0 ? sleeps() : sleeps("instances", before));
        if (before == 0) {
            node.awaitState("web", WorkerState.STARTED);
        } else {
            awaitStarted(before);
        }
        String one = before == 0 ? "web" : "web-" + before;
        Long pid = node.info(one).pid();
        List<String> listed = listed(Scope.ALL);
        configure("web", after == 0 ? sleeps("stop.timout", "5s") : sleeps("instances", after, "stop.timout", "5s"));
        await().until(() -> String.valueOf(node.info(one).reason()).contains("refused"));
        assertThat(node.info(one).reason()).contains("stop.timout");
        assertThat(listed(Scope.ALL)).isEqualTo(listed);
        assertThat(node.info(one).pid()).isEqualTo(pid);
        configure("web", after == 0 ? sleeps() : sleeps("instances", after));
        String now = after == 0 ? "web" : "web-" + after;
        await().ignoreExceptionsInstanceOf(NodeException.class)
                .until(() -> node.info(now).status() == WorkerState.STARTED
                        && node.info(now).reason() == null);
    }

    /** The same kind: nothing that works ends while nobody can judge, or start, what is to come instead. */
    @ParameterizedTest
    @CsvSource({"0, 2", "2, 0", "3, 1"})
    void aChangeOfShapeWaitsForTheType(int before, int after) {
        configure("web", before == 0 ? sleeps() : sleeps("instances", before));
        String one = before == 0 ? "web" : "web-" + before;
        Long pid = node.awaitState(one, WorkerState.STARTED).pid();
        node.node.types().remove("guest", 1);
        await().until(() -> node.node.types().serving("guest").isEmpty());
        configure("web", after == 0 ? sleeps() : sleeps("instances", after));
        await().until(() -> String.valueOf(node.info(one).reason()).contains("waits for the worker type"));
        assertThat(node.info(one).pid()).isEqualTo(pid);
        node.node.types().add(TestNode.guest(2, new TestNode.Guest()));
        String now = after == 0 ? "web" : "web-" + after;
        await().ignoreExceptionsInstanceOf(NodeException.class)
                .until(() -> node.controller.listWorkers(Scope.LIVE).stream()
                                        .filter(info -> !info.isGroup())
                                        .count()
                                == Math.max(1, after)
                        && node.info(now).status() == WorkerState.STARTED
                        && node.info(now).reason() == null);
    }

    @Test
    void aChangeOfShapeIsTakenWhenWhatWasSparedEndsByItself() {
        configure("web", sleeps());
        node.awaitState("web", WorkerState.STARTED);
        node.node.types().remove("guest", 1);
        await().until(() -> node.node.types().serving("guest").isEmpty());
        configure("web", sleeps("instances", 2));
        await().until(() -> String.valueOf(node.info("web").reason()).contains("waits for the worker type"));
        get(node.controller.signalWorker(id("web"), Signal.KILL, ME));
        await().ignoreExceptionsInstanceOf(NodeException.class)
                .until(() -> node.info("web-2").status() == WorkerState.BACKOFF);
        node.node.types().add(TestNode.guest(2, new TestNode.Guest()));
        awaitStarted(2);
    }

    @Test
    void aWorkerBecomesAGroupAndBack() {
        configure("web", sleeps());
        node.awaitState("web", WorkerState.STARTED);
        configure("web", sleeps("instances", 2));
        awaitStarted(2);
        assertThat(listed(Scope.ALL)).containsExactly("web web started", "web-1 web started", "web-2 web started");
        configure("web", sleeps());
        // Between the two there is no worker of this id for a moment.
        await().ignoreExceptionsInstanceOf(NodeException.class)
                .until(() ->
                        node.info("web").group() == null && node.info("web").status() == WorkerState.STARTED);
        assertThat(listed(Scope.LIVE)).containsExactly("web null started");
    }

    /** The order of the ends and starts of the instances. */
    private List<String> steps(int from) {
        return node.controller.getEvents().stream()
                .skip(from)
                .map(event -> event.properties().get("worker.id") + " " + TestNode.step(event))
                .filter(step -> step.endsWith("EXITED") || step.endsWith("STARTED") || step.endsWith("FAILED"))
                .toList();
    }

    @ParameterizedTest
    @CsvSource({"restarted, 1", "changed, 1", "restarted, 2", "changed, 2"})
    void someRestartAtATime(String by, int atOnce) {
        group(4, "reload.at_once", atOnce);
        int from = node.controller.getEvents().size();
        List<Long> before = pids(4);
        if (by.equals("restarted")) {
            get(node.controller.restartWorkers(WorkerSelector.of("web"), RestartOptions.ALL_AT_ONCE, ME));
        } else {
            group(4, "reload.at_once", atOnce, "umask", "0027");
            await().until(() -> pids(4).stream().noneMatch(before::contains));
            awaitStarted(4);
        }
        assertThat(pids(4)).doesNotContainAnyElementsOf(before);
        int away = 0;
        List<String> first = new ArrayList<>();
        for (String step : steps(from)) {
            away += step.endsWith("EXITED") ? 1 : -1;
            first.add(step.substring(0, 5));
            assertThat(away).as("%s", step).isBetween(0, atOnce);
        }
        assertThat(first.get(0)).isIn("web-1", "web-2");
        assertThat(first).hasSize(8);
    }

    @Test
    void theFirstFailureEndsAChange() {
        group(3);
        List<Long> before = pids(3);
        configure("web", script("exit 3", "instances", 3, "ready.log", "never"));
        node.awaitState("web-1", WorkerState.FAILED);
        await().until(() -> String.valueOf(node.info("web-3").reason()).contains("held back"));
        assertThat(node.info("web-2").reason())
                .isEqualTo("its changed configuration is held back, because web-1 could not be restarted with it");
        assertThat(List.of(pid("web-2"), pid("web-3"))).isEqualTo(before.subList(1, 3));
        assertThat(node.controller.doctor())
                .filteredOn(finding -> finding.subject().equals("group web"))
                .singleElement()
                .asString()
                .contains("is half changed: of web-2, web-3 its changed configuration is held back, because web-1");
        assertThat(rolloutsStopped())
                .containsExactly("web: web-1 could not be restarted; left as before: web-2, web-3");

        // By hand it is tried again, and ends as before.
        assertThatThrownBy(() -> get(node.controller.restartWorker(id("web"), ME)))
                .isInstanceOf(NodeException.class)
                .hasMessageContaining("2 of 2 instances of 'web' were not restarted")
                .hasMessageContaining("web-2");
        assertThat(pid("web-3")).isEqualTo(before.get(2));
        assertThat(rolloutsStopped())
                .hasSize(2)
                .last()
                .isEqualTo("web: web-2 could not be restarted; left as before: web-3");

        // A correction is tried with the one that failed first.
        configure("web", sleeps("instances", 3, "umask", "0027"));
        awaitStarted(3);
        await().until(() -> pid("web-3") != before.get(2) && node.info("web-3").reason() == null);
        awaitStarted(3);
        assertThat(node.controller.doctor().toString()).doesNotContain("half changed");
    }

    /** Kind: an instance that an older version has taken down counts for the newer version too: reload.at_once holds for both together. */
    @Test
    void aChangeInPlaceDuringARolloutTakesDownNoSecondOne() throws IOException {
        Path go = temp.resolve("go");
        configure("web", script("echo ready; exec sleep 60", "ready.log", "ready", "instances", 3));
        awaitStarted(3);
        List<Long> before = pids(3);
        Map<String, Object> slow = script(
                "until [ -e " + go + " ]; do sleep 0.02; done; echo ready; exec sleep 60",
                "ready.log",
                "ready",
                "instances",
                3);
        configure("web", slow);
        node.awaitState("web-1", WorkerState.STARTING);
        Map<String, Object> inPlace = new HashMap<>(slow);
        inPlace.put("log.ring", 7);
        configure("web", inPlace);
        await().until(() -> node.info("web-1").options().toString().contains("log.ring=7"));
        await().until(() -> String.valueOf(node.info("web-3").reason()).contains("waits for its turn"));
        assertThat(pids(3).subList(1, 3)).isEqualTo(before.subList(1, 3));
        Files.createFile(go);
        await().until(() -> pids(3).stream().noneMatch(before::contains));
        awaitStarted(3);
    }

    /** The configuration that enables them was there before the stop, though its turn comes after it. */
    @Test
    void whatIsStoppedBeforeTheTurnOfAConfigurationThatEnablesItRests() throws IOException {
        Path go = Files.createFile(temp.resolve("go"));
        Map<String, Object> slow = script(
                "until [ -e " + go + " ]; do sleep 0.02; done; echo ready; exec sleep 60",
                "ready.log",
                "ready",
                "instances",
                2,
                "disabled",
                true);
        configure("web", slow);
        await().ignoreExceptionsInstanceOf(NodeException.class)
                .until(() -> String.valueOf(node.info("web-2").reason()).contains("disabled"));
        for (int i = 1; i <= 2; i++) {
            get(node.controller.restartWorker(id("web-" + i), ME));
        }
        awaitStarted(2);
        Files.delete(go);
        Map<String, Object> enabled = new HashMap<>(slow);
        enabled.remove("disabled");
        enabled.put("env.vars", Map.of("CHANGED", "yes"));
        configure("web", enabled);
        await().until(() -> node.controller.listWorkers(Scope.LIVE).toString().contains("waits for its turn"));
        String waiting = String.valueOf(node.info("web-1").reason()).contains("waits for its turn") ? "web-1" : "web-2";
        node.stop(waiting);
        Files.createFile(go);
        node.awaitState(waiting.equals("web-1") ? "web-2" : "web-1", WorkerState.STARTED);
        await().until(() -> node.info(waiting).options().toString().contains("CHANGED"));
        assertThat(node.info(waiting).status().isLive()).isFalse();
    }

    /** Kind: a change in place on top of one that is held back takes neither. */
    @ParameterizedTest
    @CsvSource({"never", "on-failure"})
    void aChangeInPlaceLeavesHeldBackWhatIsHeldBack(String policy) {
        group(3);
        List<Long> before = pids(3);
        Map<String, Object> bad = script(
                "exit 3", "instances", 3, "ready.log", "never", "restart.policy", policy, "restart.delay", "20s");
        configure("web", bad);
        await().until(() -> String.valueOf(node.info("web-3").reason()).contains("held back"));
        Map<String, Object> more = new HashMap<>(bad);
        more.put("stop.timeout", "7s");
        configure("web", more);
        await().until(() ->
                "7s".equals(String.valueOf(node.info("web-1").options().get("stop.timeout"))));
        for (String other : List.of("web-2", "web-3")) {
            await().until(() -> String.valueOf(node.info(other).reason()).contains("held back"));
        }
        assertThat(List.of(pid("web-2"), pid("web-3"))).isEqualTo(before.subList(1, 3));
    }

    private List<String> rolloutsStopped() {
        return node.controller.getEvents().stream()
                .filter(event -> event.topic().equals(NodeTopics.WORKER_ROLLOUT_STOPPED))
                .map(event -> event.properties().get("worker.id") + ": "
                        + event.properties().get("reason"))
                .toList();
    }

    @Test
    void anInstanceThatIsStoppedMeanwhileHoldsNobodyBack() {
        group(3);
        get(node.controller.stopWorker(id("web-2"), StopOptions.GRACEFUL, ME));
        List<Long> before = pids(3);
        configure("web", sleeps("instances", 3, "umask", "0027"));
        await().until(() -> pid("web-1") != before.get(0) && pid("web-3") != before.get(2));
        node.awaitState("web-3", WorkerState.STARTED);
        assertThat(node.info("web-2").status()).isEqualTo(WorkerState.INACTIVE);
        get(node.controller.startWorkers(WorkerSelector.of("web"), ME));
        awaitStarted(3);
    }
}
