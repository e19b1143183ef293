package io.millwright.monitor.oshi.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RatesTest {
    private static final long SECOND = 1_000_000_000L;
    private final Rates rates = new Rates();

    @Test
    void theFirstPollHasNone() {
        rates.begin(5 * SECOND);
        assertThat(rates.perSecond("a", 100)).isNull();
    }

    @Test
    void growthIsPerSecond() {
        rates.begin(-3 * SECOND);
        rates.perSecond("a", 100);
        rates.begin(-SECOND);
        assertThat(rates.perSecond("a", 300)).isEqualTo(100.0);
        rates.begin(0);
        assertThat(rates.perSecond("a", 300)).isEqualTo(0.0);
    }

    @Test
    void aNewCounterAndOneThatWasSetBackHaveNone() {
        rates.begin(SECOND);
        rates.perSecond("a", 100);
        rates.begin(2 * SECOND);
        assertThat(rates.perSecond("a", 5)).isNull();
        assertThat(rates.perSecond("b", 5)).isNull();
        rates.begin(4 * SECOND);
        assertThat(rates.perSecond("a", 15)).isEqualTo(5.0);
        assertThat(rates.perSecond("b", 9)).isEqualTo(2.0);
    }

    @Test
    void noTimeNoRate() {
        rates.begin(SECOND);
        rates.perSecond("a", 1);
        rates.begin(SECOND);
        assertThat(rates.perSecond("a", 2)).isNull();
    }
}
