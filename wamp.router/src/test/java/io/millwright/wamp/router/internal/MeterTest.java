package io.millwright.wamp.router.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MeterTest {
    private static final long SECOND = 1_000_000_000;

    private long now = -5 * SECOND;
    private final Meter meter = new Meter(() -> now);

    private void each(int seconds, int messages, int answers) {
        for (int i = 0; i < seconds; i++) {
            for (int m = 0; m < messages; m++) {
                meter.received();
            }
            for (int a = 0; a < answers; a++) {
                meter.sent();
            }
            now += SECOND;
        }
    }

    @Test
    void aRateIsThatOfTheLastMinuteInWholeSeconds() {
        assertThat(meter.receivedRate()).isZero();
        each(2, 10, 30);
        assertThat(meter.receivedRate()).isEqualTo(10);
        assertThat(meter.sentRate()).isEqualTo(30);
        each(58, 10, 0);
        assertThat(meter.receivedRate()).isEqualTo(10);
        assertThat(meter.sentRate()).isEqualTo(1);
        each(2, 0, 0);
        assertThat(meter.receivedRate()).isEqualTo(580.0 / 60);
        assertThat(meter.sentRate()).isZero();
        meter.received();
        assertThat(meter.receivedRate()).isEqualTo(580.0 / 60);
        now += 1000 * SECOND;
        assertThat(meter.receivedRate()).isZero();
        assertThat(meter.allReceived()).isEqualTo(601);
        assertThat(meter.allSent()).isEqualTo(60);
    }

    @Test
    void theFirstSecondCountsAsOne() {
        meter.received();
        meter.received();
        assertThat(meter.receivedRate()).isEqualTo(2);
    }
}
