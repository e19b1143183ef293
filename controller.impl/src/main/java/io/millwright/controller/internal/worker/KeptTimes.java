package io.millwright.controller.internal.worker;

import io.millwright.controller.api.WorkerId;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Up to which time the schedules of configured workers are done, for the node's next life. Belongs to the controller loop. */
public final class KeptTimes {
    /** By the id of the worker. */
    private final Map<String, Kept> times = new ConcurrentSkipListMap<>();

    private Runnable changed = () -> {};

    /**
     * What is kept of one worker. Immutable.
     *
     * @param when the expression and its zone; of another one nothing is kept
     * @param done what is to be done about times up to here is done
     * @param came whether that is a time which has come
     * @param last the last time for which it was started, {@code null} if there was none
     * @param result how its last run ended, {@code null} if none has
     */
    public record Kept(String when, Instant done, boolean came, @Nullable Instant last, @Nullable String result) {}

    /**
     * Goes on with what earlier lives have kept; before the boot.
     *
     * @param earlier by the id of the worker
     * @param listener runs after each change; does not block
     */
    public void keep(Map<String, Kept> earlier, Runnable listener) {
        times.putAll(earlier);
        changed = listener;
    }

    /** All there are now, by the id of the worker; a view. For any thread. */
    public Map<String, Kept> all() {
        return Collections.unmodifiableMap(times);
    }

    @Nullable
    Kept of(WorkerId id) {
        return times.get(id.value());
    }

    void put(WorkerId id, Kept now) {
        if (!now.equals(times.put(id.value(), now))) {
            changed.run();
        }
    }

    /** Forgets the workers that are not configured any more, since before this life of the node. */
    public void retain(Predicate<String> configured) {
        if (times.keySet().removeIf(id -> !configured.test(id))) {
            changed.run();
        }
    }

    void forget(WorkerId id) {
        if (times.remove(id.value()) != null) {
            changed.run();
        }
    }
}
