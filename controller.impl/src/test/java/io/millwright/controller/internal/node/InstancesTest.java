package io.millwright.controller.internal.node;

import static io.millwright.controller.internal.node.TestNode.ME;
import static io.millwright.controller.internal.node.TestNode.get;
import static io.millwright.controller.internal.node.TestNode.id;
import static io.millwright.controller.internal.node.TestNode.script;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millwright.controller.api.HistoryQuery;
import io.millwright.controller.api.NodeController.CheckDepth;
import io.millwright.controller.api.NodeController.Scope;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.Outcome;
import io.millwright.controller.api.Problem;
import io.millwright.controller.api.RestartOptions;
import io.millwright.controller.api.ScaleOptions;
import io.millwright.controller.api.Signal;
import io.millwright.controller.api.StopOptions;
import io.millwright.controller.api.WorkerInfo;
import io.millwright.controller.api.WorkerSelector;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.api.event.NodeTopics;
import io.millwright.controller.internal.configured.Configured;
import io.millwright.controller.internal.configured.WorkerStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Workers with {@code instances}: each is a worker of its own, and all together answer to the id of their group. */
class InstancesTest {
    private static final String GUEST = "io.millwright.worker.guest";

    @TempDir
    Path temp;

    private TestNode node;
    private final Map<String, String> refused = new ConcurrentHashMap<>();

    @BeforeEach
    void open() throws IOException {
        node = new TestNode(temp.resolve("node"));
        node.node.onRefusal((configured, why) -> {
            if (why == null) {
                refused.remove(configured.pid());
            } else {
                refused.put(configured.pid(), configured.source() + ": " + why);
            }
        });
    }

    @AfterEach
    void close() {
        node.close();
    }

    private static Map<String, Object> sleeps(Object... keysAndValues) {
        return script("echo number %i; exec sleep 60", keysAndValues);
    }

    private static Configured configured(String worker, Map<String, Object> options) {
        return new Configured(GUEST + "~" + worker, "node.json", WorkerSpec.of(id(worker), "guest", options));
    }

    private void configure(String worker, Map<String, Object> options) {
        node.node.configure(configured(worker, options));
    }

    /** A group of as many, started. */
    private void group(int count, Object... keysAndValues) {
        Map<String, Object> options = sleeps(keysAndValues);
        options.put("instances", count);
        configure("web", options);
        awaitStarted(count);
    }

    private void awaitStarted(int count) {
        for (int i = 1; i <= count; i++) {
            node.awaitState("web-" + i, WorkerState.STARTED);
        }
    }

    private List<String> listed(Scope scope) {
        return node.controller.listWorkers(scope).stream()
                .map(info ->
                        info.id() + " " + info.group() + " " + info.status().text())
                .toList();
    }

    private long pid(String worker) {
        Long pid = node.info(worker).pid();
        return pid == null ? 0 : pid;
    }

    private List<Long> pids(int count) {
        return Stream.iterate(1, i -> i <= count, i -> i + 1)
                .map(i -> pid("web-" + i))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"configured", "called", "saved"})
    void isAsManyWorkersAndARowOfTheirGroup(String road) {
        Map<String, Object> options = sleeps("instances", "3");
        if (road.equals("configured")) {
            configure("web", options);
        } else {
            WorkerSpec spec = WorkerSpec.of(id("web"), "guest", options);
            keepStore();
            assertThat(get(road.equals("saved")
                                    ? node.controller.saveWorker(spec, ME)
                                    : node.controller.startWorker(spec, ME))
                            .id())
                    .isEqualTo(id("web"));
        }
        awaitStarted(3);

        assertThat(listed(Scope.LIVE))
                .containsExactly("web web started", "web-1 web started", "web-2 web started", "web-3 web started");
        assertThat(node.controller.getWorkers(List.of())).containsExactly(id("web-1"), id("web-2"), id("web-3"));
        WorkerInfo group = node.info("web");
        assertThat(group.isGroup()).isTrue();
        assertThat(group.reason()).isEqualTo("3 instances: 3 started");
        assertThat(group.options()).containsEntry("instances", 3);
        assertThat(node.info("web-2").options()).doesNotContainKey("instances");
        assertThat(node.controller.getStatus().runningWorkers()).isEqualTo(3);
        node.awaitLog("web-2", "number 2");
        node.awaitLog("web", "number 3");
        assertThat(get(node.controller.stopWorker(id("web"), StopOptions.GRACEFUL, ME))
                        .id())
                .isEqualTo(id("web"));
        assertThat(node.controller.getWorkers(List.of())).isEmpty();
        assertThat(node.controller
                        .getHistory(HistoryQuery.ALL.withWorker(id("web")))
                        .runs())
                .extracting(run -> run.id().value())
                .containsExactlyInAnyOrder("web-1", "web-2", "web-3");
        assertThat(get(node.controller.startWorkers(WorkerSelector.of("web"), ME)))
                .extracting(Outcome::id)
                .containsExactly(id("web-1"), id("web-2"), id("web-3"));
        assertThat(node.controller.getWorkers(List.of())).hasSize(3);
    }

    private void keepStore() {
        node.node.setStore(new WorkerStore() {
            @Override
            public void create(WorkerSpec spec) {
                String pid = GUEST + "~" + spec.id();
                node.node.configure(new Configured(pid, "config:" + pid, spec));
            }

            @Override
            public void delete(String pid) {
                node.node.unconfigure(pid);
            }
        });
    }

    @Test
    void oneInstanceIsAGroupToo() {
        group(1);
        assertThat(listed(Scope.ALL)).containsExactly("web web started", "web-1 web started");
    }

    @Test
    void eachCommandTakesTheGroup() {
        group(2, "restart", "always");
        List<Long> before = pids(2);
        get(node.controller.signalWorker(id("web"), Signal.of("TERM"), ME));
        await().until(() -> pids(2).stream().noneMatch(pid -> pid == 0 || before.contains(pid)));
        awaitStarted(2);
        assertThat(node.info("web").restarts()).isEqualTo(2);

        get(node.controller.stopWorker(id("web"), StopOptions.KILL, ME));
        assertThat(get(node.controller.awaitExit(id("web"))).signal()).isEqualTo("KILL");
        assertThat(listed(Scope.ALL)).containsExactly("web web inactive", "web-1 web inactive", "web-2 web inactive");
        assertThat(get(node.controller.restartWorker(id("web"), ME)).id()).isEqualTo(id("web"));
        awaitStarted(2);
        assertThat(get(node.controller.stopWorkers(WorkerSelector.of("we?"), StopOptions.GRACEFUL, ME)))
                .hasSize(2);
        for (var refused : List.<org.assertj.core.api.ThrowableAssert.ThrowingCallable>of(
                () -> get(node.controller.writeInput(
                        id("web"), new byte[1], io.millwright.controller.api.NodeController.InputEnd.GOES_ON, ME)),
                () -> node.controller.follow(id("web"), 1, (entries, lost) -> {}),
                () -> get(node.controller.callWorker(id("web"), "x", Map.of(), ME)))) {
            assertThatThrownBy(refused).hasMessage("'web' is a group of 2 instances; name one of them, as web-1");
        }
    }

    /** The texts in which the number stands, and those that are as they are. */
    @Test
    void theNumberStandsWhereItMay() throws IOException {
        Files.createDirectories(node.directory.resolve("d2"));
        Files.createDirectories(node.directory.resolve("d1"));
        Map<String, Object> options = script(
                "echo $PORT $RATE $SECRET %d 100%% `pwd`; exec sleep 60",
                "workdir",
                "d%i",
                "env",
                Map.of("vars", Map.of("PORT", "800%i", "RATE", "5%%", "SECRET", Map.of("secret", "a%ib%%"))),
                "exit.success",
                List.of("%i".length()),
                "instances",
                2);
        configure("web", options);
        awaitStarted(2);
        node.awaitLog(
                "web-2", "8002 5% a%ib%% %d 100% " + node.directory.toRealPath().resolve("d2"));
        node.awaitLog(
                "web-1", "8001 5% a%ib%% %d 100% " + node.directory.toRealPath().resolve("d1"));
    }

    static Stream<Arguments> wrong() {
        return Stream.of(
                Arguments.of("web", 0, "instances"),
                Arguments.of("web", "many", "instances"),
                Arguments.of("web", 1001, "instances"),
                Arguments.of("w".repeat(62), 2, "too long"));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void aNumberThatIsWrongIsRefused(String worker, Object number, String word) {
        assertThatThrownBy(() -> node.start(worker, sleeps("instances", number)))
                .isInstanceOf(NodeException.class)
                .hasMessageContaining(word);
        assertThat(node.controller.listWorkers(Scope.ALL)).isEmpty();
        configure(worker, sleeps("instances", number));
        await().until(() -> !node.controller.listWorkers(Scope.ALL).isEmpty());
        assertThat(node.info(worker).reason()).contains("refused").contains(word);
        group(2);
        configure("web", sleeps("instances", number));
        if (worker.equals("web")) {
            await().until(() -> String.valueOf(node.info("web-2").reason()).contains("refused"));
            assertThat(node.info("web-2").status()).isEqualTo(WorkerState.STARTED);
        }
    }

    /** A group and a worker want one id: the one that was first has it, and both are named. */
    @ParameterizedTest
    @CsvSource({
        "web-2, 0, configured",
        "web, 0, configured",
        "web-2, 0, called",
        "web, 0, called",
        "web-2, 2, configured",
    })
    void aCollisionIsRefused(String other, int instances, String road) {
        Map<String, Object> options = sleeps();
        if (instances > 0) {
            options.put("instances", instances);
        }
        if (road.equals("configured")) {
            node.node.configure(new Configured(GUEST + ".7", "other.cfg", WorkerSpec.of(id(other), "guest", options)));
        } else {
            node.start(other, options);
        }
        node.awaitState(instances > 0 ? other + "-1" : other, WorkerState.STARTED);
        configure("web", sleeps("instances", 3));
        await().until(() -> refused.containsKey(GUEST + "~web"));
        assertThat(refused.get(GUEST + "~web"))
                .contains("node.json")
                .contains(other)
                .contains(road.equals("configured") ? "other.cfg" : "call");
        assertThatThrownBy(() -> node.start("web", sleeps("instances", 3))).isInstanceOf(NodeException.class);
        assertThat(node.controller.listWorkers(Scope.ALL)).noneMatch(info -> "web".equals(info.group()));

        if (road.equals("configured")) {
            node.node.unconfigure(GUEST + ".7");
        } else {
            node.stop(other);
        }
        awaitStarted(3);
        assertThat(refused).isEmpty();
    }

    /** The other way round. */
    @ParameterizedTest
    @CsvSource({"web-2, configured", "web, configured", "web-2, called", "web, called"})
    void aWorkerIsRefusedTheIdOfAGroup(String other, String road) {
        if (road.equals("configured")) {
            group(3);
        } else {
            node.start("web", sleeps("instances", 3));
        }
        assertThatThrownBy(() -> node.start(other, sleeps()))
                .isInstanceOf(NodeException.class)
                .hasMessageContaining(other);
        node.node.configure(new Configured(GUEST + ".7", "other.cfg", WorkerSpec.of(id(other), "guest", sleeps())));
        await().until(() -> refused.containsKey(GUEST + ".7"));
        assertThat(refused.get(GUEST + ".7"))
                .contains("other.cfg")
                .contains(other)
                .contains(road.equals("configured") ? "node.json" : "call");
        awaitStarted(3);

        if (road.equals("configured")) {
            node.node.unconfigure(GUEST + "~web");
        } else {
            get(node.controller.stopWorker(id("web"), StopOptions.GRACEFUL, ME));
        }
        node.awaitState(other, WorkerState.STARTED);
    }

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

    @Test
    void aDeletedGroupEnds() {
        group(2);
        node.node.unconfigure(GUEST + "~web");
        await().until(() -> node.controller.getWorkers(List.of()).isEmpty());
        node.awaitState("web", WorkerState.EXITED);
        get(node.controller.forgetWorker(id("web"), ME));
        assertThat(node.controller.listWorkers(Scope.ALL)).isEmpty();
        assertThatThrownBy(() -> node.info("web")).hasMessageContaining("there is no worker 'web'");
    }

    @Test
    void aSavedGroupIsDeletedByItsId() {
        keepStore();
        get(node.controller.saveWorker(WorkerSpec.of(id("web"), "guest", sleeps("instances", 2)), ME));
        assertThatThrownBy(() -> get(node.controller.deleteWorker(id("web-1"), ME)))
                .hasMessageContaining("is an instance of 'web'");
        get(node.controller.deleteWorker(id("web"), ME));
        assertThat(node.controller.getWorkers(List.of())).isEmpty();
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

    @Test
    void anOperatorsStopIsThatOfOneInstance() throws IOException {
        group(3);
        get(node.controller.stopWorker(id("web-2"), StopOptions.GRACEFUL, ME));
        node.close();
        open();
        configure("web", sleeps("instances", 3));
        node.awaitState("web-1", WorkerState.STARTED);
        node.awaitState("web-3", WorkerState.STARTED);
        await().until(() -> String.valueOf(node.info("web-2").reason()).contains("stopped by"));
        assertThat(node.info("web-2").status()).isEqualTo(WorkerState.INACTIVE);
    }

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

    @ParameterizedTest
    @ValueSource(strings = {"configured", "called"})
    void isScaledLive(String road) {
        if (road.equals("configured")) {
            group(2);
        } else {
            node.start("web", sleeps("instances", 2));
        }
        List<Long> before = pids(2);
        WorkerInfo scaled = get(node.controller.scaleWorker(id("web"), ScaleOptions.of(4), ME));
        assertThat(scaled.reason()).isEqualTo("4 instances: 4 started");
        assertThat(pids(2)).isEqualTo(before);
        node.awaitLog("web-4", "number 4");

        assertThat(get(node.controller.scaleWorker(id("web"), ScaleOptions.of(1), ME))
                        .reason())
                .isEqualTo("1 instance: 1 started");
        assertThat(node.controller.getWorkers(List.of())).containsExactly(id("web-1"));
        assertThat(pids(1)).isEqualTo(before.subList(0, 1));
        assertThat(get(node.controller.scaleWorker(id("web"), ScaleOptions.of(1), ME))
                        .reason())
                .isEqualTo("1 instance: 1 started");
    }

    @Test
    void aScaledNumberHoldsUntilTheConfigurationSaysAnother() {
        group(2);
        get(node.controller.scaleWorker(id("web"), ScaleOptions.of(3), ME));
        configure("web", sleeps("instances", 2, "umask", "0027"));
        await().until(() -> "0027".equals(node.info("web-3").options().get("umask")));
        awaitStarted(3);
        configure("web", sleeps("instances", 4, "umask", "0027"));
        awaitStarted(4);
        configure("web", sleeps("instances", 2, "umask", "0027"));
        node.awaitState("web-3", WorkerState.EXITED);
        node.awaitState("web-4", WorkerState.EXITED);
    }

    @Test
    void aScaleThatCannotBeChangesNothing() {
        group(1);
        node.start("web-3", sleeps());
        for (int count : List.of(0, 1001, 3)) {
            assertThatThrownBy(() -> get(node.controller.scaleWorker(id("web"), ScaleOptions.of(count), ME)))
                    .isInstanceOf(NodeException.class);
        }
        assertThatThrownBy(() -> get(node.controller.scaleWorker(id("web-3"), ScaleOptions.of(2), ME)))
                .hasMessageContaining("worker 'web-3' is no group");
        assertThatThrownBy(() -> get(node.controller.scaleWorker(id("wbe"), ScaleOptions.of(2), ME)))
                .hasMessageContaining("did you mean 'web'");
        assertThat(listed(Scope.LIVE)).contains("web web started", "web-1 web started", "web-3 null started");
        assertThat(node.info("web").reason()).isEqualTo("1 instance: 1 started");
    }

    @Test
    void aCheckLooksAtEveryInstance() throws IOException {
        for (String name : List.of("place-1", "place-3")) {
            Files.createDirectory(node.directory.resolve(name));
        }
        Map<String, Object> options = sleeps("instances", 4, "workdir", node.directory + "/place-%i");
        List<Problem> problems =
                get(node.controller.check(WorkerSpec.of(id("web"), "guest", options), CheckDepth.FULL));
        assertThat(problems).hasSize(2);
        assertThat(problems.get(0).message()).contains("place-2");
        assertThat(problems.get(1).message()).contains("place-4");
        options.put("umask", "999");
        assertThat(get(node.controller.check(WorkerSpec.of(id("web"), "guest", options), CheckDepth.DEFINITION)))
                .as("the same of all is said once")
                .hasSize(1);
    }

    @Test
    void commandsHaveTheNumberToo() throws IOException {
        Map<String, Object> options = sleeps(
                "instances",
                2,
                "exec.before",
                List.of("/bin/sh", "-c", "echo before-%i 100%% >before-%i"),
                "exec.after.command",
                List.of("/usr/bin/touch", "after-%i"),
                "stop.command",
                List.of("/bin/sh", "-c", "touch stop-%i; kill $MAINPID"));
        get(node.controller.startWorker(WorkerSpec.of(id("web"), "guest", options), ME));
        assertThat(Files.readString(node.directory.resolve("before-2"))).isEqualTo("before-2 100%\n");
        get(node.controller.stopWorker(id("web"), StopOptions.GRACEFUL, ME));
        for (String file : List.of("stop-1", "stop-2", "after-1", "after-2")) {
            assertThat(node.directory.resolve(file)).exists();
        }
    }
}
