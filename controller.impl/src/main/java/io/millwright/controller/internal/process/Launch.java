package io.millwright.controller.internal.process;

import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.worker.LaunchPlan;
import java.nio.file.Path;

/**
 * One launch as the backend gets it. Immutable.
 *
 * @param id the worker
 * @param plan the plan after all customizers
 * @param program the absolute path of the program, found and checked
 * @param stdout where standard output goes
 * @param stderr where standard error goes
 * @param ownOpenFiles whether it gives itself a limit of open files, so that the backend gives it none
 */
public record Launch(WorkerId id, LaunchPlan plan, Path program, Output stdout, Output stderr, boolean ownOpenFiles) {
    /** One that gets the limit of open files the node began with. */
    public Launch(WorkerId id, LaunchPlan plan, Path program, Output stdout, Output stderr) {
        this(id, plan, program, stdout, stderr, false);
    }

    /** Where an output stream goes. */
    public sealed interface Output {
        /**
         * Through a pipe to a sink.
         *
         * @param sink gets the bytes
         */
        record Pipe(OutputSink sink) implements Output {}

        /**
         * Straight to a file, appended; the controller never sees a byte.
         *
         * @param file an absolute path
         */
        record ToFile(Path file) implements Output {}

        /** To {@code /dev/null}. */
        record Drop() implements Output {}

        /** To a pipe nobody reads: writing fails with EPIPE. */
        record Closed() implements Output {}
    }
}
