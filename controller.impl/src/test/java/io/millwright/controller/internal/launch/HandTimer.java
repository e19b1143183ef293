package io.millwright.controller.internal.launch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.atomic.AtomicLong;

/** A clock and a timer that a test moves by hand; what is due is run by the thread that moves them. Thread-safe. */
public final class HandTimer implements PluginPool.Timer {
    private record Due(long at, Runnable task) {}

    private final AtomicLong now = new AtomicLong();
    private final PriorityQueue<Due> waiting = new PriorityQueue<>((one, other) -> Long.compare(one.at(), other.at()));

    public long nanos() {
        return now.get();
    }

    @Override
    public void after(long nanos, Runnable task) {
        synchronized (waiting) {
            waiting.add(new Due(now.get() + nanos, task));
        }
    }

    public void move(Duration time) {
        long to = now.addAndGet(time.toNanos());
        List<Runnable> due = new ArrayList<>();
        synchronized (waiting) {
            while (!waiting.isEmpty() && waiting.peek().at() <= to) {
                due.add(waiting.remove().task());
            }
        }
        due.forEach(Runnable::run);
    }
}
