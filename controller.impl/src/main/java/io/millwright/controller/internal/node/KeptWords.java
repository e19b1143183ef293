package io.millwright.controller.internal.node;

import io.millwright.controller.api.Finding;
import io.millwright.controller.internal.event.SerialExecutor;
import io.millwright.controller.internal.launch.PluginPool;
import io.millwright.controller.internal.worker.OperatorWords;
import io.millwright.controller.internal.worker.OperatorWords.Scale;
import io.millwright.controller.internal.worker.OperatorWords.Word;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Keeps operators' words in {@code state/operators.json}, over restarts of the node. Thread-safe. */
final class KeptWords {
    private static final int VERSION = 1;
    /** The file is written at once, and then so often at most: a stop of hundreds of workers is hundreds of words. */
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final StateFile file;
    private final Executor files;
    private final PluginPool.Timer timer;
    /** Whether a change is not written yet. */
    private final AtomicBoolean due = new AtomicBoolean();

    private volatile long written = System.nanoTime() - PAUSE_NANOS;
    /** Whether what could not be written will be tried again; guarded by this. */
    private boolean isRetried;

    private Map<String, Word> all = Map.of();
    private Map<String, Scale> scales = Map.of();

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
        scales = words.allScales();
        Said earlier = file.read(Said::of).orElse(new Said(Map.of(), Map.of()));
        words.keep(earlier.stopped(), earlier.scaled(), this::changed);
    }

    private void changed() {
        if (due.compareAndSet(false, true)) {
            long pause = written + PAUSE_NANOS - System.nanoTime();
            if (pause <= 0) {
                files.execute(this::write);
            } else {
                timer.after(pause, () -> files.execute(this::write));
            }
        }
    }

    /** What the file holds. */
    private record Said(Map<String, Word> stopped, Map<String, Scale> scaled) {
        static Said of(Map<?, ?> document) {
            return new Said(words(document), scales(document));
        }
    }

    private static Instant at(Map<?, ?> word) {
        return Instant.parse(Objects.requireNonNull((String) word.get("at"), "at"));
    }

    private static String who(Map<?, ?> word) {
        return Objects.requireNonNull((String) word.get("who"), "who");
    }

    /** Files of earlier versions have none. */
    private static Map<String, Scale> scales(Map<?, ?> document) {
        Map<String, Scale> scales = new TreeMap<>();
        if (document.get("scaled") instanceof Map<?, ?> all) {
            all.forEach((pid, said) -> {
                Map<?, ?> scale = (Map<?, ?>) said;
                scales.put(
                        (String) pid,
                        new Scale(number(scale, "configured"), number(scale, "instances"), who(scale), at(scale)));
            });
        }
        return scales;
    }

    private static int number(Map<?, ?> scale, String key) {
        return ((Number) Objects.requireNonNull(scale.get(key), key)).intValue();
    }

    private static Map<String, Word> words(Map<?, ?> document) {
        Map<String, Word> words = new TreeMap<>();
        ((Map<?, ?>) Objects.requireNonNull(document.get("stopped"), "stopped")).forEach((pid, said) -> {
            Map<?, ?> word = (Map<?, ?>) said;
            words.put((String) pid, new Word(who(word), at(word)));
        });
        return words;
    }

    /** Many changes at once are written once. */
    private synchronized void write() {
        // Before the look: what changes meanwhile is due again.
        if (due.getAndSet(false)) {
            written = System.nanoTime();
            Map<String, Object> stopped = new TreeMap<>();
            all.forEach((pid, word) ->
                    stopped.put(pid, Map.of("who", word.who(), "at", word.at().toString())));
            Map<String, Object> scaled = new TreeMap<>();
            scales.forEach((pid, scale) -> scaled.put(
                    pid,
                    Map.of(
                            "configured",
                            scale.configured(),
                            "instances",
                            scale.count(),
                            "who",
                            scale.who(),
                            "at",
                            scale.at().toString())));
            file.write(Map.of("stopped", stopped, "scaled", scaled));
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
                        trouble
                                + "; workers that an operator stopped would be started by the node's next life, and groups"
                                + " have as many instances as their configurations say",
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
