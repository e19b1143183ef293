package io.millwright.worker.runtime.container;

import java.util.List;
import java.util.OptionalInt;

/** When a container ends because of its components. */
enum ExitRule {
    /** Only when it is told to. */
    MANUAL("shutdown-manual"),
    /** When none is left that runs or will. */
    LAST_STOPPED("shutdown-on-last-component-stopped"),
    /** When one has ended, however. */
    ANY_STOPPED("shutdown-on-any-component-stopped"),
    /** When one has failed. */
    ANY_FAILED("shutdown-on-any-component-failed");

    private final String word;

    ExitRule(String word) {
        this.word = word;
    }

    /**
     * The rule of a word.
     *
     * @throws IllegalArgumentException if there is none
     */
    static ExitRule of(String word) {
        for (ExitRule rule : values()) {
            if (rule.word.equals(word)) {
                return rule;
            }
        }
        throw new IllegalArgumentException("there is no rule '" + word + "' for the end of a container");
    }

    /** The code to exit with after an end of a component; empty to go on. */
    OptionalInt exitCode(Component.State end, List<Component.State> all) {
        return switch (this) {
            case MANUAL -> OptionalInt.empty();
            case LAST_STOPPED ->
                all.stream().allMatch(Component.State::isOver) ? OptionalInt.of(0) : OptionalInt.empty();
            case ANY_STOPPED -> OptionalInt.of(0);
            case ANY_FAILED -> end == Component.State.FAILED ? OptionalInt.of(1) : OptionalInt.empty();
        };
    }
}
