package io.millwright.worker.runtime.log;

import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;

/** Writes what is logged by {@code java.util.logging} as records. */
public final class JulHandler extends Handler {
    private static final Formatter TEXT = new SimpleFormatter();

    /** A handler for all levels: loggers decide what it gets. */
    public JulHandler() {
        setLevel(Level.ALL);
    }

    @Override
    public void publish(LogRecord record) {
        if (isLoggable(record)) {
            String logger = record.getLoggerName();
            Records.write(
                    word(record.getLevel()),
                    logger == null ? "" : logger,
                    TEXT.formatMessage(record),
                    record.getThrown());
        }
    }

    private static String word(Level level) {
        int value = level.intValue();
        if (value >= Level.SEVERE.intValue()) {
            return "error";
        }
        if (value >= Level.WARNING.intValue()) {
            return "warn";
        }
        if (value >= Level.INFO.intValue()) {
            return "info";
        }
        return value >= Level.FINE.intValue() ? "debug" : "trace";
    }

    @Override
    public void flush() {
        // Each record is written at once.
    }

    @Override
    public void close() {
        // Standard error is not the handler's.
    }
}
