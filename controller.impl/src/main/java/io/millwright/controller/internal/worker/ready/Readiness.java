package io.millwright.controller.internal.worker.ready;

import io.millwright.controller.api.Subscription;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.worker.LaunchPlan;
import io.millwright.controller.api.worker.OptionValues;
import io.millwright.controller.internal.log.LogLane;
import io.millwright.controller.internal.log.WorkerLog;
import io.millwright.controller.internal.options.ProbeOptions;
import io.millwright.controller.internal.process.Enclosure;
import io.millwright.controller.internal.process.SystemPath;
import io.millwright.controller.internal.worker.ControllerLoop;
import io.millwright.controller.internal.worker.Deadline;
import io.millwright.controller.internal.worker.Moment;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Waits until one run is ready, as its options say, and no longer than {@code start.timeout}. Belongs to the controller loop; asks in
 * the threads of the {@link Prober}. What comes after {@link #cancel} is not believed.
 */
public final class Readiness {
    /** An answer must not take longer, whatever the interval is. */
    private static final Duration LIMIT = Duration.ofSeconds(5);

    /** What a run is asked by; {@code spent} of its time is over. */
    public record Facts(
            WorkerId worker,
            long pid,
            LaunchPlan plan,
            @Nullable Enclosure enclosure,
            OptionValues options,
            WorkerLog log,
            @Nullable LogLane lane,
            Instant created,
            Duration spent) {}

    /** What is done with the outcome; called in the loop. */
    public interface Outcome {
        /** It is asked once more; what is missing has changed. */
        void waits();

        /** It is ready, the last that is told. */
        void ready();

        /** Its time is over, the last that is told; why, for people. */
        void late(String why);
    }

    private final ControllerLoop loop;
    private final Prober prober;
    private final Facts facts;
    private final Outcome outcome;
    private final Duration interval;
    private final @Nullable Probe probe;
    private @Nullable Subscription lines;
    private @Nullable Future<?> timer;
    private @Nullable Future<?> deadline;
    private final Moment begun;
    private @Nullable Moment extended;
    private boolean over;
    private int asked;
    private String missing;

    private Readiness(ControllerLoop loop, Prober prober, Facts facts, Outcome outcome) {
        this.loop = loop;
        this.prober = prober;
        this.facts = facts;
        this.outcome = outcome;
        this.begun = loop.now();
        this.interval = facts.options().duration(ProbeOptions.READY_INTERVAL).orElseThrow();
        this.probe = probe(facts);
        this.missing = ProbeOptions.isNotified(facts.options())
                ? "it has not said READY=1"
                : probe == null ? "no line matches " + pattern() : "not asked yet for " + probe.what();
    }

    /** Whether options say more of a worker's readiness than that its process is there. */
    public static boolean isAsked(OptionValues options) {
        return ProbeOptions.isGiven(options);
    }

    /** Begins to wait for a run whose process is there. In the loop. */
    public static Readiness await(ControllerLoop loop, Prober prober, Facts facts, Outcome outcome) {
        Readiness readiness = new Readiness(loop, prober, facts, outcome);
        readiness.begin();
        return readiness;
    }

    private static @Nullable Probe probe(Facts facts) {
        OptionValues options = facts.options();
        PortOwner owner = new PortOwner(facts.worker().value(), facts.pid());
        Probe asked = Probes.of(ProbeOptions.READY, options, facts.plan(), facts.enclosure(), owner);
        if (asked != null) {
            return asked;
        }
        return options.string(ProbeOptions.FILE)
                .map(file -> new FileProbe(facts.plan().directory().resolve(SystemPath.of(file)), facts.created()))
                .orElse(null);
    }

    private String pattern() {
        return facts.options().string(ProbeOptions.LOG).orElseThrow();
    }

    private void begin() {
        limit(ProbeOptions.startTimeout(facts.options()).minus(facts.spent()));
        if (probe != null) {
            ask(probe);
            return;
        } else if (ProbeOptions.isNotified(facts.options())) {
            return;
        }
        LineWatch watch = new LineWatch(facts.log(), pattern(), facts.created(), () -> loop.execute(this::succeed));
        LogLane lane = facts.lane();
        if (lane != null && lane.keepsLines()) {
            lines = lane.follow(watch::onLine);
            return;
        }
        lines = facts.log().follow(Integer.MAX_VALUE, watch, prober.threads());
    }

    /** The program asks for more time: it has this long from now on. */
    public void extend(Duration limit) {
        extended = loop.now().plus(limit);
        limit(limit);
    }

    private void limit(Duration limit) {
        if (over) {
            return;
        }
        if (deadline != null) {
            deadline.cancel(false);
        }
        deadline = Deadline.after(loop, limit, () -> {
            if (!over) {
                cancel();
                outcome.late(missing);
            }
        });
    }

    /** The program says that it is ready. */
    public void notified() {
        if (ProbeOptions.isNotified(facts.options())) {
            succeed();
        }
    }

    private void ask(Probe asking) {
        prober.ask(asking, LIMIT).thenAccept(bad -> loop.execute(() -> answered(asking, bad)));
    }

    private void answered(Probe asking, @Nullable String bad) {
        if (over) {
            return;
        }
        asked++;
        if (bad == null) {
            succeed();
            return;
        }
        if (!bad.equals(missing)) {
            missing = bad;
            outcome.waits();
        }
        timer = loop.schedule(interval, () -> {
            if (!over) {
                ask(asking);
            }
        });
    }

    private void succeed() {
        if (!over) {
            cancel();
            outcome.ready();
        }
    }

    /** Nobody waits any more. */
    public void cancel() {
        over = true;
        if (timer != null) {
            timer.cancel(false);
        }
        if (deadline != null) {
            deadline.cancel(false);
        }
        if (lines != null) {
            lines.close();
        }
    }

    /** Whether other options ask something else than is waited for, or in another time. */
    public boolean isOutdatedBy(OptionValues options) {
        boolean canNotify = ProbeOptions.isNotified(facts.options()) || !ProbeOptions.isNotified(options);
        return !over && canNotify && !ProbeOptions.isSameReadiness(facts.options(), options);
    }

    /** How much of the time for the start is over. */
    public Duration spent() {
        return facts.spent().plus(begun.until(loop.now()));
    }

    /** Until when the program has asked for time, {@code null} if it has not. */
    public @Nullable Moment extended() {
        return extended;
    }

    /** What is missing, for people. */
    public String missing() {
        return missing + (asked > 1 ? " (asked " + asked + " times)" : "");
    }
}
