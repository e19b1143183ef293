package io.millwright.controller.internal.worker.ready;

import io.millwright.controller.api.WorkerHealth;
import io.millwright.controller.api.WorkerHealth.State;
import io.millwright.controller.api.worker.LaunchPlan;
import io.millwright.controller.api.worker.OptionValues;
import io.millwright.controller.internal.options.ProbeOptions;
import io.millwright.controller.internal.process.Enclosure;
import io.millwright.controller.internal.worker.ControllerLoop;
import io.millwright.controller.internal.worker.Deadline;
import io.millwright.controller.internal.worker.Moment;
import io.millwright.options.Units;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Asks one run again and again how it is, as its options say. Belongs to the controller loop; asks in the threads of the {@link
 * Prober}. An answer that comes after {@link #cancel} is not believed.
 */
public final class Health {
    private static final Duration INTERVAL = Duration.ofSeconds(10);
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final long FAILURES = 3;
    /** The clock of questions whose interval is at least ten times as long. */
    private static final Duration TICK = Duration.ofMillis(100);
    /** A bad answer that comes so long after its time is the node's own fault, which stood still or had no thread. */
    private static final Duration LATE = Duration.ofSeconds(1);

    /** How a run is at one moment. Immutable. */
    public record Finding(State state, Moment since, @Nullable String reason) {
        /** What callers see of it at a moment. */
        public WorkerHealth shown(Moment now) {
            return WorkerHealth.of(state, since.asOf(now)).withReason(reason);
        }
    }

    /** Told of what has changed; called in the loop. */
    public interface Outcome {
        /** The run is in another state, or in the same for another reason. */
        void changed(Finding before, Finding now);
    }

    private final ControllerLoop loop;
    private final Prober prober;
    /** {@code null} if the program says by itself that it lives. */
    private final @Nullable Probe probe;

    /** How long it may say nothing. */
    private Duration watchdog;

    private final Outcome outcome;
    private final Map<String, Object> asked;
    private final Duration interval;
    private final Duration timeout;
    private final long failures;
    /** Until then bad answers do not count. */
    private final Moment patience;

    private @Nullable Future<?> timer;
    private boolean over;
    private boolean hasAnswered;
    /** The last answer was bad and too late to count; the next one counts. */
    private boolean wasPardoned;

    private long failed;
    private Finding now;

    private Health(
            ControllerLoop loop,
            Prober prober,
            @Nullable Probe probe,
            OptionValues options,
            Moment started,
            Outcome outcome) {
        this.loop = loop;
        this.prober = prober;
        this.probe = probe;
        this.outcome = outcome;
        Duration often = ProbeOptions.watchdog(options);
        this.watchdog = often == null ? Duration.ZERO : often;
        this.asked = ProbeOptions.health(options);
        this.interval = options.duration(ProbeOptions.HEALTH_INTERVAL).orElse(INTERVAL);
        this.timeout = options.duration(ProbeOptions.HEALTH_TIMEOUT).orElse(TIMEOUT);
        this.failures = options.integer(ProbeOptions.HEALTH_FAILURES).orElse(FAILURES);
        this.patience =
                started.plus(options.duration(ProbeOptions.HEALTH_START_PERIOD).orElse(Duration.ZERO));
        this.now = new Finding(State.UNKNOWN, loop.now(), null);
    }

    /**
     * Begins to ask a run, the first time at a random part of the interval, so that those that were started together are not asked
     * together. In the loop.
     *
     * @param enclosure what holds the processes of the run, {@code null} if nothing does
     * @param started when the run was
     */
    public static Health watch(
            ControllerLoop loop,
            Prober prober,
            OptionValues options,
            LaunchPlan plan,
            @Nullable Enclosure enclosure,
            Moment started,
            RandomGenerator random,
            Outcome outcome) {
        Probe probe = Probes.of(ProbeOptions.HEALTH, options, plan, enclosure, null);
        Health health = new Health(loop, prober, probe, options, started, outcome);
        if (probe == null) {
            health.awaitSign(health.watchdog.plus(
                    options.duration(ProbeOptions.HEALTH_START_PERIOD).orElse(Duration.ZERO)));
            return health;
        }
        health.later(probe, Duration.ofNanos((long) (health.interval.toNanos() * random.nextDouble())));
        return health;
    }

    /** Whether options ask in the same way. */
    public boolean fits(OptionValues options) {
        return asked.equals(ProbeOptions.health(options));
    }

    /** How the run is. */
    public Finding finding() {
        return now;
    }

    private void awaitSign(Duration limit) {
        if (timer != null) {
            timer.cancel(false);
        }
        timer = Deadline.after(loop, limit, () -> {
            if (!over) {
                become(State.UNHEALTHY, "it has not said WATCHDOG=1 for " + Units.text(limit));
            }
        });
    }

    /**
     * The program says that it lives.
     *
     * @param trouble it says that it is not well
     */
    public void pinged(boolean trouble) {
        if (over || probe != null) {
            return;
        } else if (trouble) {
            become(State.UNHEALTHY, "it has said WATCHDOG=trigger");
            return;
        }
        become(State.HEALTHY, null);
        awaitSign(watchdog);
    }

    /** The program says how long it may say nothing, from now on; of no matter for one that is asked. */
    public void setWatchdog(Duration limit) {
        if (!over && probe == null) {
            watchdog = limit;
            awaitSign(limit);
        }
    }

    private void later(Probe asking, Duration delay) {
        timer = loop.schedule(delay.plus(untilOthers(delay)), () -> {
            if (!over) {
                Moment late = loop.now().plus(timeout).plus(LATE);
                prober.ask(asking, timeout).thenAccept(bad -> loop.execute(() -> answered(asking, bad, late)));
            }
        });
    }

    /** A tick's rest: of a thousand workers those that are due within one tick are asked in one go. */
    private Duration untilOthers(Duration delay) {
        if (interval.compareTo(TICK.multipliedBy(10)) < 0) {
            return Duration.ZERO;
        }
        long beyond = loop.now().elapsed().plus(delay).toNanos() % TICK.toNanos();
        return Duration.ofNanos(beyond == 0 ? 0 : TICK.toNanos() - beyond);
    }

    private void answered(Probe asking, @Nullable String bad, Moment late) {
        if (over) {
            return;
        }
        boolean pardoned = bad != null && !wasPardoned && late.until(loop.now()).compareTo(Duration.ZERO) > 0;
        wasPardoned = pardoned;
        if (bad == null) {
            hasAnswered = true;
            failed = 0;
            become(State.HEALTHY, null);
        } else if (!pardoned && (hasAnswered || patience.until(loop.now()).compareTo(Duration.ZERO) >= 0)) {
            failed++;
            if (failed >= failures) {
                become(State.UNHEALTHY, bad);
            }
        }
        if (!over) {
            later(asking, interval);
        }
    }

    private void become(State state, @Nullable String reason) {
        Finding before = now;
        if (before.state() != state || !Objects.equals(before.reason(), reason)) {
            now = new Finding(state, before.state() == state ? before.since() : loop.now(), reason);
            outcome.changed(before, now);
        }
    }

    /** Nobody asks any more. */
    public void cancel() {
        over = true;
        if (timer != null) {
            timer.cancel(false);
        }
    }
}
