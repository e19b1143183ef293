package io.millwright.controller.internal.node;

import io.millwright.controller.api.Finding;
import io.millwright.controller.internal.launch.PluginTimer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * What a node keeps in {@code state/} over its lives: the history of ended runs, operators' words, scheduled times and the numbers of runs.
 */
final class KeptState implements AutoCloseable {
    private final Path directory;
    private final RunNumbers runNumbers;
    private final KeptWords words;
    private final KeptSchedules schedules;
    private volatile @Nullable KeptHistory history;

    /**
     * Reads nothing yet.
     *
     * @param directory where it is kept
     * @param files writes it
     * @param timer for what is written again after a failure
     */
    KeptState(Path directory, Executor files, PluginTimer timer) {
        this.directory = directory;
        runNumbers = new RunNumbers(directory, files);
        words = new KeptWords(directory, files, timer);
        schedules = new KeptSchedules(directory, files);
    }

    RunNumbers runNumbers() {
        return runNumbers;
    }

    /** Reads what an earlier life has kept, the history a moment later, and keeps it from now on; before the boot. Blocks. */
    void open(Core core) {
        KeptHistory kept = new KeptHistory(directory, core.registry);
        kept.open();
        history = kept;
        words.open(core.words);
        schedules.open(core.times);
        runNumbers.open();
    }

    /** What is wrong with it; for any thread. */
    List<Finding> findings() {
        KeptHistory kept = history;
        List<Finding> all = new ArrayList<>(runNumbers.findings());
        all.addAll(words.findings());
        all.addAll(schedules.findings());
        all.addAll(kept == null ? List.of() : kept.findings());
        return all;
    }

    @Override
    public void close() {
        KeptHistory kept = history;
        if (kept != null) {
            kept.close();
        }
        words.close();
        schedules.close();
    }
}
