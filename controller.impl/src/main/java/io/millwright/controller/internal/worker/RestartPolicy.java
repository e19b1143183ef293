package io.millwright.controller.internal.worker;

import io.millwright.controller.api.WorkerExit;
import io.millwright.controller.api.worker.OptionValues;
import java.time.Duration;
import java.util.Locale;
import java.util.random.RandomGenerator;

/**
 * Whether and when a worker that ended by itself is started again: the first time at once, then after a delay that grows by
 * a factor up to a maximum, spread by a jitter. Immutable.
 *
 * @param when after which exits
 * @param delay before the second restart
 * @param factor how much longer each further delay is
 * @param max the longest delay
 * @param jitter by how many percent, up or down, a delay is changed at random
 */
public record RestartPolicy(When when, Duration delay, double factor, Duration max, double jitter) {
    /** A run this long was good: the delays begin anew after it. */
    public static final Duration GOOD_RUN = Duration.ofSeconds(60);

    /** After which exits a worker is started again. */
    public enum When {
        /** After none. */
        NEVER,
        /** After errors and failed starts. */
        ON_FAILURE,
        /** After every end that was not asked for. */
        ALWAYS
    }

    /**
     * Reads the policy from a worker's options.
     *
     * @param options checked options with their defaults
     * @return the policy
     */
    public static RestartPolicy of(OptionValues options) {
        return new RestartPolicy(
                When.valueOf(options.string("restart.policy")
                        .orElse("never")
                        .replace('-', '_')
                        .toUpperCase(Locale.ROOT)),
                options.duration("restart.delay").orElse(Duration.ofMillis(100)),
                options.number("restart.factor").orElse(2.0),
                options.duration("restart.max").orElse(Duration.ofSeconds(30)),
                options.number("restart.jitter").orElse(10.0));
    }

    /**
     * Whether the worker is started again.
     *
     * @param exit how it ended
     * @return never after a requested exit
     */
    public boolean again(WorkerExit exit) {
        return switch (exit.exitClass()) {
            case REQUESTED -> false;
            case SUCCESS -> when == When.ALWAYS;
            case ERROR -> when != When.NEVER;
        };
    }

    /**
     * How long to wait before a restart.
     *
     * @param attempt restarts since the last good run, 0 for the first
     * @param random where the jitter comes from
     * @return zero for the first
     */
    public Duration delay(int attempt, RandomGenerator random) {
        if (attempt == 0) {
            return Duration.ZERO;
        }
        double millis = Math.min(delay.toMillis() * Math.pow(factor, attempt - 1.0), max.toMillis());
        double spread = 1 + (random.nextDouble() * 2 - 1) * jitter / 100;
        return Duration.ofNanos(Math.round(millis * spread * 1_000_000));
    }
}
