package io.millwright.controller.internal.log;

import io.millwright.controller.api.LogEntry;
import io.millwright.controller.api.LogEntry.Stream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/** The one-byte kind of a line (stream, how it ended, level of a record) and what depends on it. Holds no state. */
final class LogLine {
    /** The worker ended the line. */
    static final int ENDED = 0;
    /** Longer than a line may be; goes on in the next one of the stream. */
    static final int CUT = 1 << 2;
    /** The stream ended, or has not gone on yet. */
    static final int OPEN = 2 << 2;

    private static final int STREAM = 3;
    private static final int END = 3 << 2;
    private static final int LEVEL = 4;
    private static final Stream[] STREAMS = Stream.values();
    private static final List<String> LEVELS = List.of("", "trace", "debug", "info", "warn", "error");

    private LogLine() {}

    static int kind(Stream stream, int end) {
        return stream.ordinal() | end;
    }

    /** The kind of lines of records. */
    static int kind(Stream stream, int end, int level) {
        return kind(stream, end) | level << LEVEL;
    }

    /** The number of a level, 0 for a word that is none. */
    static int level(String word) {
        return Math.max(0, LEVELS.indexOf(word));
    }

    /** The same kind of a line that goes on in the next one. */
    static int cut(int kind) {
        return kind & ~END | CUT;
    }

    /** The letter in the file. */
    static byte letter(int kind) {
        boolean ended = (kind & END) == ENDED;
        return switch (STREAMS[kind & STREAM]) {
            case STDOUT -> (byte) (ended ? 'o' : 'O');
            case STDERR -> (byte) (ended ? 'e' : 'E');
            case NODE -> (byte) 'n';
        };
    }

    static LogEntry decode(long time, int kind, byte[] bytes, int from, int length) {
        int end = kind & END;
        int level = kind >> LEVEL;
        boolean carriageReturn = end == ENDED && length > 0 && bytes[from + length - 1] == '\r';
        String text = new String(bytes, from, carriageReturn ? length - 1 : length, StandardCharsets.UTF_8);
        return LogEntry.of(
                Instant.ofEpochMilli(time),
                STREAMS[kind & STREAM],
                level == 0 ? null : LEVELS.get(level),
                end == CUT ? text + "…" : text);
    }
}
