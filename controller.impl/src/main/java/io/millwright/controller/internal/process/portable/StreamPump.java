package io.millwright.controller.internal.process.portable;

import io.millwright.controller.internal.process.OutputSink;
import io.millwright.controller.internal.process.PacedSink;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Moves one output stream of a process to its sink, on a thread of its own, until the end or until abandoned. */
final class StreamPump {
    private static final Logger LOG = LoggerFactory.getLogger(StreamPump.class);
    /** What a quiet process costs; a busy one gets the larger buffer. */
    private static final int SMALL = 8 * 1024;

    private static final int LARGE = 64 * 1024;

    private enum State {
        READING,
        DELIVERING,
        /** To be ended by the reader when it is done with the bytes it is delivering. */
        ABANDONED,
        ENDED
    }

    private final String name;
    private final OutputSink sink;
    private final Runnable ended;
    private final AtomicReference<State> state = new AtomicReference<>(State.READING);
    private boolean complained;

    /**
     * Makes one; {@link #run} is for its thread, and may not come.
     *
     * @param name for the log
     * @param sink gets the bytes and the end
     * @param ended called once after the sink's end
     */
    StreamPump(String name, OutputSink sink, Runnable ended) {
        this.name = name;
        this.sink = sink;
        this.ended = ended;
    }

    String name() {
        return name;
    }

    /**
     * Moves the stream.
     *
     * @param stream the JDK's stream of the process
     * @param held run as soon as the JDK cannot close the stream any more
     */
    void run(InputStream stream, Runnable held) {
        // At the exit of the main process the JDK closes its pipes, and who else in the group is still writing its last
        // words would die of SIGPIPE. It takes the stream's monitor for that: held here, it has to wait for the end.
        synchronized (stream) {
            held.run();
            try (stream) {
                pump(stream);
            } catch (IOException e) {
                LOG.debug("{}: reading ended", name, e);
            } catch (OutOfMemoryError e) {
                LOG.error("{}: no memory to read output, it is cut off", name, e);
            }
        }
        if (state.getAndSet(State.ENDED) != State.ENDED) {
            end();
        }
    }

    private void pump(InputStream stream) throws IOException {
        byte[] buffer = new byte[SMALL];
        int length = stream.read(buffer);
        while (length >= 0) {
            if (!state.compareAndSet(State.READING, State.DELIVERING)) {
                return;
            }
            deliver(ByteBuffer.wrap(buffer, 0, length));
            if (!state.compareAndSet(State.DELIVERING, State.READING)) {
                return;
            }
            if (length == buffer.length && length < LARGE) {
                buffer = new byte[LARGE];
            }
            length = stream.read(buffer);
        }
    }

    private void deliver(ByteBuffer bytes) {
        try {
            sink.accept(bytes);
            if (sink instanceof PacedSink paced) {
                waitForRoom(paced);
            }
        } catch (RuntimeException | Error e) {
            if (!complained) {
                LOG.error("{}: output cannot be taken and is lost; the process goes on", name, e);
            }
            complained = true;
        }
    }

    private static void waitForRoom(PacedSink paced) {
        CountDownLatch room = new CountDownLatch(1);
        if (paced.isFull(room::countDown)) {
            try {
                room.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void end() {
        try {
            sink.end();
        } catch (RuntimeException | Error e) {
            LOG.error("{}: the end of output cannot be taken", name, e);
        }
        ended.run();
    }

    /**
     * Gives up. If the thread is in a read it stays there until a process that holds the pipe writes or ends: closing the
     * descriptor under it would not wake it, and it could then read another's of the same number.
     *
     * @param executor tells the sink
     */
    void abandon(Executor executor) {
        if (state.compareAndSet(State.READING, State.ENDED)) {
            executor.execute(this::end);
        } else {
            state.compareAndSet(State.DELIVERING, State.ABANDONED);
        }
    }
}
