package io.millwright.controller.internal.launch;

import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.Problem;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.api.worker.LaunchPlan;
import io.millwright.controller.api.worker.OptionValues;
import io.millwright.controller.api.worker.WorkerType;
import java.lang.ref.WeakReference;
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
     * @param own for a native worker the keys of its type's own options, which it is told; else empty
     * @param unwatchable directories to watch that are not there: refused when a worker is new, not when it starts again,
     *     for the very change that restarts it may be that they are being replaced
     * @param source what it was made from, {@code null} if files or customizers had a say in it
     */
    record Planned(
            OptionValues options,
            Map<String, Object> shown,
            LaunchPlan plan,
            Path program,
            boolean createDirectory,
            List<String> customizers,
            String typeVersion,
            List<String> own,
            List<Problem> unwatchable,
            @Nullable Source source)
            implements Admission {
        /** The same with another plan and program; no more what its source alone asks for if the plan is another one. */
        Planned with(LaunchPlan changed, Path found, List<String> names) {
            return new Planned(
                    options,
                    shown,
                    changed,
                    found,
                    createDirectory,
                    names,
                    typeVersion,
                    own,
                    unwatchable,
                    changed.equals(plan) ? source : null);
        }
    }

    /**
     * What alone a plan was made from.
     *
     * @param spec the specification
     * @param defaults the options of every worker that were in force
     * @param type the plug-in; weak, for one that is gone must not be kept in memory
     */
    record Source(WorkerSpec spec, OptionValues defaults, WeakReference<WorkerType> type) {}

    /**
     * It cannot. Immutable.
     *
     * @param problems why, all of them
     * @param options the checked options, as far as they could be read; {@code null} if the text itself is wrong
     * @param shown those for display, secrets masked
     * @param code what callers are told
     */
    record Refused(List<Problem> problems, @Nullable OptionValues options, Map<String, Object> shown, ErrorCode code)
            implements Admission {
        public Refused(List<Problem> problems, @Nullable OptionValues options, Map<String, Object> shown) {
            this(problems, options, shown, ErrorCode.INVALID_CONFIGURATION);
        }
    }

    /** No bundle offers its type now. */
    record NoType() implements Admission {}
}
