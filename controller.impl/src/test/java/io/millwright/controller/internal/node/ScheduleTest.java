package io.millwright.controller.internal.node;

import static io.millwright.controller.internal.node.TestNode.ME;
import static io.millwright.controller.internal.node.TestNode.get;
import static io.millwright.controller.internal.node.TestNode.id;
import static io.millwright.controller.internal.node.TestNode.script;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millwright.controller.api.Finding;
import io.millwright.controller.api.NodeController;
import io.millwright.controller.api.RestartOptions;
import io.millwright.controller.api.StopOptions;
import io.millwright.controller.api.WaitReason;
import io.millwright.controller.api.WorkerExit.ExitClass;
import io.millwright.controller.api.WorkerInfo;
import io.millwright.controller.api.WorkerSelector;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.api.WorkerWait;
import io.millwright.controller.internal.configured.Configured;
import io.millwright.controller.internal.event.NodeLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real programs that run at certain times. */
@Timeout(120)
@Tag("long")
class ScheduleTest {
    private static final String EACH_SECOND = "* * * * * *";
    private static final String EACH_YEAR = "@yearly";
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir
    Path temp;

    private TestNode node;

    @BeforeEach
    void open() throws IOException {
        node = new TestNode(temp.resolve("node"));
    }

    @AfterEach
    void close() {
        node.close();
    }

    private void configure(Map<String, Object> options) {
        node.node.configure(new Configured(
                "io.millwright.worker.guest~job", "node.json", WorkerSpec.of(id("job"), "guest", options)));
    }

    private WorkerInfo awaitWait() {
        await().atMost(LIMIT).until(() -> isWaiting());
        return node.info("job");
    }

    private boolean isWaiting() {
        return known() && isWaiting(node.info("job"));
    }

    private boolean known() {
        return node.controller.listWorkers(NodeController.Scope.ALL).stream()
                .anyMatch(worker -> worker.id().equals(id("job")));
    }

    private static boolean isWaiting(WorkerInfo worker) {
        WorkerWait wait = worker.waiting();
        return worker.status() == WorkerState.BACKOFF && wait != null && wait.reason() == WaitReason.SCHEDULE;
    }

    @SuppressWarnings("unchecked")
    private Map<String, Object> shown() {
        return known() ? (Map<String, Object>) node.info("job").inForce().getOrDefault("schedule", Map.of()) : Map.of();
    }

    private long runs() {
        return node.events("job").stream().filter("STARTED"::equals).count();
    }

    private long count(String key) {
        return shown().get(key) instanceof Number number ? number.longValue() : 0;
    }

    @Test
    void runsAtItsTimesAndWaitsBetween() {
        configure(script("echo ran", "schedule", Map.of("cron", EACH_SECOND, "zone", "Asia/Tokyo")));
        await().atMost(LIMIT).until(() -> runs() >= 3);
        WorkerInfo waits = awaitWait();
        assertThat(waits.restarts()).isZero();
        assertThat(waits.reason()).startsWith("waits for 20").endsWith("+09:00 (schedule " + EACH_SECOND + ")");
        assertThat(waits.nextStart()).isNotNull();
        assertThat(String.valueOf(waits.who())).isEqualTo("schedule:job");
        assertThat(shown()).containsEntry("zone", "Asia/Tokyo").containsKeys("next", "last");
        assertThat(shown().get("lastResult")).isEqualTo("success: exit code 0");
        assertThat(node.events("job").subList(0, 5))
                .containsExactly("BACKOFF", "STARTING", "STARTED", "EXITED", "BACKOFF");
        stop();
        assertThat(node.info("job").inForce()).isEmpty();
        long before = runs();
        await().during(Duration.ofMillis(2100)).atMost(LIMIT).until(() -> runs() == before);
    }

    private void stop() {
        await().atMost(LIMIT).ignoreExceptions().until(() -> {
            get(node.controller.stopWorker(id("job"), StopOptions.GRACEFUL, ME));
            return true;
        });
    }

    /** Who starts it while it waits, or after a stop: it runs now, and its schedule goes on. */
    @Test
    void aWaitCanBeHurriedAndEnded() {
        configure(script("exit 0", "schedule", EACH_YEAR));
        WorkerInfo waits = awaitWait();
        assertThat(Objects.requireNonNull(
                        Objects.requireNonNull(waits.waiting()).until()))
                .isAfter(Instant.now());
        assertThat(shown())
                .containsEntry("zone", java.time.ZoneId.systemDefault().getId());
        assertThat(get(node.controller.startWorkers(WorkerSelector.of("job"), ME)))
                .hasSize(1);
        await().atMost(LIMIT).until(() -> runs() == 1 && isWaiting());
        assertThat(get(node.controller.restartWorker(id("job"), ME)).pid()).isPositive();
        await().atMost(LIMIT).until(() -> runs() == 2 && isWaiting());
        node.stop("job");
        assertThat(node.info("job").status()).isEqualTo(WorkerState.INACTIVE);
        get(node.controller.startWorkers(WorkerSelector.of("job"), ME));
        await().atMost(LIMIT).until(() -> runs() == 3 && isWaiting());
    }

    @Test
    void aCallRunsItNowAndThenAtItsTimes() {
        node.start("job", script("exit 0", "schedule", EACH_YEAR));
        await().atMost(LIMIT).until(() -> runs() == 1 && isWaiting());
        assertThatThrownBy(() -> node.start("job", script("exit 0"))).hasMessageContaining("backoff");
    }

    /** The kind: what becomes of a time at which the run before still goes on. */
    @ParameterizedTest
    @CsvSource({"skip", "queue", "replace"})
    void overlap(String overlap) throws IOException {
        Path go = temp.resolve("go");
        configure(script(
                "while ! [ -e " + go + " ]; do sleep 0.05; done",
                "schedule",
                Map.of("cron", EACH_SECOND, "overlap", overlap)));
        if (overlap.equals("replace")) {
            await().atMost(LIMIT).until(() -> runs() >= 3);
            assertThat(node.events("job")).contains("STOPPING");
            return;
        }
        await().atMost(LIMIT).until(() -> count("skipped") >= 2);
        assertThat(runs()).isEqualTo(1);
        assertThat(shown().containsKey("queued")).isEqualTo(overlap.equals("queue"));
        Files.createFile(go);
        await().atMost(LIMIT).until(() -> runs() >= 3);
        await().atMost(LIMIT).until(() -> !shown().containsKey("queued"));
    }

    /** Kind: what comes each few seconds, for hours, is said when it begins and when it is over, and can be seen meanwhile. */
    @Test
    void timesThatAreSkippedAreCountedAndNoFlood() throws IOException {
        node.close();
        List<String> lines = new CopyOnWriteArrayList<>();
        node = new TestNode(temp.resolve("node"), new NodeLog((level, text) -> lines.add(text)));
        Path go = temp.resolve("go");
        configure(script("while ! [ -e " + go + " ]; do sleep 0.05; done", "schedule", EACH_SECOND));
        await().atMost(LIMIT).until(() -> count("skipped") >= 3);
        assertThat(String.join("; ", node.info("job").why()))
                .matches("\\d times of its schedule were skipped meanwhile, the last 20\\S*");
        assertThat(lines.stream().filter(line -> line.contains("skipped")))
                .singleElement()
                .asString()
                .endsWith(" is skipped: the run before still goes on; further ones are counted");
        Files.createFile(go);
        await().atMost(LIMIT).until(() -> runs() >= 2);
        assertThat(lines).anyMatch(line -> line.matches("worker job: \\d times were skipped, the last 20\\S*"));
        await().atMost(LIMIT)
                .until(() -> !String.join("; ", node.info("job").why()).contains("skipped"));
    }

    @Test
    void aRunThatTakesTooLongIsStopped() {
        configure(script("sleep 60", "schedule", Map.of("cron", EACH_YEAR, "timeout", "300ms"), "stop.timeout", "5s"));
        awaitWait();
        get(node.controller.startWorkers(WorkerSelector.of("job"), ME));
        await().atMost(LIMIT).until(() -> shown().containsKey("lastResult") && isWaiting());
        assertThat(String.valueOf(shown().get("lastResult")))
                .startsWith("error: did not end within 300 ms (schedule.timeout); ended by signal TERM");
        assertThat(Objects.requireNonNull(node.info("job").exit()).exitClass()).isEqualTo(ExitClass.ERROR);
    }

    /** A run that fails is tried again as the restart policy says, and then its next time is waited for. */
    @Test
    void aFailureIsTriedAgainFirst() throws IOException {
        Path tries = temp.resolve("tries");
        configure(script(
                "echo x >> " + tries + "; [ $(wc -l < " + tries + ") -ge 3 ]",
                "schedule",
                EACH_YEAR,
                "restart",
                "on-failure",
                "restart.delay",
                "1ms"));
        awaitWait();
        get(node.controller.startWorkers(WorkerSelector.of("job"), ME));
        await().atMost(LIMIT)
                .until(() -> String.valueOf(shown().get("lastResult")).startsWith("success") && isWaiting());
        assertThat(Files.readAllLines(tries)).hasSize(3);
        assertThat(runs()).isEqualTo(3);
    }

    @Test
    void aFailureIsToldAndDoctorKnows() {
        Path told = temp.resolve("told");
        configure(script("exit 3", "schedule", EACH_YEAR, "exec.failed", List.of("/bin/sh", "-c", "cat > " + told)));
        awaitWait();
        get(node.controller.startWorkers(WorkerSelector.of("job"), ME));
        await().atMost(LIMIT).until(() -> Files.exists(told) && isWaiting());
        assertThat(node.controller.doctor())
                .extracting(Finding::toString)
                .anySatisfy(text -> assertThat(text).contains("job").contains("exit code 3"));
    }

    @Test
    void aProgramThatIsMissingIsAFailureOfThatTime() {
        configure(Map.of("executable", "/nonexistent", "schedule", EACH_SECOND));
        await().atMost(LIMIT)
                .until(() -> String.valueOf(shown().get("lastResult")).contains("/nonexistent"));
        await().atMost(LIMIT)
                .until(() ->
                        node.events("job").stream().filter("FAILED"::equals).count() >= 2);
    }

    @Test
    void aConfigurationThatIsDeletedWhileTheNodeIsDownIsForgotten() throws Exception {
        configure(script("exit 0", "schedule", EACH_SECOND));
        await().atMost(LIMIT).until(() -> runs() >= 1);
        node.close();
        Path state = temp.resolve("node/state/schedules.json");
        assertThat(Files.readString(state)).contains("\"job\"");
        open();
        node.close();
        assertThat(Files.readString(state)).doesNotContain("\"job\"");
        open();
    }

    /** Kind: what a person has written into a file of the node's is refused when it is read, and not where it is used. */
    @Test
    void aFileWithANameThatIsNoWorkersIsSetAside() throws Exception {
        configure(script("exit 0", "schedule", EACH_SECOND));
        await().atMost(LIMIT).until(() -> runs() >= 1);
        node.close();
        Path state = temp.resolve("node/state/schedules.json");
        Files.writeString(state, Files.readString(state).replace("\"job\"", "\"no job\""));
        open();
        assertThat(node.controller.doctor())
                .anySatisfy(finding -> assertThat(finding.subject()).isEqualTo("state/schedules.json.broken"));
        node.close();
        assertThat(state.resolveSibling("schedules.json.broken")).content().contains("no job");
        open();
    }

    /** Times that came while the node was down. */
    @ParameterizedTest
    @CsvSource({"skip,same", "once,same", "once,other", "once,deleted", "once,stopped"})
    void timesAreMissedWhileTheNodeIsDown(String missed, String configuration) throws Exception {
        Map<String, Object> each = script("exit 0", "schedule", Map.of("cron", EACH_SECOND, "missed", missed));
        configure(each);
        await().atMost(LIMIT).until(() -> runs() >= 1);
        if (configuration.equals("deleted")) {
            node.node.unconfigure("io.millwright.worker.guest~job");
            await().atMost(LIMIT).until(() -> node.node.core.times.all().isEmpty());
        } else if (configuration.equals("stopped")) {
            stop();
        }
        node.close();
        Path state = temp.resolve("node/state/schedules.json");
        assertThat(Files.readString(state).contains("\"job\""))
                .isEqualTo(!configuration.equals("deleted") && !configuration.equals("stopped"));
        // Hours have passed.
        Files.writeString(
                state,
                Files.readString(state)
                        .replaceAll("(\"done\":\")[^\"]*", "$1" + Instant.now().minus(Duration.ofHours(400)))
                        .replace(EACH_SECOND, "0 0 0 * * *"));
        open();
        String cron = configuration.equals("other") ? EACH_YEAR : "0 0 0 * * *";
        configure(script("exit 0", "schedule", Map.of("cron", cron, "missed", missed)));
        if (configuration.equals("stopped")) {
            node.awaitState("job", WorkerState.INACTIVE);
            return;
        }
        boolean known = configuration.equals("same");
        await().atMost(LIMIT).until(() -> isWaiting() && runs() == (known && missed.equals("once") ? 1 : 0));
        assertThat(count("missed") >= 15).isEqualTo(known);
    }

    /** A time has come, its run waits for another worker, and the node ends: it has not run, which is not forgotten. */
    @Test
    void aTimeWhoseRunStillWaitsWhenTheNodeEndsIsMissed() throws Exception {
        Map<String, Object> job =
                script("exit 0", "requires", List.of("db"), "schedule", Map.of("cron", EACH_SECOND, "missed", "once"));
        configure(job);
        await().atMost(LIMIT)
                .until(() -> String.valueOf(node.info("job").reason()).contains("waits for db"));
        assertThat(node.info("job").inForce().get("schedule").toString()).doesNotContain("last");
        node.close();
        String kept = Files.readString(temp.resolve("node/state/schedules.json"));
        open();
        Instant done = Instant.parse(kept.replaceAll("(?s).*\"done\":\"([^\"]*)\".*", "$1"));
        assertThat(done.getNano())
                .as("just before the time that waits: %s", kept)
                .isEqualTo(999_000_000);
    }

    @Test
    void otherTimesAreTakenInPlaceAndARunIsLeftAlone() {
        configure(script("sleep 60", "schedule", EACH_YEAR));
        awaitWait();
        configure(script("sleep 60", "schedule", EACH_SECOND));
        await().atMost(LIMIT).until(() -> runs() == 1);
        Long pid = node.info("job").pid();
        configure(script("sleep 60", "schedule", "@monthly"));
        await().atMost(LIMIT).until(() -> node.info("job").options().toString().contains("@monthly"));
        assertThat(node.info("job").pid()).isEqualTo(pid);
        configure(script("sleep 60"));
        await().atMost(LIMIT).until(() -> node.info("job").inForce().isEmpty());
        assertThat(node.info("job").pid()).isEqualTo(pid);
        configure(script("sleep 60", "schedule", "@monthly"));
        await().atMost(LIMIT).until(() -> !node.info("job").inForce().isEmpty());
        assertThat(node.info("job").pid()).isEqualTo(pid);
    }

    @Test
    void withoutAScheduleAWaitingWorkerIsStarted() {
        configure(script("sleep 60", "schedule", EACH_YEAR));
        awaitWait();
        configure(script("sleep 60"));
        node.awaitState("job", WorkerState.STARTED);
        assertThat(node.info("job").inForce()).isEmpty();
    }

    @Test
    void eachInstanceHasItsTimes() {
        configure(script("echo %i", "schedule", EACH_SECOND, "instances", 2));
        await().atMost(LIMIT).until(() -> List.of("job-1", "job-2").stream()
                .allMatch(one ->
                        node.events(one).stream().filter("STARTED"::equals).count() >= 2));
        // A change that needs a restart reaches both, though neither runs.
        configure(script("echo again %i", "schedule", EACH_YEAR, "instances", 2));
        await().atMost(LIMIT).until(() -> List.of("job-1", "job-2").stream()
                .allMatch(one -> isWaiting(node.info(one))
                        && String.valueOf(node.info(one).options().get("arguments"))
                                .contains("again")));
    }

    @Test
    void shutdownTriggersNeitherCountNorHearOfIt() {
        configure(script("sleep 60", "schedule", EACH_YEAR));
        awaitWait();
        assertThat(node.node.core.stopper.counted()).isZero();
        get(node.controller.startWorkers(WorkerSelector.of("job"), ME));
        node.awaitState("job", WorkerState.STARTED);
        assertThat(node.node.core.stopper.counted()).isZero();
        node.start("other", script("sleep 60"));
        assertThat(node.node.core.stopper.counted()).isEqualTo(1);
    }

    @Test
    void allIsNotForThoseThatWaitForTheirTime() {
        configure(script("sleep 60", "schedule", EACH_YEAR));
        awaitWait();
        node.start("other", script("sleep 60"));
        get(node.controller.restartWorkers(WorkerSelector.ALL, RestartOptions.ALL_AT_ONCE, ME));
        get(node.controller.startWorkers(WorkerSelector.ALL, ME));
        assertThat(isWaiting()).isTrue();
        assertThat(node.events("other")).contains("STOPPING");
        assertThat(node.events("job")).containsExactly("BACKOFF");
    }

    @Test
    void whatNeedsItWaitsForItsTime() {
        configure(script("exit 0", "schedule", EACH_YEAR));
        awaitWait();
        node.node.configure(new Configured(
                "io.millwright.worker.guest~web",
                "node.json",
                WorkerSpec.of(id("web"), "guest", script("sleep 60", "requires", List.of("job:completed")))));
        WorkerInfo web = node.awaitState("web", WorkerState.BACKOFF);
        assertThat(web.reason()).contains("job").contains("(schedule @yearly)");
        get(node.controller.startWorkers(WorkerSelector.of("job"), ME));
        node.awaitState("web", WorkerState.STARTED);
    }

    /** There is a timer while a worker has times, and none without. */
    @Test
    void withoutAScheduleThereIsNoTimer() {
        assertThat(node.node.core.schedules.timers()).isZero();
        configure(script("exit 0", "schedule", EACH_YEAR));
        awaitWait();
        assertThat(node.node.core.schedules.timers()).isEqualTo(1);
        node.stop("job");
        await().atMost(LIMIT).until(() -> node.node.core.schedules.timers() == 0);
    }

    @Test
    void aWaitForTheEndOfItsRunIsAnswered() {
        configure(script("exit 3", "schedule", EACH_YEAR));
        awaitWait();
        var end = node.controller.awaitExit(id("job"));
        get(node.controller.startWorkers(WorkerSelector.of("job"), ME));
        assertThat(get(end).code()).isEqualTo(3);
    }
}
