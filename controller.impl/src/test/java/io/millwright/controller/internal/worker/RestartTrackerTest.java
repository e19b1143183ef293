package io.millwright.controller.internal.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.millwright.controller.api.WorkerExit;
import io.millwright.controller.api.WorkerExit.ExitClass;
import io.millwright.controller.internal.worker.RestartPolicy.When;
import io.millwright.controller.internal.worker.RestartTracker.Rules;
import io.millwright.controller.internal.worker.RestartTracker.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RestartTrackerTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration MAX = Duration.ofSeconds(30);
    private static final String LIMIT = "exit code 1; restart.limit (2 within 10 s) is reached, it is ";

    private final RestartTracker tracker = new RestartTracker();

    private static Rules rules(When when, int limit, boolean fails, List<String> codes, List<String> never) {
        RestartPolicy policy = new RestartPolicy(when, SECOND, 2, MAX, 0);
        return new Rules(policy, limit, SECOND.multipliedBy(10), fails, SECOND.multipliedBy(60), codes, never);
    }

    private static WorkerExit exit(ExitClass exitClass, @Nullable Integer code, @Nullable String signal) {
        String reason = signal != null ? "signal " + signal : "exit code " + code;
        return WorkerExit.of(exitClass, code, signal, reason, Instant.EPOCH);
    }

    /** An error of a run that was ready for some seconds, or never. */
    private Verdict fails(Rules rules, @Nullable Integer ranSeconds, int atSeconds) {
        // A monotonic clock may begin anywhere, below zero too.
        Duration now = Duration.ofSeconds(atSeconds - 1_000L);
        if (ranSeconds != null) {
            tracker.ready(now.minusSeconds(ranSeconds));
        }
        return tracker.ended(rules, exit(ExitClass.ERROR, 1, null), Run.Then.POLICY, now, new Random(1));
    }

    /** A limit that is raised is judged anew: the worker is not held to the slow pace of the old one. */
    @Test
    void aLimitThatIsChangedIsNotTheOneThatWasReached() {
        Rules two = rules(When.ALWAYS, 2, false, List.of(), List.of());
        fails(two, null, 0);
        fails(two, null, 1);
        assertThat(fails(two, null, 2).reason()).startsWith(LIMIT);
        Verdict verdict = fails(rules(When.ALWAYS, 1000, false, List.of(), List.of()), null, 3);
        assertThat(verdict.again()).isTrue();
        assertThat(verdict.reason()).isNull();
    }

    static Stream<Arguments> ends() {
        List<String> none = List.of();
        List<String> codes = List.of("3, SIGSEGV", "0");
        WorkerExit three = exit(ExitClass.ERROR, 3, null);
        WorkerExit good = exit(ExitClass.SUCCESS, 0, null);
        WorkerExit signal = exit(ExitClass.ERROR, null, "SEGV");
        // A signal without a name is known by its number, which is no exit code.
        WorkerExit number = exit(ExitClass.ERROR, null, "3");
        WorkerExit unstarted = exit(ExitClass.ERROR, null, null);
        return Stream.of(
                arguments(When.NEVER, none, none, three, false, null),
                arguments(When.NEVER, codes, none, three, true, "exit code 3; restarted, for it is in restart.codes"),
                arguments(When.NEVER, codes, none, good, true, "exit code 0; restarted, for it is in restart.codes"),
                arguments(When.NEVER, codes, none, signal, true, "signal SEGV; restarted, for it is in restart.codes"),
                arguments(When.NEVER, codes, none, number, false, null),
                arguments(When.NEVER, codes, none, unstarted, false, null),
                arguments(When.NEVER, codes, none, exit(ExitClass.REQUESTED, 3, null), false, null),
                arguments(When.NEVER, none, codes, three, false, null),
                arguments(When.ALWAYS, codes, none, three, true, null),
                arguments(
                        When.ALWAYS,
                        none,
                        codes,
                        three,
                        false,
                        "exit code 3; not restarted, for it is in restart.never_codes"),
                arguments(
                        When.ALWAYS,
                        none,
                        codes,
                        signal,
                        false,
                        "signal SEGV; not restarted, for it is in restart.never_codes"),
                arguments(When.ALWAYS, none, codes, unstarted, true, null),
                arguments(When.ON_FAILURE, none, codes, exit(ExitClass.ERROR, 4, null), true, null),
                arguments(When.ON_FAILURE, none, none, good, false, null));
    }

    @ParameterizedTest
    @MethodSource("ends")
    void codesStandAboveThePolicy(
            When when,
            List<String> codes,
            List<String> never,
            WorkerExit exit,
            boolean again,
            @Nullable String reason) {
        Verdict verdict =
                tracker.ended(rules(when, 0, false, codes, never), exit, Run.Then.POLICY, Duration.ZERO, new Random(1));
        assertThat(verdict).isEqualTo(new Verdict(again, Duration.ZERO, reason));
    }

    @Test
    void delaysGrowAndBeginAnewAfterAGoodRun() {
        Rules rules = rules(When.ALWAYS, 0, false, List.of(), List.of());
        @Nullable Integer[][] table = {{0, 0}, {59, 1}, {null, 2}, {60, 0}, {null, 1}};
        for (@Nullable Integer[] row : table) {
            assertThat(fails(rules, row[0], 0)).isEqualTo(new Verdict(true, Duration.ofSeconds(row[1]), null));
        }
        tracker.forget();
        assertThat(fails(rules, null, 0).delay()).isZero();
    }

    @Test
    void atTheLimitItEndsForGoodUntilSomebodyStartsIt() {
        Rules rules = rules(When.ALWAYS, 2, true, List.of(), List.of());
        assertThat(fails(rules, 0, 0).again()).isTrue();
        assertThat(fails(rules, 0, 5).again()).isTrue();
        assertThat(fails(rules, 0, 9)).isEqualTo(new Verdict(false, Duration.ZERO, LIMIT + "not restarted any more"));
        tracker.forget();
        assertThat(fails(rules, 0, 9).again()).isTrue();
    }

    @Test
    void aRestartCountsForTheWindowAndNoLonger() {
        Rules rules = rules(When.ALWAYS, 2, true, List.of(), List.of());
        for (int second = 0; second < 100; second += 10) {
            assertThat(fails(rules, 60, second).again()).isTrue();
        }
        assertThat(fails(rules, 60, 200)).isEqualTo(new Verdict(true, Duration.ZERO, null));
        assertThat(fails(rules, 60, 205).again()).isTrue();
        assertThat(fails(rules, 60, 209).again()).isFalse();
        assertThat(fails(rules, 60, 210).again()).isTrue();
    }

    @Test
    void atTheLimitItIsTriedOnceEachLongestDelayUntilARunIsGood() {
        Rules rules = rules(When.ALWAYS, 2, false, List.of(), List.of());
        Verdict seldom = new Verdict(true, MAX, LIMIT + "tried once each 30 s");
        assertThat(fails(rules, 0, 0).delay()).isZero();
        assertThat(fails(rules, 0, 1).delay()).isEqualTo(SECOND);
        assertThat(fails(rules, 0, 3)).isEqualTo(seldom);
        assertThat(fails(rules, 59, 100)).as("the window is long over").isEqualTo(seldom);
        assertThat(fails(rules, null, 140)).isEqualTo(seldom);
        assertThat(fails(rules, 60, 300)).isEqualTo(new Verdict(true, Duration.ZERO, null));
    }
}
