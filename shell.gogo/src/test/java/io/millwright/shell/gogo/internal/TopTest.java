package io.millwright.shell.gogo.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.controller.api.Traffic;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerInfo;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.api.WorkerStats;
import io.millwright.controller.api.monitor.ProcessStats;
import io.millwright.shell.gogo.internal.text.Screen;
import io.millwright.shell.gogo.internal.text.Usages;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What workers use, between two looks; on a terminal again and again, in a pipe once. */
class TopTest {
    private static WorkerInfo worker(String id, @Nullable ProcessStats process) {
        return WorkerInfo.builder(new WorkerId(id), "guest", WorkerState.STARTED)
                .pid(process == null ? null : process.pid())
                .uptime(Duration.ofHours(3))
                .restarts(2)
                .origin("call")
                .stats(WorkerStats.of(Traffic.of(0, 0), Traffic.of(0, 0), 0, process))
                .build();
    }

    private static ProcessStats process(long pid, long cpuMillis) {
        return ProcessStats.of(pid, Duration.ofMillis(cpuMillis), 64L << 20, 5, 9);
    }

    @Test
    void theBusiestComesFirst() {
        Usages before = new Usages(
                List.of(
                        worker("idle", process(10, 5000)),
                        worker("busy", process(11, 1000)),
                        worker("again", process(12, 9000)),
                        worker("waits", null)),
                1_000_000_000L);
        Usages now = before.next(
                List.of(
                        worker("again", process(99, 100)),
                        worker("busy", process(11, 4000)),
                        worker("idle", process(10, 5000)),
                        worker("waits", null)),
                3_000_000_000L);
        assertThat(now.all())
                .extracting(usage -> usage.worker().id() + " " + usage.cpu())
                // Another process: what it used before is not known.
                .containsExactly("busy 1.5", "again null", "idle 0.0", "waits null");
        assertThat(Usages.text(now.all(), Screen.PIPE).lines())
                .first()
                .asString()
                .matches("ID +STATUS +PID +CPU +MEMORY +THREADS +RESTARTS +UPTIME *");
        assertThat(Usages.text(now.all(), Screen.PIPE)).containsPattern("busy +started +11 +150.0% +64.0MiB +5 +2 +3h");
        assertThat(now.all().get(0).toMap())
                .containsEntry("id", "busy")
                .containsEntry("cpu", 1.5)
                .containsEntry("rss", 64L << 20)
                .containsEntry("uptime", 10_800.0);
    }

    @Test
    void inAPipeItIsShownOnceAndAsJsonToo() throws Exception {
        Shell shell = new Shell();
        shell.session.put("millwright.terminal", false);
        assertThat(shell.run("worker:top")).isEqualToIgnoringNewLines("no workers");
        shell.node.with(worker("web", process(10, 5000)), FakeNode.worker("old", WorkerState.EXITED));
        assertThat(shell.run("worker:top"))
                .containsPattern("web +started +10 +0.0% ")
                .doesNotContain("old");
        assertThat(shell.run("worker:top --json"))
                .startsWith("[{\"id\":\"web\",\"type\":\"guest\",\"status\":\"started\",\"pid\":10,\"cpu\":0.0,");
        assertThat(shell.failure("worker:top -n x")).contains("-n");
    }

    @Test
    void onATerminalAKeyEndsIt() throws Exception {
        Shell shell = new Shell("xq");
        shell.node.with(worker("web", process(10, 5000)));
        assertThat(shell.run("worker:top")).startsWith("\u001b[H\u001b[2J").containsPattern("web +started +10 ");
    }
}
