package io.millwright.testkit;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one check found. Immutable.
 *
 * @param name what was checked, as a statement that ought to be true
 * @param failures why it is not true, one sentence each; empty if it is
 * @param skipped why it could not be checked here; {@code null} if it was
 */
public record CheckResult(String name, List<String> failures, @Nullable String skipped) {
    /** Keeps an unmodifiable list. */
    public CheckResult {
        failures = List.copyOf(failures);
    }

    /**
     * Whether nothing was found.
     *
     * @return true also for a check that was skipped
     */
    public boolean passed() {
        return failures.isEmpty();
    }

    @Override
    public String toString() {
        if (skipped != null) {
            return "skipped  " + name + ": " + skipped;
        }
        return passed() ? "ok       " + name : "FAILED   " + name + ": " + String.join(" ", failures);
    }
}
