package io.millwright.controller.internal.options;

import static io.millwright.controller.api.worker.OptionDefinition.option;

import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.Problem;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.worker.OptionDefinition;
import io.millwright.controller.api.worker.OptionType;
import io.millwright.controller.api.worker.OptionValues;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The options that say which other workers a worker needs. */
public final class DependencyOptions {
    public static final String AFTER = "after";
    public static final String REQUIRES = "requires";
    public static final String COMPLETED = ":completed";
    public static final String BIND = ":bind";

    private DependencyOptions() {}

    static void addTo(List<OptionDefinition> all) {
        all.add(option(
                        AFTER,
                        OptionType.STRINGS,
                        "Workers that are started first and stopped last if both are on their way; it does not need them;"
                                + " default none.")
                .inPlace()
                .build());
        all.add(option(
                        REQUIRES,
                        OptionType.STRINGS,
                        "Workers without which it is not started: ID (until that is ready), ID:completed (until that has ended"
                                + " with success) or ID:bind (as ID, and it is restarted after each start of that); default none.")
                .inPlace()
                .build());
    }

    static void check(OptionValues values, List<Problem> problems) {
        for (String text : values.strings(AFTER)) {
            if (id(text) == null) {
                problems.add(Problem.definition(AFTER, "'" + text + "' is no id of a worker"));
            }
        }
        for (String text : values.strings(REQUIRES)) {
            if (id(bare(text)) == null) {
                problems.add(Problem.definition(
                        REQUIRES, "'" + text + "' must be the id of a worker, ID:completed or ID:bind"));
            }
        }
    }

    /** What stands before the condition. */
    public static String bare(String requirement) {
        for (String condition : List.of(COMPLETED, BIND)) {
            if (requirement.endsWith(condition)) {
                return requirement.substring(0, requirement.length() - condition.length());
            }
        }
        return requirement;
    }

    /** The id that a text is, {@code null} if it is none. */
    public static @Nullable WorkerId id(String text) {
        try {
            return new WorkerId(text);
        } catch (NodeException noId) {
            return null;
        }
    }
}
