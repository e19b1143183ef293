package io.millwright.shell.gogo.internal;

import io.millwright.options.Units;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/** Reads values of a command's options that are more than words. Thread-safe. */
public final class Values {
    private Values() {}

    /**
     * A whole number.
     *
     * @param arguments the command line
     * @param option with its dashes
     * @return the number, at least 0; {@code null} if it was not given
     */
    public static @Nullable Long number(Usage.Arguments arguments, String option) {
        String value = arguments.value(option);
        if (value == null) {
            return null;
        }
        try {
            long number = Long.parseLong(value);
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new UsageError("option '" + option + "' needs a whole number from 0 on, not '" + value + "'");
    }

    /**
     * A length of time.
     *
     * @param arguments the command line
     * @param option with its dashes
     * @return the length, not negative; {@code null} if it was not given
     */
    public static @Nullable Duration duration(Usage.Arguments arguments, String option) {
        String value = arguments.value(option);
        Duration length = value == null ? null : Units.duration(value);
        if (value != null && (length == null || length.isNegative())) {
            throw new UsageError(
                    "option '" + option + "' needs a length of time such as 500ms, 20s or 5m, not '" + value + "'");
        }
        return length;
    }

    /**
     * A point in time: with its offset, in the node's own time zone, or so long ago.
     *
     * @param arguments the command line
     * @param option with its dashes
     * @param now what lengths of time are counted back from
     * @return the time; {@code null} if it was not given
     */
    public static @Nullable Instant time(Usage.Arguments arguments, String option, Instant now) {
        String value = arguments.value(option);
        if (value == null) {
            return null;
        }
        Duration ago = Units.duration(value);
        if (ago != null && !ago.isNegative()) {
            return now.minus(ago);
        }
        String text = value.trim().replace(' ', 'T');
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            // without an offset, then
        }
        try {
            return LocalDateTime.parse(text).atZone(ZoneId.systemDefault()).toInstant();
        } catch (DateTimeException e) {
            throw new UsageError(
                    "option '" + option + "' needs a time such as 2026-01-31T13:00:00Z, '2026-01-31 13:00' or 10m"
                            + " (so long ago), not '" + value + "'");
        }
    }
}
