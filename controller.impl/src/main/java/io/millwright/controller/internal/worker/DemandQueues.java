package io.millwright.controller.internal.worker;

import io.millwright.controller.internal.process.HeldSocket;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * The workers that wait for a connection, in one queue a socket: instances of a group may wait for the same one. A connection starts the
 * one that has waited longest, and the next only if a connection waits in the socket a second later. Belongs to the controller loop.
 */
final class DemandQueues {
    /** A program that runs takes a connection sooner, if it is not busy. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final ControllerLoop loop;
    private final Map<HeldSocket, Queue> queues = new HashMap<>();

    DemandQueues(ControllerLoop loop) {
        this.loop = loop;
    }

    /**
     * A worker that waits.
     *
     * @param isServed whether another program has its sockets, and will probably take the connection
     * @param start starts it, which has it leave
     */
    record Waiter(BooleanSupplier isServed, Runnable start) {}

    private static final class Queue {
        final HeldSocket socket;
        final Map<Wait.ForDemand, Waiter> waiting = new LinkedHashMap<>();
        boolean paused;

        Queue(HeldSocket socket) {
            this.socket = socket;
        }

        Waiter first() {
            return waiting.values().iterator().next();
        }
    }

    /** A worker waits for a connection on any of some open sockets, until it leaves. */
    void enter(Wait.ForDemand wait, List<HeldSocket> sockets, Waiter waiter) {
        for (HeldSocket socket : sockets) {
            Queue queue = queues.computeIfAbsent(socket, Queue::new);
            queue.waiting.put(wait, waiter);
            if (queue.waiting.size() == 1 && !queue.paused) {
                watch(queue);
            }
        }
    }

    /** A worker waits no more; before its sockets are closed. */
    void leave(Wait.ForDemand wait, List<HeldSocket> sockets) {
        for (HeldSocket socket : sockets) {
            Queue queue = queues.get(socket);
            if (queue != null && queue.waiting.remove(wait) != null && queue.waiting.isEmpty()) {
                socket.ignore();
                queues.remove(socket);
            }
        }
    }

    private void watch(Queue queue) {
        queue.socket.onConnection(() -> loop.execute(() -> seen(queue)));
    }

    private boolean isThere(Queue queue) {
        return queues.get(queue.socket) == queue;
    }

    private void seen(Queue queue) {
        if (!isThere(queue) || queue.paused) {
            return;
        }
        if (queue.first().isServed().getAsBoolean()) {
            pause(queue);
        } else {
            startFirst(queue);
        }
    }

    private void startFirst(Queue queue) {
        queue.first().start().run();
        pause(queue);
    }

    private void pause(Queue queue) {
        if (isThere(queue)) {
            queue.paused = true;
            loop.schedule(PAUSE, () -> lookAgain(queue));
        }
    }

    private void lookAgain(Queue queue) {
        if (!isThere(queue)) {
            return;
        }
        if (queue.socket.hasConnection()) {
            startFirst(queue);
        } else {
            queue.paused = false;
            watch(queue);
        }
    }
}
