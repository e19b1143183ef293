package io.millwright.controller.internal.log;

import io.millwright.controller.api.LogEntry.Stream;
import io.millwright.controller.api.Subscription;
import io.millwright.controller.internal.process.OutputSink;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The way of one run's output into its worker's log. A worker with two runs at once has two, so that no line is made of the text of
 * both; the lines of a run that retires have a mark. Thread-safe.
 */
public final class LogLane {
    private static final byte[] MARK = "[retiring] ".getBytes(StandardCharsets.US_ASCII);

    final LogPipe out;
    final LogPipe err;
    private final OutputSink stdout;
    private final OutputSink stderr;
    private volatile boolean retiring;
    private volatile @Nullable LineTap tap;

    LogLane(LogMemory memory, LogFile file, LogWriter writer) {
        out = new LogPipe(Stream.STDOUT, memory, file);
        err = new LogPipe(Stream.STDERR, memory, file);
        stdout = new PipeSink(this, out, writer);
        stderr = new PipeSink(this, err, writer);
    }

    /** Where the run's standard output goes. */
    public OutputSink stdout() {
        return stdout;
    }

    /** Where the run's standard error goes. */
    public OutputSink stderr() {
        return stderr;
    }

    /** What the run writes from now on is marked. */
    public void retire() {
        retiring = true;
    }

    /** Another run has it. */
    void begin() {
        retiring = false;
        tap = null;
    }

    /** Keeps the lines of a run that begins beside another for {@link #follow}. */
    public void keepLines() {
        tap = new LineTap();
    }

    /** Whether lines are kept: then those of the worker's other run are not of this one. */
    public boolean keepsLines() {
        return tap != null;
    }

    /**
     * Gives a reader the lines of this run alone, from its first on.
     *
     * @param reader called by the threads that take its output; must not block
     * @return ends it
     */
    public Subscription follow(Consumer<String> reader) {
        LineTap mine = tap;
        if (mine != null) {
            mine.read(reader);
        }
        return () -> tap = null;
    }

    /** Whether bytes of either stream came and their end has not. */
    boolean running() {
        return out.running() || err.running();
    }

    /** The bytes as they are written, each line of a retiring run with its mark. */
    ByteBuffer text(ByteBuffer bytes, LogPipe pipe) {
        LineTap listener = tap;
        if (listener != null) {
            (pipe == out ? listener.out : listener.err).accept(bytes.duplicate());
        }
        if (!retiring) {
            return bytes;
        }
        ByteArrayOutputStream marked = new ByteArrayOutputStream(bytes.remaining() + MARK.length);
        boolean begins = pipe.isBetweenLines();
        while (bytes.hasRemaining()) {
            if (begins) {
                marked.write(MARK, 0, MARK.length);
            }
            byte next = bytes.get();
            marked.write(next);
            begins = next == '\n';
        }
        return ByteBuffer.wrap(marked.toByteArray());
    }
}
