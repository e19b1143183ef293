package io.millwright.controller.internal.node;

import io.millwright.controller.api.Finding;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;

/**
 * The numbers of runs, which never repeat in a node directory. A life of the node takes a block of them and writes that down before it
 * gives one out; the next life begins behind the block, whatever became of this one. Belongs to the controller loop, but for
 * {@link #open} and {@link #findings}.
 */
final class RunNumbers {
    private static final int VERSION = 1;
    private static final int BLOCK = 10_000;

    private final Executor files;
    private final StateFile file;
    private boolean kept;
    private long next = 1;
    private long taken = Long.MAX_VALUE;

    /**
     * Numbers that are not kept yet.
     *
     * @param state where they are kept
     * @param files writes that another block is taken
     */
    RunNumbers(Path state, Executor files) {
        this.file = new StateFile(state.resolve("runs.json"), VERSION);
        this.files = files;
    }

    /** Goes on behind the numbers of earlier lives; before the first number is given out. Blocks. */
    void open() {
        next = file.read(document -> (Long) Objects.requireNonNull(document.get("next"), "next"))
                .orElse(1L);
        kept = true;
        taken = next + BLOCK;
        write(taken);
    }

    private void write(long behind) {
        file.write(Map.of("next", behind));
    }

    long next() {
        // Long before the block is used up, so that the disk has its time.
        if (kept && taken - next < BLOCK / 2) {
            taken += BLOCK;
            long behind = taken;
            files.execute(() -> write(behind));
        }
        return next++;
    }

    /** What is wrong with the file. For any thread. */
    List<Finding> findings() {
        String trouble = file.trouble();
        return trouble == null
                ? List.of()
                : List.of(Finding.error(
                        "run numbers",
                        trouble + "; numbers of runs may come again after the next start of the node",
                        "make room or let the node's user write there"));
    }
}
