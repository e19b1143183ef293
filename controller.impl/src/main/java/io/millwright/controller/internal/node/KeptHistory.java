package io.millwright.controller.internal.node;

import io.millwright.controller.api.Finding;
import io.millwright.controller.api.WorkerExit;
import io.millwright.controller.api.WorkerExit.ExitClass;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerRun;
import io.millwright.controller.internal.worker.Registry;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the history of ended runs in {@code state/history.json}, over restarts of the node. The file is read a moment after the start,
 * or when somebody asks earlier, and a change is written a moment later, by a thread of its own, {@code millwright-state}, so that neither
 * the boot nor the loop waits for the disk and many exits are written once.
 */
final class KeptHistory implements AutoCloseable {
    private static final int VERSION = 1;
    /** A history of a thousand runs is written at most every two seconds, one of a hundred thousand every 101. */
    private static final long PAUSE_MILLIS = 1000;

    private static final long END_SECONDS = 2;

    private final Registry registry;
    private final StateFile file;
    private final ScheduledThreadPoolExecutor writer;
    private final AtomicBoolean due = new AtomicBoolean();
    /** Whether what could not be written will be tried again; of the writer's thread. */
    private boolean isRetried;

    KeptHistory(Path state, Registry registry) {
        this.registry = registry;
        this.file = new StateFile(state.resolve("history.json"), VERSION);
        writer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "millwright-state");
            thread.setDaemon(true);
            return thread;
        });
        writer.setKeepAliveTime(10, TimeUnit.SECONDS);
        writer.allowCoreThreadTimeOut(true);
        // What waits for its time is written by the end in any case.
        writer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** Keeps what happens from now on; what an earlier life has kept is read a moment later. */
    void open() {
        registry.restore(() -> file.read(KeptHistory::runs).orElse(List.of()));
        registry.onHistory(this::changed);
        // Not by the boot, for which a long history would be long; and not much later, for it may be broken.
        writer.schedule(registry::readHistory, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void changed() {
        if (due.compareAndSet(false, true)) {
            try {
                writer.schedule(this::write, PAUSE_MILLIS + registry.historySize(), TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException closed) {
                // The end has written it, or gave it up.
            } catch (OutOfMemoryError noThread) {
                // The next exit tries again; the loop goes on.
                due.set(false);
            }
        }
    }

    private void write() {
        // Before the look: what comes meanwhile is due again.
        due.set(false);
        file.write(Map.of("runs", registry.history()));
        if (file.trouble() != null && !isRetried && !writer.isShutdown()) {
            isRetried = true;
            writer.schedule(this::writeAgain, StateFile.RETRY.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void writeAgain() {
        isRetried = false;
        if (file.trouble() != null) {
            write();
        }
    }

    /** What is wrong with it. For any thread. */
    List<Finding> findings() {
        String trouble = file.trouble();
        return trouble == null
                ? List.of()
                : List.of(Finding.error(
                        "history",
                        trouble,
                        "make room or let the node's user write there; it is tried again every "
                                + StateFile.RETRY.toSeconds() + " s"));
    }

    /** Writes what is not written yet, for at most two seconds, and ends. */
    @Override
    public void close() {
        registry.onHistory(() -> {});
        if (due.get() || file.trouble() != null) {
            writer.execute(this::write);
        }
        writer.shutdown();
        try {
            if (!writer.awaitTermination(END_SECONDS, TimeUnit.SECONDS)) {
                writer.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static List<WorkerRun> runs(Map<?, ?> document) {
        return ((List<?>) Objects.requireNonNull(document.get("runs"), "runs"))
                .stream().map(run -> run((Map<?, ?>) run)).toList();
    }

    private static WorkerRun run(Map<?, ?> map) {
        Map<?, ?> exit = (Map<?, ?>) map.get("exit");
        Objects.requireNonNull(exit, "exit");
        Long code = number(exit, "code");
        return WorkerRun.builder(
                        new WorkerId(text(map, "id")),
                        text(map, "type"),
                        Instant.parse(text(map, "created")),
                        WorkerExit.of(
                                ExitClass.valueOf(text(exit, "class").toUpperCase(Locale.ROOT)),
                                code == null ? null : code.intValue(),
                                (String) exit.get("signal"),
                                text(exit, "reason"),
                                Instant.parse(text(exit, "at"))))
                .run(number(map, "run"))
                .pid(number(map, "pid"))
                .started(map.get("started") == null ? null : Instant.parse(text(map, "started")))
                .restart(Math.toIntExact(Objects.requireNonNullElse(number(map, "restart"), 0L)))
                .build();
    }

    private static String text(Map<?, ?> map, String key) {
        return (String) Objects.requireNonNull(map.get(key), key);
    }

    private static @Nullable Long number(Map<?, ?> map, String key) {
        return (Long) map.get(key);
    }
}
