package io.millwright.remote.wamp.internal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Hands a stream of things to a caller as fast as its connection takes them: a bounded number waits, the oldest are dropped for the newest,
 * and their number is told. Thread-safe; nothing blocks.
 */
final class Feed<T> {
    /** Sends some things. */
    @FunctionalInterface
    interface Sender<T> {
        /**
         * Sends.
         *
         * @param some at least one, or none if only a loss is to be told
         * @param lost how many were dropped just before the first of them
         * @return completed with true when there is room for more, with false when nobody takes any
         */
        CompletionStage<Boolean> send(List<T> some, long lost);
    }

    private static final int WAITING = 5_000;
    private static final int AT_ONCE = 500;

    private final Sender<T> sender;
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private final Deque<T> queue = new ArrayDeque<>();
    private long lost;
    private boolean sending;
    private boolean ended;

    Feed(Sender<T> sender) {
        this.sender = sender;
    }

    /** Complete when all is sent after {@link #end()}, or nobody takes any more. */
    CompletableFuture<Void> done() {
        return done;
    }

    /**
     * More has come.
     *
     * @param some what
     * @param dropped how many were dropped before it by others
     */
    void add(List<T> some, long dropped) {
        synchronized (queue) {
            lost += dropped;
            queue.addAll(some);
            while (queue.size() > WAITING) {
                queue.remove();
                lost++;
            }
        }
        pump();
    }

    /** Nothing more will come. */
    void end() {
        synchronized (queue) {
            ended = true;
        }
        pump();
    }

    private void pump() {
        while (true) {
            List<T> some = new ArrayList<>();
            long gone;
            synchronized (queue) {
                if (sending || done.isDone()) {
                    return;
                }
                if (queue.isEmpty() && lost == 0) {
                    break;
                }
                while (!queue.isEmpty() && some.size() < AT_ONCE) {
                    some.add(queue.remove());
                }
                gone = lost;
                lost = 0;
                sending = true;
            }
            CompletableFuture<Boolean> sent = sender.send(some, gone).toCompletableFuture();
            if (!sent.isDone()) {
                sent.whenComplete((more, fault) -> {
                    sent(fault == null && more);
                    pump();
                });
                return;
            }
            sent(!sent.isCompletedExceptionally() && sent.join());
        }
        boolean over;
        synchronized (queue) {
            over = ended && queue.isEmpty() && !sending;
        }
        if (over) {
            done.complete(null);
        }
    }

    private void sent(boolean more) {
        synchronized (queue) {
            sending = false;
        }
        if (!more) {
            done.complete(null);
        }
    }
}
