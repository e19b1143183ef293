package io.millwright.controller.api;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The name of a worker, unique within its node: a letter, then at most 62 letters, digits, {@code _} or {@code -};
 * {@code controller} is reserved. Immutable; compares by text.
 *
 * @param value the id's text
 */
public record WorkerId(String value) implements Comparable<WorkerId> {
    private static final Pattern VALID = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,62}");

    /**
     * Checks the text.
     *
     * @throws NodeException with {@link ErrorCode#INVALID_WORKER_ID} if it is not a valid id
     */
    public WorkerId {
        if (!VALID.matcher(value).matches()) {
            throw new NodeException(
                    ErrorCode.INVALID_WORKER_ID,
                    "worker id '" + abbreviate(value)
                            + "' is not valid: it must start with a letter and continue with at"
                            + " most 62 letters, digits, '_' or '-'");
        }
        if (value.equals("controller")) {
            throw new NodeException(
                    ErrorCode.INVALID_WORKER_ID,
                    "worker id 'controller' is reserved for the node controller; choose another");
        }
    }

    private static String abbreviate(String text) {
        return text.length() <= 80 ? text : text.substring(0, 77) + "...";
    }

    @Override
    public int compareTo(WorkerId other) {
        return value.compareTo(other.value);
    }

    // By hand, as in WorkerSpec, because every node compares these while it starts: a record's own methods are put
    // together at run time, which costs milliseconds and is in no class-data archive.

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof WorkerId id && value.equals(id.value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return value;
    }
}
