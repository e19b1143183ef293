package io.millwright.controller.internal.life;

import io.millwright.controller.api.Problem;
import io.millwright.controller.api.worker.LaunchPlan;
import io.millwright.controller.api.worker.OptionValues;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The outcome of checking a worker's options and planning its launch. */
public sealed interface Admission {
    /**
     * It can be launched. Immutable.
     *
     * @param options its checked options
     * @param shown the options for display, secrets masked
     * @param plan the plan after all customizers
     * @param program the program's absolute path
     * @param createDirectory whether the working directory is made first
     * @param customizers names of those that changed the plan
     * @param typeVersion version of the bundle that planned it
     * @param unwatchable directories to watch that are not there: refused when a worker is new, not when it starts again,
     *     for the very change that restarts it may be that they are being replaced
     */
    record Planned(
            OptionValues options,
            Map<String, Object> shown,
            LaunchPlan plan,
            Path program,
            boolean createDirectory,
            List<String> customizers,
            String typeVersion,
            List<Problem> unwatchable)
            implements Admission {}

    /**
     * It cannot. Immutable.
     *
     * @param problems why, all of them
     * @param options the checked options, as far as they could be read; {@code null} if the text itself is wrong
     * @param shown those for display, secrets masked
     */
    record Refused(List<Problem> problems, @Nullable OptionValues options, Map<String, Object> shown)
            implements Admission {}

    /** No bundle offers its type now. */
    record NoType() implements Admission {}
}
