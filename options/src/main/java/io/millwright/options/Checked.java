package io.millwright.options;

import io.millwright.controller.api.Problem;
import io.millwright.controller.api.worker.OptionValues;
import java.util.List;

/**
 * What came of checking options. Immutable.
 *
 * @param values the good values and the defaults; an option with a bad value is not in it
 * @param problems all problems, empty if everything is right
 */
public record Checked(OptionValues values, List<Problem> problems) {
    /** Keeps an unmodifiable list. */
    public Checked {
        problems = List.copyOf(problems);
    }

    /**
     * Whether the values can be used.
     *
     * @return true if there are no problems
     */
    public boolean ok() {
        return problems.isEmpty();
    }
}
