package io.millwright.controller.internal.worker;

import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.worker.OptionValues;
import io.millwright.controller.internal.options.DependencyOptions;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which other workers one worker needs. Immutable. It is compared by hand, as in every record that is compared before the first
 * worker runs: the compiler's way is put together at run time, which takes 10 ms once.
 *
 * @param after those that are started before it if both are on their way
 * @param requires those without which it is not started
 */
record Needs(List<WorkerId> after, List<Requirement> requires) {
    static final Needs NONE = new Needs(List.of(), List.of());

    /** When a requirement is met. */
    enum Condition {
        /** While the other is ready. */
        READY,
        /** As {@link #READY}, and it is restarted after each start of the other. */
        BIND,
        /** Once the other has ended with success. */
        COMPLETED
    }

    /** One worker that is required. */
    record Requirement(WorkerId id, Condition condition) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Requirement that && id.equals(that.id) && condition == that.condition;
        }

        @Override
        public int hashCode() {
            return 31 * id.hashCode() + condition.hashCode();
        }
    }

    /** Reads them from checked options. */
    static Needs of(OptionValues options) {
        List<String> first = options.strings(DependencyOptions.AFTER);
        List<String> required = options.strings(DependencyOptions.REQUIRES);
        if (first.isEmpty() && required.isEmpty()) {
            return NONE;
        }
        List<Requirement> requires = new ArrayList<>();
        for (String text : required) {
            WorkerId id = DependencyOptions.id(DependencyOptions.bare(text));
            if (id != null) {
                requires.add(new Requirement(
                        id,
                        text.endsWith(DependencyOptions.COMPLETED)
                                ? Condition.COMPLETED
                                : text.endsWith(DependencyOptions.BIND) ? Condition.BIND : Condition.READY));
            }
        }
        List<WorkerId> after = new ArrayList<>();
        for (String text : first) {
            WorkerId id = DependencyOptions.id(text);
            if (id != null) {
                after.add(id);
            }
        }
        return new Needs(List.copyOf(after), List.copyOf(requires));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Needs that && after.equals(that.after) && requires.equals(that.requires);
    }

    @Override
    public int hashCode() {
        return 31 * after.hashCode() + requires.hashCode();
    }

    boolean isEmpty() {
        return after.isEmpty() && requires.isEmpty();
    }

    /** All workers it names. */
    Set<WorkerId> all() {
        Set<WorkerId> all = new LinkedHashSet<>(after);
        requires.forEach(requirement -> all.add(requirement.id()));
        return all;
    }

    /** Whether it cannot do without a worker that runs. */
    boolean needsRunning(WorkerId id) {
        return requires.stream()
                .anyMatch(requirement -> requirement.id().equals(id) && requirement.condition() != Condition.COMPLETED);
    }

    boolean binds(WorkerId id) {
        return requires.contains(new Requirement(id, Condition.BIND));
    }

    /** Whether it is ended before a worker is. */
    boolean endsBefore(WorkerId id) {
        return after.contains(id) || needsRunning(id);
    }

    /** How it needs a worker, for people. */
    String how(WorkerId id) {
        return requires.stream().anyMatch(requirement -> requirement.id().equals(id)) ? "requires" : "comes after";
    }
}
