package io.millwright.controller.internal.node;

import io.millwright.controller.api.Finding;
import io.millwright.controller.internal.event.SerialExecutor;
import io.millwright.controller.internal.launch.PluginPool;
import io.millwright.controller.internal.worker.OperatorWords;
import io.millwright.controller.internal.worker.OperatorWords.Word;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/** Keeps operators' words in {@code state/operators.json}, over restarts of the node. Thread-safe. */
final class KeptWords {
    private static final int VERSION = 1;

    private final StateFile file;
    private final Executor files;
    private final PluginPool.Timer timer;
    /** Whether a change is not written yet. */
    private final AtomicBoolean due = new AtomicBoolean();
    /** Whether what could not be written will be tried again; guarded by this. */
    private boolean isRetried;

    private Map<String, Word> all = Map.of();

    /**
     * Keeps nothing yet.
     *
     * @param state where they are kept
     * @param files writes them
     * @param timer tells when to try again
     */
    KeptWords(Path state, Executor files, PluginPool.Timer timer) {
        this.file = new StateFile(state.resolve("operators.json"), VERSION);
        this.files = new SerialExecutor(files);
        this.timer = timer;
    }

    /** Reads what earlier lives have kept, and keeps what changes from now on; before the boot. Blocks. */
    void open(OperatorWords words) {
        all = words.all();
        words.keep(file.read(KeptWords::words).orElse(Map.of()), () -> {
            if (due.compareAndSet(false, true)) {
                files.execute(this::write);
            }
        });
    }

    private static Map<String, Word> words(Map<?, ?> document) {
        Map<String, Word> words = new TreeMap<>();
        ((Map<?, ?>) Objects.requireNonNull(document.get("stopped"), "stopped")).forEach((pid, said) -> {
            Map<?, ?> word = (Map<?, ?>) said;
            words.put(
                    (String) pid,
                    new Word(
                            Objects.requireNonNull((String) word.get("who"), "who"),
                            Instant.parse(Objects.requireNonNull((String) word.get("at"), "at"))));
        });
        return words;
    }

    /** Many changes at once are written once. */
    private synchronized void write() {
        // Before the look: what changes meanwhile is due again.
        if (due.getAndSet(false)) {
            Map<String, Object> stopped = new TreeMap<>();
            all.forEach((pid, word) ->
                    stopped.put(pid, Map.of("who", word.who(), "at", word.at().toString())));
            file.write(Map.of("stopped", stopped));
            if (file.trouble() != null && !isRetried) {
                isRetried = true;
                timer.after(StateFile.RETRY.toNanos(), () -> files.execute(this::writeAgain));
            }
        }
    }

    private synchronized void writeAgain() {
        isRetried = false;
        if (file.trouble() != null) {
            due.set(true);
            write();
        }
    }

    /** What is wrong with the file. For any thread. */
    List<Finding> findings() {
        String trouble = file.trouble();
        return trouble == null
                ? List.of()
                : List.of(Finding.error(
                        "operators' words",
                        trouble + "; workers that an operator stopped would be started by the node's next life",
                        "make room or let the node's user write there; it is tried again every "
                                + StateFile.RETRY.toSeconds() + " s"));
    }

    /** Writes what is not written yet. Blocks. */
    synchronized void close() {
        // It is too late for another try.
        isRetried = true;
        if (file.trouble() != null) {
            due.set(true);
        }
        write();
    }
}
