package io.millwright.controller.internal.worker;

import io.millwright.controller.api.WorkerExit;
import io.millwright.controller.api.WorkerExit.ExitClass;
import io.millwright.controller.api.worker.OptionValues;
import io.millwright.controller.internal.options.ExitNames;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The restarts a worker has had, and whether it gets another one. Reads no clock: times are handed in, on one monotonic scale of
 * any origin. Not thread-safe, for the controller loop.
 */
final class RestartTracker {
    /**
     * What the options say.
     *
     * @param policy after which exits, and how long the waits are
     * @param limit restarts within the window, 0 for any number
     * @param window how long a restart counts
     * @param fails whether the worker ends for good at the limit; else it is tried once each longest delay until a run is good
     * @param reset a run this long was good: the delays begin anew after it
     * @param codes exit codes and signals that are always followed by a restart
     * @param neverCodes exit codes and signals that never are
     */
    record Rules(
            RestartPolicy policy,
            int limit,
            Duration window,
            boolean fails,
            Duration reset,
            List<String> codes,
            List<String> neverCodes) {
        /** Reads the rules from checked options. */
        static Rules of(OptionValues options) {
            return new Rules(
                    RestartPolicy.of(options),
                    options.integer("restart.limit").orElse(0L).intValue(),
                    options.duration("restart.window").orElse(Duration.ofSeconds(60)),
                    options.string("restart.on_limit").orElse("").equals("fail"),
                    options.duration("restart.reset").orElse(RestartPolicy.GOOD_RUN),
                    options.strings("restart.codes"),
                    options.strings("restart.never_codes"));
        }
    }

    /**
     * What follows an end.
     *
     * @param again whether the worker is started again
     * @param delay after how long
     * @param reason a sentence on why it is not what the policy alone would do, {@code null} if it is
     */
    record Verdict(boolean again, Duration delay, @Nullable String reason) {
        private static Verdict none(@Nullable String reason) {
            return new Verdict(false, Duration.ZERO, reason);
        }
    }

    /**
     * Restarts that followed each other at once.
     *
     * @param restarts how many
     * @param since when the first of them was
     * @param last when the last of them was
     */
    record Burst(int restarts, Duration since, Duration last) {
        Burst next(Duration now) {
            return now.minus(last).compareTo(AT_ONCE) < 0
                    ? new Burst(restarts + 1, since, now)
                    : new Burst(1, now, now);
        }

        /** Whether there are so many of them that the worker does nothing else. */
        boolean isHot() {
            return restarts >= MANY;
        }
    }

    /** The limit that was reached; another one is judged anew. */
    private record Reached(int limit, Duration window) {}

    private static final Duration AT_ONCE = Duration.ofMillis(250);
    /** The delays that there are by default do not come to so many. */
    private static final int MANY = 20;

    /** When the restarts of the window were; only kept where there is a limit, and never more than it allows. */
    private final Deque<Duration> restarts = new ArrayDeque<>(0);

    private int attempt;
    /** The limit was reached, and no run has been good since. */
    private @Nullable Reached limited;

    private @Nullable Duration ready;

    private @Nullable Burst burst;

    /** A person or a configuration starts the worker: what was before does not count any more. */
    void forget() {
        restarts.clear();
        attempt = 0;
        limited = null;
        ready = null;
        burst = null;
    }

    /** The restarts that came one at once after the other up to the last one, {@code null} if they are not many. */
    @Nullable
    Burst hotLoop() {
        return burst != null && burst.isHot() ? burst : null;
    }

    /**
     * No restart follows the last end.
     *
     * @return whether the restarts before it were many
     */
    boolean endLoop() {
        boolean wasHot = hotLoop() != null;
        burst = null;
        return wasHot;
    }

    /** The worker's run is ready. */
    void ready(Duration now) {
        ready = now;
    }

    /**
     * Judges an end that nothing but the restart policy follows, and counts the restart if there is one.
     *
     * @param then what the node that ended the run has decided already
     */
    Verdict ended(Rules rules, WorkerExit exit, Run.Then then, Duration now, RandomGenerator random) {
        if (ready != null && now.minus(ready).compareTo(rules.reset) >= 0) {
            attempt = 0;
            limited = null;
        }
        ready = null;
        if (exit.exitClass() == ExitClass.REQUESTED || then == Run.Then.REST) {
            return Verdict.none(null);
        }
        if (then == Run.Then.DEMAND) {
            return new Verdict(true, Duration.ZERO, null);
        }
        boolean forced = then == Run.Then.RESTART;
        boolean again = forced || rules.policy.again(exit);
        if (!forced && ExitNames.contains(rules.neverCodes, exit)) {
            return Verdict.none(again ? exit.reason() + "; not restarted, for it is in restart.never_codes" : null);
        }
        boolean always = ExitNames.contains(rules.codes, exit);
        if (!again && !always) {
            return Verdict.none(null);
        }
        while (!restarts.isEmpty() && now.minus(restarts.getFirst()).compareTo(rules.window) >= 0) {
            restarts.removeFirst();
        }
        Reached here = new Reached(rules.limit, rules.window);
        if (rules.limit > 0 && (here.equals(limited) || restarts.size() >= rules.limit)) {
            limited = here;
            String reached = exit.reason() + "; restart.limit (" + rules.limit + " within "
                    + Settlement.text(rules.window) + ") is reached, ";
            if (rules.fails) {
                return Verdict.none(reached + "it is not restarted any more");
            }
            return again(
                    rules,
                    rules.policy.max(),
                    now,
                    reached + "it is tried once each " + Settlement.text(rules.policy.max()));
        }
        limited = null;
        String reason = again ? null : exit.reason() + "; restarted, for it is in restart.codes";
        return again(rules, rules.policy.delay(attempt, random), now, reason);
    }

    private Verdict again(Rules rules, Duration delay, Duration now, @Nullable String reason) {
        attempt++;
        Duration begins = now.plus(delay);
        burst = burst == null ? new Burst(1, begins, begins) : burst.next(begins);
        if (rules.limit > 0) {
            restarts.addLast(now.plus(delay));
            while (restarts.size() > rules.limit) {
                restarts.removeFirst();
            }
        }
        return new Verdict(true, delay, reason);
    }
}
