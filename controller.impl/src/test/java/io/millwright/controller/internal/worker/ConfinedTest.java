package io.millwright.controller.internal.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.api.worker.LaunchPlan;
import io.millwright.controller.api.worker.OptionValues;
import io.millwright.controller.internal.launch.Admission;
import io.millwright.controller.internal.launch.Confinement;
import io.millwright.controller.internal.log.LogBuffers;
import io.millwright.controller.internal.log.LogOptions;
import io.millwright.controller.internal.log.WorkerLog;
import io.millwright.controller.internal.options.CommonOptions;
import io.millwright.controller.internal.process.Enclosures;
import io.millwright.controller.internal.process.WorkerProcess;
import io.millwright.controller.internal.process.cgroup.NotedGroup;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Limits that change in place, where the test says when and in which order the kernel's files are written. */
class ConfinedTest {
    private static final Path NOWHERE = Path.of("/nonexistent");

    /** Writes that are still to come. */
    private final List<Runnable> files = new ArrayList<>();

    private final HandLoop loop = new HandLoop();
    private final Confined confined = new Confined(
            loop,
            files::add,
            new WorkerEvents(loop, event -> {}, task -> {}, (level, text) -> {}),
            answering(Enclosures.class, Map.of()));
    private final NotedGroup group = new NotedGroup(1);
    private final WorkerSpec spec = WorkerSpec.of(new WorkerId("w"), "guest", Map.of());
    private final Worker worker =
            new Worker(spec, "call", new WorkerLog(NOWHERE, LogOptions.DEFAULT, new LogBuffers(), problem -> {}));

    @BeforeEach
    void begin() {
        begin(worker, group);
    }

    private static <T> T answering(Class<T> type, Map<String, Object> answers) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (self, called, words) -> answers.get(called.getName())));
    }

    private static OptionValues options(long processes) {
        return CommonOptions.checker(List.of(), name -> null)
                .check(Map.of("trees", "cgroup", "cgroup.pids.max", processes))
                .values();
    }

    /** A run in a group, whose options allow 100 processes. */
    private void begin(Worker place, NotedGroup its) {
        LaunchPlan plan =
                LaunchPlan.builder("guest", List.of("/bin/true"), NOWHERE).build();
        Run run = new Run(
                new Admission.Planned(
                        options(100), Map.of(), plan, NOWHERE, false, List.of(), "1.0.0", List.of(), List.of(), null),
                Caller.shell("test"),
                loop.now());
        place.begin(run);
        run.process = answering(WorkerProcess.class, Map.of("enclosure", its, "pid", 1L));
        run.inForce = Confinement.document(its);
        place.state = WorkerState.STARTED;
        place.publishView();
    }

    /** The options allow another number of processes; nothing is written yet. */
    private void allow(long processes) {
        worker.options = options(processes);
        confined.update(worker);
    }

    private void writeAll() {
        List<Runnable> now = List.copyOf(files);
        files.clear();
        now.forEach(Runnable::run);
    }

    private Map<String, Object> shown() {
        return worker.view.info(loop.now(), null, List.of()).build().inForce();
    }

    @Test
    void aRefusalIsSaidUntilAChangeIsAccepted() {
        allow(13);
        writeAll();
        assertThat(worker.view.reason()).isEqualTo("its changed limits were refused: the kernel does not like 13");
        allow(5);
        writeAll();
        assertThat(worker.view.reason()).isNull();
        assertThat(shown()).containsEntry("cgroup.pids.max", 5L);
    }

    /** What else comes to be said of a worker does not hide that it is not within the limits it was given. */
    @Test
    void aRefusalIsSaidBesideWhatComesAfterIt() {
        allow(13);
        writeAll();
        worker.reason = "its restart has failed, and the run before goes on: exit code 1";
        worker.publishView();
        assertThat(worker.view.reason())
                .isEqualTo("its changed limits were refused: the kernel does not like 13; "
                        + "its restart has failed, and the run before goes on: exit code 1");
        allow(5);
        writeAll();
        assertThat(worker.view.reason()).isEqualTo("its restart has failed, and the run before goes on: exit code 1");
    }

    /** An accepted change takes back a reason that is about limits, and no other. */
    @Test
    void anotherReasonStaysWhenAChangeIsAccepted() {
        worker.reason = "its files are not watched";
        allow(5);
        writeAll();
        assertThat(worker.view.reason()).isEqualTo("its files are not watched");
    }

    @Test
    void refusedLimitsAreTriedAgainWithTheNextChangeThoughTheyAreTheSame() {
        group.setBusy(true);
        allow(5);
        writeAll();
        assertThat(worker.view.reason()).endsWith("the kernel is busy");
        group.setBusy(false);
        allow(5);
        writeAll();
        assertThat(group.inForce()).containsEntry("pids.max", "5");
        assertThat(shown()).containsEntry("cgroup.pids.max", 5L);
        assertThat(worker.view.reason()).isNull();
        allow(5);
        assertThat(files).as("accepted limits that are not changed").isEmpty();
    }

    /** Several threads write, so the last change may be the first that is written. */
    @Test
    void ofChangesThatWaitOnlyTheNewestIsWritten() {
        allow(5);
        allow(13);
        allow(7);
        files.get(2).run();
        files.get(0).run();
        files.get(1).run();
        assertThat(group.told()).containsOnly(Map.of("pids.max", List.of("7")));
        assertThat(shown()).containsEntry("cgroup.pids.max", 7L);
        assertThat(worker.view.reason()).isNull();
    }

    /** A run that retires lives on; its group's refusal comes when another run is current. */
    @Test
    void whatTheGroupOfAnEarlierRunSaysIsNotShownOfTheNextOne() {
        allow(5);
        allow(13);
        begin(worker.open(spec), new NotedGroup(2));
        worker.swap();
        writeAll();
        worker.publishView();
        assertThat(shown()).containsEntry("cgroup.path", "/groups/w.2").doesNotContainKey("cgroup.pids.max");
        assertThat(worker.view.reason()).isNull();
    }

    /** A write that was begun for a run ends when the next run is there. */
    @Test
    void whatTheGroupOfAnEarlierRunHasTakenIsNotShownOfTheNextOne() {
        allow(5);
        begin(worker, new NotedGroup(2));
        writeAll();
        assertThat(shown()).containsEntry("cgroup.path", "/groups/w.2").doesNotContainKey("cgroup.pids.max");
    }
}
