package io.millwright.controller.internal.node;

import static io.millwright.controller.internal.node.TestNode.id;
import static io.millwright.controller.internal.node.TestNode.script;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millwright.controller.api.Finding;
import io.millwright.controller.api.NodeEvent;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.StartResult;
import io.millwright.controller.api.StopOptions;
import io.millwright.controller.api.StopResult;
import io.millwright.controller.api.WaitReason;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerInfo;
import io.millwright.controller.api.WorkerSelector;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.internal.configured.Configured;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The kind: workers that need one another. None is started before what it requires is ready, none is left without it by a stop, and
 * nobody waits for what will not come without being told so. Real processes; the order is seen in the events of the node.
 */
class DependenciesTest {
    private static final String RUNS = "exec sleep 600";

    @TempDir
    Path temp;

    private TestNode node;

    @BeforeEach
    void open() throws IOException {
        node = new TestNode(temp.resolve("n"));
    }

    @AfterEach
    void close() {
        node.close();
    }

    private void configure(String worker, Map<String, Object> options) {
        node.node.configure(
                new Configured("pid-" + worker, "config:" + worker, WorkerSpec.of(id(worker), "guest", options)));
    }

    /** A program that is ready when the test says so. */
    private Map<String, Object> gated(String worker, Object... more) {
        Object[] all = Arrays.copyOf(more, more.length + 2);
        all[more.length] = "ready.file";
        all[more.length + 1] = temp.resolve(worker).toString();
        return script(
                "until test -e " + temp.resolve(worker + ".go") + "; do sleep 0.02; done; touch " + temp.resolve(worker)
                        + "; exec sleep 600",
                all);
    }

    private void go(String worker) throws IOException {
        Files.createFile(temp.resolve(worker + ".go"));
    }

    private CompletableFuture<StartResult> begin(String worker, Map<String, Object> options) {
        return node.controller
                .startWorker(WorkerSpec.of(id(worker), "guest", options), TestNode.ME)
                .toCompletableFuture();
    }

    private void awaitWhy(String worker, String sentence) {
        await().until(() -> {
            try {
                return node.info(worker).why().toString().contains(sentence);
            } catch (NodeException notYet) {
                return false;
            }
        });
    }

    /** All events so far as {@code worker STEP}. */
    private List<String> story() {
        return node.controller.getEvents().stream()
                .filter(event -> event.properties().get("worker.id") != null)
                .map(DependenciesTest::line)
                .toList();
    }

    private static String line(NodeEvent event) {
        return event.properties().get("worker.id") + " " + TestNode.step(event);
    }

    @Test
    void aWorkerIsStartedWhenWhatItRequiresIsReady() throws IOException {
        configure("web", script(RUNS, "requires", List.of("db")));
        awaitWhy("web", "waits for db: is not configured");
        WorkerInfo waiting = node.info("web");
        assertThat(waiting.status()).isEqualTo(WorkerState.BACKOFF);
        assertThat(waiting.waiting().reason()).isEqualTo(WaitReason.DEPENDENCY);
        assertThat(waiting.waiting().what()).isEqualTo("db");
        assertThat(node.controller.doctor())
                .filteredOn(finding -> finding.workers().contains(id("web")))
                .extracting(Finding::what)
                .first()
                .asString()
                .contains("waits for db: is not configured");
        configure("db", gated("db"));
        awaitWhy("web", "waits for db: starting");
        go("db");
        node.awaitState("web", WorkerState.STARTED);
        assertThat(story()).containsSubsequence("db STARTED", "web STARTING", "web STARTED");
        assertThat(node.info("web").restarts()).isZero();
    }

    @Test
    void whatIsRequiredAndKnownAndDownIsStartedToo() throws IOException {
        configure("db", gated("db"));
        go("db");
        node.awaitState("db", WorkerState.STARTED);
        node.stop("db");
        configure("web", script(RUNS, "requires", List.of("db")));
        // A configuration does not overrule an operator's stop.
        awaitWhy("web", "waits for db: stopped by shell:test");
        node.stop("web");
        CompletableFuture<StartResult> answer = node.controller
                .startWorkers(WorkerSelector.of(List.of("web")), TestNode.ME)
                .toCompletableFuture()
                .thenApply(all -> all.get(0).result());
        assertThat(TestNode.get(answer).id()).isEqualTo(id("web"));
        assertThat(node.info("db").status()).isEqualTo(WorkerState.STARTED);
        assertThat(node.info("db").who()).isEqualTo(TestNode.ME);
    }

    @Test
    void aCallIsAnsweredAsSoonAsWhatItWaitsForDoesNotCome() throws IOException {
        assertThatThrownBy(() -> node.start("web", script(RUNS, "requires", List.of("db"))))
                .hasMessage("worker 'web' cannot be started: it needs db: is not configured");
        assertThatThrownBy(() -> node.info("web")).hasMessageContaining("there is no worker 'web'");
        configure(
                "db",
                script("until test -e " + temp.resolve("end") + "; do sleep 0.02; done; exit 3", "ready.file", "no"));
        awaitWhy("db", "not ready yet");
        CompletableFuture<StartResult> answer = begin("web", script(RUNS, "requires", List.of("db")));
        awaitWhy("web", "waits for db: starting");
        assertThat(answer).isNotDone();
        Files.createFile(temp.resolve("end"));
        assertThatThrownBy(() -> TestNode.get(answer))
                .hasMessageContaining("worker 'web' could not be started: needs db: ")
                .hasMessageContaining("exit code 3");
        assertThat(node.info("web").status()).isEqualTo(WorkerState.FAILED);
        // A configured worker goes on waiting.
        configure("app", script(RUNS, "requires", List.of("db")));
        awaitWhy("app", "waits for db: failed");
        configure("db", script(RUNS));
        node.awaitState("app", WorkerState.STARTED);
    }

    @Test
    void aStopByHandStopsDependantsFirstAndTheyComeBack() {
        String slow = "trap 'sleep 0.3; exit 0' TERM; echo up; sleep 600 & wait";
        node.start("db", script(RUNS));
        node.start("app", script(slow, "requires", List.of("db")));
        node.start("web", script(slow, "requires", List.of("app")));
        node.start("other", script(RUNS, "after", List.of("db")));
        List.of("app", "web").forEach(worker -> node.awaitLog(worker, "up"));
        node.stop("db");
        assertThat(story()).containsSubsequence("web EXITED", "app EXITED", "db EXITED");
        awaitWhy("app", "waits for db: stopped by shell:test");
        awaitWhy("web", "waits for app: waits for db: stopped by shell:test");
        assertThat(node.info("other").status()).isEqualTo(WorkerState.STARTED);
        node.controller.startWorkers(WorkerSelector.of(List.of("db")), TestNode.ME);
        node.awaitState("web", WorkerState.STARTED);
        assertThat(story()).endsWith("db STARTED", "app STARTING", "app STARTED", "web STARTING", "web STARTED");
    }

    @Test
    void aStartByIdStartsWhatTheWorkerWaitsFor() throws IOException {
        configure("db", script(RUNS));
        configure("app", script(RUNS, "requires", List.of("db")));
        configure("web", script(RUNS, "requires", List.of("app", "gone:completed")));
        node.awaitState("app", WorkerState.STARTED);
        node.stop("db");
        awaitWhy("app", "waits for db: stopped by shell:test");
        assertThat(TestNode.get(node.controller.startWorkers(WorkerSelector.of("app"), TestNode.ME)))
                .singleElement()
                .satisfies(outcome -> assertThat(outcome.error()).isNull());
        assertThat(node.info("db").status()).isEqualTo(WorkerState.STARTED);
        assertThat(node.info("app").status()).isEqualTo(WorkerState.STARTED);
        assertThat(TestNode.get(node.controller.startWorkers(WorkerSelector.of("web"), TestNode.ME)))
                .singleElement()
                .satisfies(outcome ->
                        assertThat(outcome.error()).hasMessageContaining("it needs gone: is not configured"));
        assertThat(node.info("web").status()).as("it waits on").isEqualTo(WorkerState.BACKOFF);
    }

    @Test
    void aKillDoesNotWaitForDependants() {
        node.start("db", script(RUNS));
        node.start(
                "web",
                script(
                        "trap '' TERM; echo up; sleep 600 & wait; sleep 600",
                        "requires",
                        List.of("db"),
                        "stop.timeout",
                        "20s"));
        node.awaitLog("web", "up");
        CompletableFuture<StopResult> stop = node.controller
                .stopWorker(id("db"), StopOptions.GRACEFUL, TestNode.ME)
                .toCompletableFuture();
        awaitWhy("db", "ends after those that need it: web");
        assertThat(stop).isNotDone();
        TestNode.get(node.controller.stopWorker(id("db"), StopOptions.KILL, TestNode.ME));
        assertThat(node.info("web").status()).isEqualTo(WorkerState.STOPPING);
        TestNode.get(node.controller.stopWorker(id("web"), StopOptions.KILL, TestNode.ME));
    }

    @Test
    void aCrashLeavesDependantsAloneButThoseThatAreBound() throws IOException {
        String crashes = "until test -e " + temp.resolve("crash") + "; do sleep 0.02; done; rm " + temp.resolve("crash")
                + "; exit 1";
        node.start("db", script(crashes, "restart", "always"));
        node.start("web", script(RUNS, "requires", List.of("db")));
        node.start("bound", script(RUNS, "requires", List.of("db:bind")));
        long web = node.info("web").pid();
        long bound = node.info("bound").pid();
        Files.createFile(temp.resolve("crash"));
        await().until(() -> node.info("bound").status() == WorkerState.STARTED
                && node.info("bound").pid() != bound);
        assertThat(node.info("web").pid()).isEqualTo(web);
        assertThat(node.info("bound").who()).hasToString("worker:db");
        assertThat(story())
                .containsSubsequence(
                        "db EXITED", "db STARTED", "bound STOP_REQUESTED", "bound EXITED", "bound STARTED");
    }

    @Test
    void completedWaitsForAnEndWithSuccess() throws IOException {
        configure("job", script("until test -e " + temp.resolve("end") + "; do sleep 0.02; done"));
        configure("web", script(RUNS, "requires", List.of("job:completed")));
        awaitWhy("web", "waits for job: has not ended yet");
        Files.createFile(temp.resolve("end"));
        node.awaitState("web", WorkerState.STARTED);
        assertThat(node.info("job").status()).isEqualTo(WorkerState.EXITED);
        configure("bad", script("exit 1"));
        configure("never", script(RUNS, "requires", List.of("bad:completed")));
        awaitWhy("never", "waits for bad: exited: exit code 1");
    }

    /** A caller waits for what is on its way, and for no bundle that somebody may install one day. */
    @Test
    void aCallerIsAnsweredWhenTheTypeGoesWhileItsStartWaits() throws IOException {
        configure("db", gated("db"));
        node.awaitState("db", WorkerState.STARTING);
        CompletableFuture<StartResult> answer = node.controller
                .startWorker(WorkerSpec.of(id("web"), "guest", script(RUNS, "requires", List.of("db"))), TestNode.ME)
                .toCompletableFuture();
        awaitWhy("web", "waits for db: starting");
        node.node.types().remove("guest", 1);
        go("db");
        assertThatThrownBy(() -> TestNode.get(answer)).hasMessageContaining("type unavailable");
        node.awaitState("web", WorkerState.FAILED);
    }

    @Test
    void aCircleIsRefusedAndNamed() {
        configure("a", script(RUNS, "requires", List.of("b")));
        configure("b", script(RUNS, "after", List.of("c")));
        node.awaitState("a", WorkerState.STARTED);
        configure("c", script(RUNS, "requires", List.of("a")));
        awaitWhy("c", "refused: requires: closes a circle: c requires a, a requires b, b comes after c");
        configure("d", script(RUNS, "requires", List.of("d")));
        awaitWhy("d", "d requires d");
        assertThatThrownBy(() -> node.start("e", script(RUNS, "requires", List.of("e:bind"))))
                .hasMessageContaining("closes a circle: e requires e");
        assertThat(node.info("a").status()).isEqualTo(WorkerState.STARTED);
    }

    /** Kind: a circle that another configuration opens, before or after. */
    @Test
    void aDependencyIsReversedByOneChange() {
        configure("app", script(RUNS));
        configure("proxy", script(RUNS, "requires", List.of("app")));
        node.awaitState("proxy", WorkerState.STARTED);
        configure("app", script(RUNS, "requires", List.of("proxy"), "env.vars.A", "1"));
        configure("proxy", script(RUNS));
        await().until(() -> node.info("app").options().containsKey("requires"));
        node.awaitState("app", WorkerState.STARTED);
        assertThat(node.info("app").reason()).isNull();
    }

    @Test
    void aCircleIsOpenedByADeletion() {
        configure("y", script(RUNS, "requires", List.of("x")));
        configure("x", script(RUNS));
        node.awaitState("y", WorkerState.STARTED);
        configure("x", script(RUNS, "requires", List.of("y")));
        awaitWhy("x", "closes a circle: x requires y, y requires x");
        node.node.unconfigure("pid-y");
        await().until(() -> node.info("x").options().containsKey("requires"));
        assertThat(node.info("x").reason()).isNull();
    }

    @Test
    void whatAWorkerNeededWhoseConfigurationIsDeletedClosesNoCircle() {
        configure("x", script("exit 0"));
        configure("y", script("exit 0", "requires", List.of("x:completed")));
        node.awaitState("y", WorkerState.EXITED);
        node.node.unconfigure("pid-y");
        node.node.unconfigure("pid-x");
        configure("x", script(RUNS, "requires", List.of("y")));
        configure("y", script(RUNS));
        node.awaitState("x", WorkerState.STARTED);
    }

    @Test
    void aChangeIsTakenInPlace() {
        configure("web", script(RUNS));
        configure("db", script(RUNS));
        long pid = node.awaitState("web", WorkerState.STARTED).pid();
        node.awaitState("db", WorkerState.STARTED);
        configure("web", script(RUNS, "requires", List.of("db")));
        await().until(() -> node.info("web").options().containsKey("requires"));
        assertThat(node.info("web").pid()).isEqualTo(pid);
        node.stop("db");
        awaitWhy("web", "waits for db: stopped by shell:test");
        configure("web", script(RUNS));
        node.awaitState("web", WorkerState.STARTED);
    }

    @Test
    void severalAreStoppedAndStartedInTheirOrder() {
        configure("c", script(RUNS));
        configure("b", script(RUNS, "requires", List.of("c")));
        configure("a", script(RUNS, "after", List.of("b"), "requires", List.of("c")));
        List<String> all = List.of("a", "b", "c");
        all.forEach(worker -> node.awaitState(worker, WorkerState.STARTED));
        TestNode.get(node.controller.stopWorkers(WorkerSelector.of(List.of("*")), StopOptions.GRACEFUL, TestNode.ME));
        assertThat(story()).endsWith("a EXITED", "b EXITED", "c EXITED");
        all.forEach(worker -> assertThat(node.info(worker).status()).isEqualTo(WorkerState.INACTIVE));
        int before = story().size();
        assertThat(TestNode.get(node.controller.startWorkers(WorkerSelector.of(List.of("*")), TestNode.ME)))
                .allMatch(outcome -> outcome.result() != null);
        assertThat(story().subList(before, story().size()))
                .containsSubsequence("c STARTED", "b STARTED", "a STARTING", "a STARTED");
        node.shutdown();
        assertThat(story().stream().filter(step -> step.endsWith("EXITED")).skip(3))
                .containsExactly("a EXITED", "b EXITED", "c EXITED");
    }

    @Test
    void atBootTheNodeIsReadyWhenNobodyWaitsForWhatIsOnItsWay() throws IOException {
        node.close();
        for (int width : new int[] {0, 1}) {
            Path home = temp.resolve("width" + width);
            TestNode second = new TestNode(home);
            List<String> order =
                    second.controller.getEvents().stream().map(TestNode::step).toList();
            assertThat(order).endsWith("READY");
            CompletableFuture<Boolean> ready = new CompletableFuture<>();
            Boot boot = new Boot(
                    second.node.core.loop,
                    second.node.core.configuredWorkers,
                    second.node.core.dependencies,
                    second.node.core.events,
                    () -> ready.complete(true),
                    cause -> {});
            List<Configured> workers = List.of(
                    configured("a", script(RUNS, "requires", List.of("b"))),
                    configured("lost", script(RUNS, "requires", List.of("nobody"))),
                    configured("b", script(RUNS, "after", List.of("c"))),
                    configured("c", script(RUNS)));
            second.node.core.loop.execute(() -> boot.begin(workers, width, false));
            assertThat(TestNode.get(ready)).isTrue();
            for (String worker : List.of("a", "b", "c")) {
                assertThat(second.info(worker).status()).isEqualTo(WorkerState.STARTED);
            }
            assertThat(second.info("lost").status()).isEqualTo(WorkerState.BACKOFF);
            assertThat(second.controller.getEvents().stream()
                            .filter(event -> TestNode.step(event).equals("STARTED"))
                            .map(event -> event.properties().get("worker.id")))
                    .containsExactly("c", "b", "a");
            second.close();
        }
        node = new TestNode(temp.resolve("last"));
    }

    private static Configured configured(String worker, Map<String, Object> options) {
        return new Configured(
                "pid-" + worker, "config:" + worker, WorkerSpec.of(new WorkerId(worker), "guest", options));
    }

    @Test
    void whatSaysNothingIsRefused() {
        assertThatThrownBy(() -> node.start("bad", script(RUNS, "requires", List.of("db:ready"))))
                .hasMessageContaining("'db:ready' must be the id of a worker, ID:completed or ID:bind");
        assertThatThrownBy(() -> node.start("bad", script(RUNS, "after", List.of("9"))))
                .hasMessageContaining("'9' is no id of a worker");
    }
}
