package io.millwright.wamp.router;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Calls that wait to be done on an executor: those of one caller are begun in their order, callers in turn. So one that calls without waiting for
 * answers holds up itself, and another waits for one call of each. Thread-safe.
 */
public final class CallersInTurn {
    private final Executor executor;
    /** By caller, in the order of their turns; none is there without a call. */
    private final Map<Long, Queue<Runnable>> waiting = new LinkedHashMap<>();

    /**
     * Nobody waits.
     *
     * @param executor runs a task for each call, in any order
     */
    public CallersInTurn(Executor executor) {
        this.executor = executor;
    }

    /** A call is to be done. */
    public void add(long caller, Runnable call) {
        add(caller, Integer.MAX_VALUE, call);
    }

    /**
     * The same, unless too many wait.
     *
     * @param caller who calls
     * @param most how many calls of the caller may wait, this one included
     * @param call what is to be done
     * @return whether it will be
     */
    public boolean add(long caller, int most, Runnable call) {
        synchronized (waiting) {
            Queue<Runnable> calls = waiting.computeIfAbsent(caller, key -> new ArrayDeque<>(2));
            if (calls.size() >= most) {
                return false;
            }
            calls.add(call);
        }
        executor.execute(this::runNext);
        return true;
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
