package io.millwright.controller.internal.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** A deadline of ten seconds under a clock that goes on while the node stands still. */
class DeadlineTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final HandLoop loop = new HandLoop();
    private int ends;
    private final Future<?> deadline = Deadline.after(loop, LIMIT, () -> ends++);

    @Test
    void endsOnceAtItsTime() {
        loop.pass(Duration.ofMillis(9_999));
        assertThat(ends).isZero();
        loop.pass(Duration.ofMillis(2));
        assertThat(ends).isOne();
        loop.pass(LIMIT.multipliedBy(5));
        assertThat(ends).isOne();
    }

    @Test
    void theTimeOfANodeThatStoodStillIsNotCounted() {
        loop.pass(Duration.ofSeconds(40));
        assertThat(ends).as("a halted node heard nothing").isZero();
        loop.pass(LIMIT);
        assertThat(ends).isOne();
    }

    @Test
    void aLateTimerAddsNoMoreThanItWasLate() {
        loop.pass(LIMIT.plusMillis(150));
        assertThat(ends).isZero();
        loop.pass(Duration.ofMillis(150));
        assertThat(ends).isOne();
    }

    @Test
    void aNodeThatIsAlwaysLateComesToAnEnd() {
        for (int i = 0; i < Deadline.MOST; i++) {
            loop.pass(LIMIT.plusSeconds(1));
            assertThat(ends).isZero();
        }
        loop.pass(LIMIT.plusSeconds(1));
        assertThat(ends).isOne();
    }

    @Test
    void aCancelledOneNeverEnds() {
        loop.pass(LIMIT.plusSeconds(1));
        deadline.cancel(false);
        assertThat(loop.timers).as("no timer is left").isEmpty();
        loop.pass(LIMIT.multipliedBy(2));
        assertThat(ends).isZero();
    }

    @Test
    void oneThatIsOverAlreadyEndsNext() {
        Deadline.after(loop, Duration.ofSeconds(-5), () -> ends += 10);
        loop.pass(Duration.ZERO);
        assertThat(ends).isEqualTo(10);
    }
}
