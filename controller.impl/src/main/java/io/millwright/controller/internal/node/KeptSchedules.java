package io.millwright.controller.internal.node;

import io.millwright.controller.api.Finding;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.internal.event.SerialExecutor;
import io.millwright.controller.internal.worker.KeptTimes;
import io.millwright.controller.internal.worker.KeptTimes.Kept;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Keeps the times of schedules in {@code state/schedules.json}, over restarts of the node. Thread-safe. */
final class KeptSchedules {
    private static final int VERSION = 1;

    private final StateFile file;
    private final Executor files;
    /** Whether a change is not written yet. */
    private final AtomicBoolean due = new AtomicBoolean();

    private Map<String, Kept> all = Map.of();

    /**
     * Keeps nothing yet.
     *
     * @param state where they are kept
     * @param files writes them
     */
    KeptSchedules(Path state, Executor files) {
        this.file = new StateFile(state.resolve("schedules.json"), VERSION);
        this.files = new SerialExecutor(files);
    }

    /** Reads what earlier lives have kept, and keeps what changes from now on; before the boot. Blocks. */
    void open(KeptTimes times) {
        all = times.all();
        times.keep(file.read(KeptSchedules::times).orElse(Map.of()), () -> {
            if (due.compareAndSet(false, true)) {
                files.execute(this::write);
            }
        });
    }

    private static Map<String, Kept> times(Map<?, ?> document) {
        Map<String, Kept> times = new TreeMap<>();
        ((Map<?, ?>) Objects.requireNonNull(document.get("workers"), "workers")).forEach((id, text) -> {
            Map<?, ?> one = (Map<?, ?>) text;
            String last = (String) one.get("last");
            times.put(
                    new WorkerId((String) id).value(),
                    new Kept(
                            Objects.requireNonNull((String) one.get("schedule"), "schedule"),
                            Instant.parse(Objects.requireNonNull((String) one.get("done"), "done")),
                            Boolean.TRUE.equals(one.get("came")),
                            last == null ? null : Instant.parse(last),
                            (String) one.get("result")));
        });
        return times;
    }

    /** Many changes at once are written once. */
    private synchronized void write() {
        // Before the look: what changes meanwhile is due again.
        if (due.getAndSet(false)) {
            Map<String, Object> workers = new TreeMap<>();
            all.forEach((id, kept) -> workers.put(id, document(kept)));
            file.write(Map.of("workers", workers));
        }
    }

    private static Map<String, @Nullable Object> document(Kept kept) {
        Map<String, @Nullable Object> one = new LinkedHashMap<>();
        one.put("schedule", kept.when());
        one.put("done", kept.done().toString());
        one.put("came", kept.came());
        if (kept.last() != null) {
            one.put("last", kept.last().toString());
        }
        if (kept.result() != null) {
            one.put("result", kept.result());
        }
        return one;
    }

    /** What is wrong with the file. For any thread. */
    List<Finding> findings() {
        String trouble = file.trouble();
        return trouble == null
                ? List.of()
                : List.of(
                        Finding.error(
                                "schedules",
                                trouble + "; the node's next life would not know which times of schedules were missed",
                                "make room or let the node's user write there; they are written again at the next time, and at the end of the node"));
    }

    /** Writes what is not written yet, or could not be. Blocks. */
    void close() {
        if (file.trouble() != null) {
            due.set(true);
        }
        write();
    }
}
