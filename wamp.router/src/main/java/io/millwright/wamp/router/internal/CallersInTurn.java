package io.millwright.wamp.router.internal;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Calls that wait to be done, one after the other on an executor: those of one caller in their order, callers in turn. So one that calls without
 * waiting for answers holds up itself, and another waits for one call of each. Thread-safe.
 */
final class CallersInTurn {
    private final Executor executor;
    /** By caller, in the order of their turns; none is there without a call. */
    private final Map<Long, Queue<Runnable>> waiting = new LinkedHashMap<>();

    CallersInTurn(Executor executor) {
        this.executor = executor;
    }

    void add(long caller, Runnable call) {
        synchronized (waiting) {
            waiting.computeIfAbsent(caller, key -> new ArrayDeque<>(2)).add(call);
        }
        executor.execute(this::runNext);
    }

    private void runNext() {
        Runnable call = next();
        if (call != null) {
            call.run();
        }
    }

    private @Nullable Runnable next() {
        synchronized (waiting) {
            Iterator<Map.Entry<Long, Queue<Runnable>>> callers =
                    waiting.entrySet().iterator();
            if (!callers.hasNext()) {
                return null;
            }
            Map.Entry<Long, Queue<Runnable>> first = callers.next();
            long caller = first.getKey();
            Queue<Runnable> calls = first.getValue();
            callers.remove();
            Runnable call = calls.poll();
            if (!calls.isEmpty()) {
                waiting.put(caller, calls);
            }
            return call;
        }
    }
}
