package io.millwright.controller.internal.options;

import io.millwright.options.Units;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A limit of the kernel on one resource of a process. Immutable.
 *
 * @param soft what holds; {@link #UNLIMITED} for none
 * @param hard how far the process may raise it itself
 */
public record ResourceLimit(long soft, long hard) {
    public static final long UNLIMITED = Long.MAX_VALUE;

    private static final String WORD = "unlimited";

    /** What a limit is counted in, for people. */
    static String unit(String key) {
        return switch (key) {
            case "limits.core", "limits.as", "limits.fsize" -> "a size (1GiB)";
            case "limits.cpu" -> "a time (10m)";
            default -> "a number";
        };
    }

    /** What is wrong with a text, {@code null} if nothing is. */
    static @Nullable String problem(String key, String text) {
        String[] parts = text.split(":", -1);
        if (parts.length > 2) {
            return "'" + text + "' must be one value, or SOFT:HARD";
        }
        for (String part : parts) {
            if (value(key, part) == null) {
                return "'" + part + "' must be " + unit(key) + " or unlimited";
            }
        }
        ResourceLimit limit = of(key, text);
        return limit.soft > limit.hard ? "'" + text + "': the soft limit is above the hard one; write SOFT:HARD" : null;
    }

    /**
     * Reads a checked text.
     *
     * @param key the option
     * @param text one value for both, or {@code SOFT:HARD}
     * @return the limit
     */
    public static ResourceLimit of(String key, String text) {
        String[] parts = text.split(":", -1);
        return new ResourceLimit(
                Objects.requireNonNull(value(key, parts[0])),
                Objects.requireNonNull(value(key, parts[parts.length - 1])));
    }

    private static @Nullable Long value(String key, String text) {
        if (text.equals(WORD)) {
            return UNLIMITED;
        }
        return switch (key) {
            case "limits.core", "limits.as", "limits.fsize" -> Units.size(text);
            case "limits.cpu" -> seconds(text);
            default -> text.matches("[0-9]{1,15}") ? Long.valueOf(text) : null;
        };
    }

    private static @Nullable Long seconds(String text) {
        Duration time = Units.duration(text);
        return time == null || time.isNegative() ? null : Math.max(1, time.toSeconds());
    }

    /** As {@code prlimit} takes it. */
    public String text() {
        return text(soft) + ":" + text(hard);
    }

    private static String text(long value) {
        return value == UNLIMITED ? WORD : Long.toString(value);
    }
}
