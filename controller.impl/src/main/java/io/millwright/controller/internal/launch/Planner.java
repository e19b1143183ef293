package io.millwright.controller.internal.launch;

import io.millwright.controller.api.Problem;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.api.worker.OptionDefinition;
import io.millwright.controller.api.worker.OptionValues;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Checks options and plans launches; calls code of plug-ins, away from the controller loop. Thread-safe. */
public interface Planner {
    /**
     * Checks and plans all a start needs.
     *
     * @param spec what to start
     * @return completed on any thread; what plug-in code throws becomes a problem
     */
    CompletableFuture<Admission> admit(WorkerSpec spec);

    /**
     * Whether the same would be planned again, as far as can be told without calling plug-ins or reading files. Does not block.
     *
     * @param spec what to start
     * @param plan a plan for it
     * @return false if it must be planned anew
     */
    boolean holds(WorkerSpec spec, Admission.Planned plan);

    /**
     * Reads the text of the options only.
     *
     * @param spec what to read
     * @return completed on any thread
     */
    CompletableFuture<Reading> read(WorkerSpec spec);

    /**
     * Whether a bundle offers a type now. Does not block.
     *
     * @param type its name
     * @return false if starts of it cannot be planned
     */
    boolean hasType(String type);

    /**
     * The sentence for a type that no bundle offers; it names those there are.
     *
     * @param type its name
     * @return a sentence without a full stop
     */
    String noSuchType(String type);

    /**
     * A planner with other options for every worker that does not say otherwise; this one goes on with those it has.
     *
     * @param defaults the options
     * @return a planner to be used for a while
     */
    Planner assuming(OptionValues defaults);

    /**
     * Options as far as their text says. Immutable.
     *
     * @param typeKnown whether a bundle offers the type; without it only the shared options were read
     * @param values the values
     * @param shown those for display, secrets masked
     * @param definitions the options there are
     * @param problems all problems of kind definition
     * @param unwatchable directories to watch that are not there
     */
    record Reading(
            boolean typeKnown,
            OptionValues values,
            Map<String, Object> shown,
            List<OptionDefinition> definitions,
            List<Problem> problems,
            List<Problem> unwatchable) {
        /** The same with other problems. */
        public Reading with(List<Problem> others) {
            return new Reading(typeKnown, values, shown, definitions, others, unwatchable);
        }
    }
}
