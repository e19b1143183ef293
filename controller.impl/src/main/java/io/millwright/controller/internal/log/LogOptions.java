package io.millwright.controller.internal.log;

import io.millwright.controller.api.worker.OptionValues;
import java.util.Locale;

/**
 * How a worker's log is kept. Immutable.
 *
 * @param ringLines at most this many lines in memory, 0 for none
 * @param ringBytes at most this many bytes in memory, with 13 bytes of book-keeping a line
 * @param file whether there is a file
 * @param format what the file looks like
 * @param maxSize bytes after which the file is rotated; a single longer line makes a longer file
 * @param keep how many rotated files stay, 0 for none
 * @param housekeeping what else is done with the files
 */
public record LogOptions(
        int ringLines, int ringBytes, boolean file, Format format, long maxSize, int keep, Housekeeping housekeeping) {
    /** The forms of the file. */
    public enum Format {
        /** Every line with its time and stream. */
        STAMPED,
        /** The bytes as they come. */
        RAW
    }

    /** What a worker gets that says nothing. */
    public static final LogOptions DEFAULT = new LogOptions(1000, 256 << 10, true, Format.STAMPED, 64L << 20, 5);

    /** With files that are rotated by their size alone. */
    public LogOptions(int ringLines, int ringBytes, boolean file, Format format, long maxSize, int keep) {
        this(ringLines, ringBytes, file, format, maxSize, keep, Housekeeping.NONE);
    }

    /** Checks the bounds. */
    public LogOptions {
        atLeast("ringLines", ringLines, 0);
        atLeast("ringBytes", ringBytes, 1024);
        atLeast("maxSize", maxSize, 1);
        atLeast("keep", keep, 0);
    }

    /**
     * Reads the options of a worker.
     *
     * @param options its checked options
     * @return how its log is kept
     */
    public static LogOptions of(OptionValues options) {
        return new LogOptions(
                options.integer("log.ring").orElse((long) DEFAULT.ringLines).intValue(),
                DEFAULT.ringBytes,
                options.flag("log.file"),
                Format.valueOf(options.string("log.format").orElse("stamped").toUpperCase(Locale.ROOT)),
                options.integer("log.max.size").orElse(DEFAULT.maxSize),
                options.integer("log.keep").orElse((long) DEFAULT.keep).intValue(),
                Housekeeping.of(options));
    }

    private static void atLeast(String name, long value, long least) {
        if (value < least) {
            throw new IllegalArgumentException(name + " is " + value + ", it must be at least " + least);
        }
    }
}
