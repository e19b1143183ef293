package io.millwright.controller.internal.log;

import io.millwright.controller.api.LogEntry;
import io.millwright.controller.api.LogEntry.Stream;
import io.millwright.controller.api.Traffic;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The way of one stream's bytes into memory and file, and their count. Called by its {@link LogWriter} with the writer lock,
 * which guards it; the splitter is changed with the memory lock as well. {@link #traffic} may be called by any thread.
 */
final class LogPipe {
    private final Stream stream;
    private final LogMemory memory;
    private final LogFile file;
    private final LineSplitter splitter = new LineSplitter();
    private volatile Traffic traffic = Traffic.of(0, 0);
    private boolean running;
    private long lines;
    private long lastTime;
    /** How much of the open line is in the file already: it was raw when that came. */
    private int inFile;
    /** The level of the lines that are taken now, 0 for plain text. */
    private int level;

    LogPipe(Stream stream, LogMemory memory, LogFile file) {
        this.stream = stream;
        this.memory = memory;
        this.file = file;
    }

    Traffic traffic() {
        return traffic;
    }

    /** Whether bytes came and the end has not. */
    boolean running() {
        return running;
    }

    /** Whether the next byte begins a line. */
    boolean isBetweenLines() {
        return splitter.partialLength() == 0;
    }

    /** Takes text of log records, whole lines. */
    void takeRecord(int recordLevel, ByteBuffer text, LogBuffers.Space space, LogFile.Mode mode, long now) {
        level = recordLevel;
        try {
            take(text, space, mode, now);
        } finally {
            level = 0;
        }
    }

    void take(ByteBuffer chunk, LogBuffers.Space space, LogFile.Mode mode, long now) {
        running = true;
        lastTime = now;
        int size = chunk.remaining();
        if (mode != LogFile.Mode.OFF) {
            file.prepare(now, false);
        }
        if (mode == LogFile.Mode.RAW) {
            file.writeRaw(chunk.duplicate(), space, now);
        }
        boolean stamped = mode == LogFile.Mode.STAMPED;
        if (chunk.hasArray()) {
            int from = chunk.arrayOffset() + chunk.position();
            split(chunk.array(), from, from + size, space, stamped, now);
            chunk.position(chunk.limit());
        } else {
            byte[] in = space.in();
            while (chunk.hasRemaining()) {
                int some = Math.min(in.length, chunk.remaining());
                chunk.get(in, 0, some);
                split(in, 0, some, space, stamped, now);
            }
        }
        splitter.forget();
        traffic = Traffic.of(lines, traffic.bytes() + size);
    }

    void end(LogBuffers.Space space, LogFile.Mode mode, long now) {
        running = false;
        finishLine(space, mode, now);
        file.flush(space, now);
        if (mode != LogFile.Mode.OFF) {
            file.tellLoss(now);
        }
    }

    /** Makes a line of what has no end. */
    void finishLine(LogBuffers.Space space, LogFile.Mode mode, long now) {
        boolean stamped = mode == LogFile.Mode.STAMPED;
        synchronized (memory) {
            if (!splitter.finish()) {
                return;
            }
            rememberOne(now);
        }
        lines++;
        traffic = Traffic.of(lines, traffic.bytes());
        int skip = inFile;
        inFile = 0;
        // a raw file had all of it already
        if (stamped && skip < splitter.to) {
            file.prepare(now, false);
            stamp(space, skip, now);
        }
        splitter.forget();
    }

    /** Sees that the open line is once in the file, whatever the file was and becomes. */
    void changeMode(LogFile.Mode from, LogFile.Mode to, LogBuffers.Space space, long now) {
        int length = splitter.partialLength();
        if (to == LogFile.Mode.RAW && length > inFile) {
            file.prepare(now, false);
            file.writeRaw(ByteBuffer.wrap(splitter.partial(), inFile, length - inFile), space, now);
        }
        if (from == LogFile.Mode.RAW || to == LogFile.Mode.RAW) {
            inFile = length;
        }
    }

    /** Adds the line that has no end yet; with the memory lock. */
    void addOpenLine(List<LogEntry> entries) {
        int length = splitter.partialLength();
        if (length > 0) {
            entries.add(LogLine.decode(lastTime, LogLine.kind(stream, LogLine.OPEN), splitter.partial(), 0, length));
        }
    }

    private void split(byte[] bytes, int from, int to, LogBuffers.Space space, boolean stamped, long now) {
        int at = from;
        while (at < to) {
            synchronized (memory) {
                at = takeWhole(bytes, at, to, space, stamped, now);
                at = at < to ? splitter.next(bytes, at, to) : -1;
                if (at < 0) {
                    return;
                }
                if (splitter.end == LogLine.ENDED) {
                    lines++;
                }
                rememberOne(now);
                if (!stamped) {
                    inFile = 0;
                    continue;
                }
                if (stampNow(space, now)) {
                    continue;
                }
            }
            // the disk is waited for without the memory lock
            int skip = inFile;
            inFile = 0;
            stamp(space, skip, now);
        }
    }

    /** Takes lines that are whole and fit, in blocks for the ring; what is left begins with one that needs more care. */
    private int takeWhole(byte[] bytes, int from, int to, LogBuffers.Space space, boolean stamped, long now) {
        int at = from;
        if (stamped) {
            space.stamp.set(now, LogLine.letter(LogLine.kind(stream, LogLine.ENDED)));
        }
        while (at < to && splitter.partialLength() == 0) {
            int limit = Math.min(to, at + LogRing.MAX_BLOCK);
            int end;
            int count;
            if (stamped) {
                int before = space.size;
                end = LineRun.stamp(bytes, at, limit, space, file.room(space));
                count = (space.size - before - (end - at)) / Stamp.LENGTH;
            } else {
                end = LineRun.lastEnd(bytes, at, limit);
                count = LineRun.count(bytes, at, end);
            }
            if (count == 0) {
                break;
            }
            lines += count;
            memory.add(now, LogLine.kind(stream, LogLine.ENDED, level), bytes, at, end - 1 - at, count);
            at = end;
        }
        return at;
    }

    private void rememberOne(long now) {
        memory.add(now, kind(), splitter.line, splitter.from, splitter.to - splitter.from, 1);
    }

    private boolean stampNow(LogBuffers.Space space, long now) {
        int start = splitter.from + inFile;
        int length = splitter.to - start;
        if (!file.fits(space, length, now)) {
            return false;
        }
        inFile = 0;
        file.add(space, now, kind(), splitter.line, start, length);
        return true;
    }

    private void stamp(LogBuffers.Space space, int skip, long now) {
        int start = splitter.from + skip;
        int length = splitter.to - start;
        file.makeRoom(space, length, now);
        file.add(space, now, kind(), splitter.line, start, length);
    }

    private int kind() {
        return LogLine.kind(stream, splitter.end, level);
    }
}
