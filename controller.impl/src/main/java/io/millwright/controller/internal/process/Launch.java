package io.millwright.controller.internal.process;

import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.worker.LaunchPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One launch as the backend gets it. Immutable.
 *
 * @param id the worker
 * @param plan the plan after all customizers
 * @param program the absolute path of the program, found and checked
 * @param stdout where standard output goes
 * @param stderr where standard error goes
 * @param ownOpenFiles whether it gives itself a limit of open files, so that the backend gives it none
 * @param enclosure what the process will put itself into, {@code null} if nothing
 * @param sockets what it gets as descriptors from 3 on, made by the same backend
 */
public record Launch(
        WorkerId id,
        LaunchPlan plan,
        Path program,
        Output stdout,
        Output stderr,
        boolean ownOpenFiles,
        @Nullable Enclosure enclosure,
        List<HeldSocket> sockets) {
    /** One that gets the limit of open files the node began with, and no sockets. */
    public Launch(WorkerId id, LaunchPlan plan, Path program, Output stdout, Output stderr) {
        this(id, plan, program, stdout, stderr, false, null);
    }

    /** One that gets no sockets. */
    public Launch(
            WorkerId id,
            LaunchPlan plan,
            Path program,
            Output stdout,
            Output stderr,
            boolean ownOpenFiles,
            @Nullable Enclosure enclosure) {
        this(id, plan, program, stdout, stderr, ownOpenFiles, enclosure, List.of());
    }

    /** The same that gets sockets. */
    public Launch withSockets(List<HeldSocket> held) {
        return new Launch(id, plan, program, stdout, stderr, ownOpenFiles, enclosure, List.copyOf(held));
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
        record ToFile(Path file) implements Output {
            /**
             * Refuses what is no regular file: a FIFO would hold its opener for ever, and a link may lead anywhere.
             *
             * @throws IOException naming it
             */
            public void requireRegular() throws IOException {
                if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)
                        && !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                    throw new IOException("cannot open " + file + " for output: it is a "
                            + (Files.isSymbolicLink(file) ? "link" : "folder, FIFO or device")
                            + ", not a regular file; once it is gone, a file is made");
                }
            }
        }

        /** To {@code /dev/null}. */
        record Drop() implements Output {}

        /** To a pipe nobody reads: writing fails with EPIPE. */
        record Closed() implements Output {}
    }
}
