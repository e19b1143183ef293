package io.millwright.remote.wamp.internal;

import io.millwright.controller.api.monitor.SystemSampler;
import io.millwright.controller.api.monitor.SystemStats;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** A sampler of the machine's figures for each session that asks for them. Thread-safe; sampling blocks. */
final class Samplers {
    private static final long SECOND = 1_000_000_000L;

    private static final class Sampled {
        private final SystemSampler sampler;
        private @Nullable SystemStats last;
        private long at;

        Sampled(SystemSampler sampler) {
            this.sampler = sampler;
        }

        /** At most one poll a second; a session that asks more often gets the last one again. */
        synchronized SystemStats sample(long now) {
            SystemStats known = last;
            if (known == null || now - at >= SECOND) {
                known = sampler.sample();
                last = known;
                at = now;
            }
            return known;
        }
    }

    private final Map<Long, Sampled> bySession = new ConcurrentHashMap<>();
    private final LongSupplier nanoTime;

    Samplers(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    SystemStats sample(Request request) {
        return bySession
                .computeIfAbsent(
                        request.session().id(),
                        session -> new Sampled(request.node().newSystemSampler()))
                .sample(nanoTime.getAsLong());
    }

    /** A session has left. */
    void left(long session) {
        bySession.remove(session);
    }
}
