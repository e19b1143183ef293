package io.millwright.monitor.oshi.internal;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns counters into rates since the previous poll. One client's; not thread-safe. */
final class Rates {
    private Map<String, Long> previous = Map.of();
    private Map<String, Long> current = new HashMap<>();
    private long previousTime;
    private long currentTime;

    /**
     * Begins a poll.
     *
     * @param nanos the time on a clock that only goes forward
     */
    void begin(long nanos) {
        previous = current;
        previousTime = currentTime;
        current = new HashMap<>();
        currentTime = nanos;
    }

    /**
     * Notes a counter.
     *
     * @param name its name
     * @param value what it stands at
     * @return its growth a second; {@code null} if it was not there at the previous poll or has been set back
     */
    @Nullable
    Double perSecond(String name, long value) {
        current.put(name, value);
        Long before = previous.get(name);
        long elapsed = currentTime - previousTime;
        if (before == null || value < before || elapsed <= 0) {
            return null;
        }
        return (value - before) * 1e9 / elapsed;
    }
}
