package io.millwright.controller.internal.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.controller.api.WorkerExit;
import io.millwright.controller.api.WorkerExit.ExitClass;
import io.millwright.controller.internal.worker.RestartPolicy.When;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RestartPolicyTest {
    private static final Duration DELAY = Duration.ofMillis(100);
    private static final Duration MAX = Duration.ofSeconds(30);

    private static WorkerExit exit(ExitClass exitClass) {
        return WorkerExit.of(exitClass, 0, null, "", Instant.EPOCH);
    }

    @Test
    void theFirstRestartIsAtOnceThenDelaysGrowToTheMaximum() {
        RestartPolicy policy = new RestartPolicy(When.ALWAYS, DELAY, 2, MAX, 0);
        assertThat(policy.delay(0, new Random(1))).isZero();
        assertThat(policy.delay(1, new Random(1))).isEqualTo(DELAY);
        assertThat(policy.delay(2, new Random(1))).isEqualTo(DELAY.multipliedBy(2));
        assertThat(policy.delay(5, new Random(1))).isEqualTo(DELAY.multipliedBy(16));
        assertThat(policy.delay(1_000_000, new Random(1))).isEqualTo(MAX);
    }

    @Test
    void jitterSpreadsWithinItsPercentage() {
        RestartPolicy policy = new RestartPolicy(When.ALWAYS, DELAY, 2, MAX, 10);
        Random random = new Random(7);
        boolean below = false;
        boolean above = false;
        for (int i = 0; i < 200; i++) {
            Duration delay = policy.delay(1, random);
            assertThat(delay).isBetween(Duration.ofMillis(90), Duration.ofMillis(110));
            below |= delay.compareTo(DELAY) < 0;
            above |= delay.compareTo(DELAY) > 0;
        }
        assertThat(below && above).isTrue();
    }

    @Test
    void aRequestedExitIsNeverFollowedByARestart() {
        for (When when : When.values()) {
            assertThat(new RestartPolicy(when, DELAY, 2, MAX, 0).again(exit(ExitClass.REQUESTED)))
                    .isFalse();
        }
    }

    @Test
    void policiesDifferInWhatTheyTakeForAReason() {
        assertThat(new RestartPolicy(When.NEVER, DELAY, 2, MAX, 0).again(exit(ExitClass.ERROR)))
                .isFalse();
        assertThat(new RestartPolicy(When.ON_FAILURE, DELAY, 2, MAX, 0).again(exit(ExitClass.SUCCESS)))
                .isFalse();
        assertThat(new RestartPolicy(When.ON_FAILURE, DELAY, 2, MAX, 0).again(exit(ExitClass.ERROR)))
                .isTrue();
        assertThat(new RestartPolicy(When.ALWAYS, DELAY, 2, MAX, 0).again(exit(ExitClass.SUCCESS)))
                .isTrue();
    }
}
