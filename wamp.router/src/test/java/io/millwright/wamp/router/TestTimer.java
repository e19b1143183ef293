package io.millwright.wamp.router;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Time that passes when a test says so. */
final class TestTimer implements RouterTimer {
    private record Entry(long due, Runnable task) {}

    private final List<Entry> entries = new ArrayList<>();
    private long now;

    @Override
    public synchronized Timeout schedule(Runnable task, Duration delay) {
        Entry entry = new Entry(now + delay.toMillis(), task);
        entries.add(entry);
        return () -> cancel(entry);
    }

    private synchronized void cancel(Entry entry) {
        entries.remove(entry);
    }

    void pass(Duration time) {
        List<Entry> due;
        synchronized (this) {
            now += time.toMillis();
            due = entries.stream().filter(entry -> entry.due() <= now).toList();
            entries.removeAll(due);
        }
        due.forEach(entry -> entry.task().run());
    }

    synchronized int waiting() {
        return entries.size();
    }
}
