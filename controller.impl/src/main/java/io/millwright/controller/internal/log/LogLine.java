package io.millwright.controller.internal.log;

import io.millwright.controller.api.LogEntry;
import io.millwright.controller.api.LogEntry.Stream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** The one-byte kind of a line (stream and how it ended) and what depends on it. Holds no state. */
final class LogLine {
    /** The worker ended the line. */
    static final int ENDED = 0;
    /** Longer than a line may be; goes on in the next one of the stream. */
    static final int CUT = 1 << 2;
    /** The stream ended, or has not gone on yet. */
    static final int OPEN = 2 << 2;

    private static final Stream[] STREAMS = Stream.values();

    private LogLine() {}

    static int kind(Stream stream, int end) {
        return stream.ordinal() | end;
    }

    /** The letter in the file. */
    static byte letter(int kind) {
        boolean ended = kind >> 2 == 0;
        return switch (STREAMS[kind & 3]) {
            case STDOUT -> (byte) (ended ? 'o' : 'O');
            case STDERR -> (byte) (ended ? 'e' : 'E');
            case NODE -> (byte) 'n';
        };
    }

    static LogEntry decode(long time, int kind, byte[] bytes, int from, int length) {
        int end = kind & ~3;
        boolean carriageReturn = end == ENDED && length > 0 && bytes[from + length - 1] == '\r';
        String text = new String(bytes, from, carriageReturn ? length - 1 : length, StandardCharsets.UTF_8);
        return LogEntry.of(Instant.ofEpochMilli(time), STREAMS[kind & 3], null, end == CUT ? text + "…" : text);
    }
}
