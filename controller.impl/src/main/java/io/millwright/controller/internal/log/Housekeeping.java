package io.millwright.controller.internal.log;

import io.millwright.controller.api.worker.OptionValues;
import io.millwright.controller.internal.options.LogKeepingOptions;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What is done with the files of a log besides rotation by size. Immutable.
 *
 * @param maxAge how old the oldest line of the present file may be before the file is rotated, {@code null} for any age
 * @param compress whether rotated files are compressed
 * @param retainSize most bytes of all rotated files together, {@code null} for any
 * @param retainAge how old a rotated file may be, {@code null} for any
 */
public record Housekeeping(
        @Nullable Duration maxAge, boolean compress, @Nullable Long retainSize, @Nullable Duration retainAge) {
    /** Nothing. */
    public static final Housekeeping NONE = new Housekeeping(null, false, null, null);

    static Housekeeping of(OptionValues options) {
        return new Housekeeping(
                options.duration(LogKeepingOptions.MAX_AGE).orElse(null),
                options.flag(LogKeepingOptions.COMPRESS),
                options.integer(LogKeepingOptions.RETAIN_SIZE).orElse(null),
                options.duration(LogKeepingOptions.RETAIN_AGE).orElse(null));
    }

    /** Whether rotated files are to be looked at. */
    boolean isOfRotated() {
        return compress || retainSize != null || retainAge != null;
    }
}
