package io.millwright.controller.internal.process.portable;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Writes to the standard input of one process, in order, on a thread that exists only while there is something to write: a
 * process that does not read stops nobody else. Thread-safe; nothing blocks.
 */
final class StdinWriter {
    /** More than this waiting means that nobody reads. */
    private static final long LIMIT = 1 << 20;

    private final String worker;
    private final OutputStream stream;
    private final Deque<Item> items = new ArrayDeque<>();
    private long waiting;
    private boolean running;
    private @Nullable String closedBecause;

    private record Item(byte @Nullable [] data, CompletableFuture<Void> written) {}

    StdinWriter(String worker, OutputStream stream) {
        this.worker = worker;
        this.stream = stream;
    }

    /** See {@link io.millwright.controller.internal.process.WorkerProcess#write}. */
    CompletableFuture<Void> write(byte[] data) {
        Item item = new Item(data, new CompletableFuture<>());
        String refused = enqueue(item);
        if (refused != null) {
            item.written.completeExceptionally(new IOException(refused));
        }
        return item.written;
    }

    private synchronized @Nullable String enqueue(Item item) {
        if (closedBecause != null) {
            return "standard input of worker '" + worker + "' is closed: " + closedBecause;
        }
        long length = item.data == null ? 0 : item.data.length;
        if (waiting > 0 && waiting + length > LIMIT) {
            return "worker '" + worker + "' does not read its standard input: " + waiting
                    + " bytes are waiting already; try again when it has read them";
        }
        if (!running) {
            Thread thread = new Thread(this::run, "millwright-io-" + worker + "-in");
            thread.setDaemon(true);
            try {
                thread.start();
            } catch (OutOfMemoryError e) {
                return "no thread can be started to write to worker '" + worker + "': " + e.getMessage();
            }
            running = true;
        }
        items.add(item);
        waiting += length;
        return null;
    }

    /** Ends the input after what was written before; {@code why} is told to those who write later. */
    void close(String why) {
        if (enqueue(new Item(null, new CompletableFuture<>())) == null) {
            refuse(why);
        }
    }

    /** Takes nothing more; what is open is closed by the JDK when the process has ended. */
    synchronized void refuse(String why) {
        if (closedBecause == null) {
            closedBecause = why;
        }
    }

    private synchronized @Nullable Item next() {
        Item item = items.poll();
        if (item == null) {
            running = false;
        }
        return item;
    }

    private synchronized void done(Item item) {
        waiting -= item.data == null ? 0 : item.data.length;
    }

    private void run() {
        for (Item item = next(); item != null; item = next()) {
            try {
                if (item.data == null) {
                    stream.close();
                } else {
                    stream.write(item.data);
                    stream.flush();
                }
                done(item);
                item.written.complete(null);
            } catch (IOException e) {
                done(item);
                refuse("the process does not take it any more (" + e.getMessage() + ")");
                item.written.completeExceptionally(new IOException(
                        "standard input of worker '" + worker + "' cannot be written: " + e.getMessage(), e));
            }
        }
    }
}
