package io.millwright.controller.internal.worker;

import io.millwright.controller.api.CommandListener;
import io.millwright.controller.api.LogEntry.Stream;
import io.millwright.controller.internal.process.PacedSink;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands what a command writes to the caller that reads it, as it is, by a thread that may be blocked by it. What the caller has not
 * taken is bounded: above that nothing is read of the command. Thread-safe; nothing blocks, and no lock is held while it is handed on.
 */
final class CommandOutput {
    /** So much waits for the caller, and at most one piece more of each stream. */
    static final int MOST = 256 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(CommandOutput.class);

    private record Piece(Stream stream, byte[] data) {}

    private final CommandListener listener;
    private final Executor threads;

    // Guarded by this.
    private final Queue<Piece> waiting = new ArrayDeque<>();
    private final List<Runnable> forRoom = new ArrayList<>();
    private int bytes;
    private boolean delivering;
    /** The command is being killed: what there is no room for is dropped. */
    private boolean hurried;
    /** Nobody reads it any more. */
    private boolean closed;

    private @Nullable Runnable then;

    /**
     * Output of one command.
     *
     * @param listener gets it
     * @param threads run what may block
     */
    CommandOutput(CommandListener listener, Executor threads) {
        this.listener = listener;
        this.threads = threads;
    }

    /** Takes one of its streams. */
    PacedSink sink(Stream stream) {
        return new PacedSink() {
            @Override
            public void accept(ByteBuffer piece) {
                byte[] data = new byte[piece.remaining()];
                piece.get(data);
                add(new Piece(stream, data));
            }

            @Override
            public void end() {}

            @Override
            public boolean isFull(Runnable again) {
                return waitsForRoom(again);
            }
        };
    }

    private synchronized void add(Piece piece) {
        if (closed || piece.data().length == 0 || hurried && bytes >= MOST) {
            return;
        }
        waiting.add(piece);
        bytes += piece.data().length;
        deliverLater();
    }

    private synchronized boolean waitsForRoom(Runnable again) {
        if (closed || hurried || bytes < MOST) {
            return false;
        }
        forRoom.add(again);
        return true;
    }

    /** Guarded by this; the executor never runs it in this thread. */
    private void deliverLater() {
        if (!delivering) {
            delivering = true;
            try {
                threads.execute(this::deliver);
            } catch (RejectedExecutionException | OutOfMemoryError e) {
                LOG.warn("output of a command is lost: {}", e.toString());
                delivering = false;
                closed = true;
                waiting.clear();
            }
        }
    }

    private void deliver() {
        for (Piece piece = next(); piece != null; piece = next()) {
            try {
                listener.onOutput(piece.stream(), piece.data());
            } catch (RuntimeException | Error e) {
                LOG.warn("output of a command could not be handed on", e);
                close();
            }
            taken(piece);
        }
        runIfDelivered();
    }

    private synchronized @Nullable Piece next() {
        Piece piece = waiting.poll();
        delivering = piece != null;
        return piece;
    }

    private void taken(Piece piece) {
        List<Runnable> room;
        synchronized (this) {
            bytes -= piece.data().length;
            room = bytes < MOST ? takeWaiting() : List.of();
        }
        room.forEach(Runnable::run);
    }

    private List<Runnable> takeWaiting() {
        List<Runnable> all = List.copyOf(forRoom);
        forRoom.clear();
        return all;
    }

    /** Whether the command waits for its reader. */
    synchronized boolean isFull() {
        return !closed && !hurried && bytes >= MOST;
    }

    /** The command is killed, and nothing of it waits for its reader any more. */
    void hurry() {
        List<Runnable> room;
        synchronized (this) {
            hurried = true;
            room = takeWaiting();
        }
        room.forEach(Runnable::run);
    }

    /** Nobody reads it any more: what there is and what comes is dropped. */
    void close() {
        synchronized (this) {
            closed = true;
            bytes = 0;
            waiting.clear();
        }
        hurry();
        runIfDelivered();
    }

    /**
     * Nothing comes any more.
     *
     * @param after run once when the caller has it all or reads no longer, perhaps at once, by any thread
     */
    void end(Runnable after) {
        synchronized (this) {
            then = after;
        }
        runIfDelivered();
    }

    private void runIfDelivered() {
        Runnable last;
        synchronized (this) {
            last = closed || !delivering && waiting.isEmpty() ? then : null;
            then = last == null ? then : null;
        }
        if (last != null) {
            last.run();
        }
    }
}
