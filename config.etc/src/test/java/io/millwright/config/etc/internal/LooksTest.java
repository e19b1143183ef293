package io.millwright.config.etc.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The timer is the test's. */
class LooksTest {
    private final List<Planned> planned = new ArrayList<>();
    private final List<Long> looked = new ArrayList<>();
    private long now;

    private final Looks looks = new Looks(
            new Looks.Timer() {
                @Override
                public long millis() {
                    return now;
                }

                @Override
                public Runnable after(Runnable task, long millis) {
                    Planned one = new Planned(now + millis, task);
                    planned.add(one);
                    return () -> planned.remove(one);
                }
            },
            () -> looked.add(now));

    private record Planned(long at, Runnable task) {}

    private void passes(long millis) {
        long end = now + millis;
        while (true) {
            Planned first = planned.stream()
                    .filter(one -> one.at() <= end)
                    .min(Comparator.comparingLong(Planned::at))
                    .orElse(null);
            if (first == null) {
                now = end;
                return;
            }
            planned.remove(first);
            now = first.at();
            first.task().run();
        }
    }

    @Test
    void looksSoonAndThenEverLaterAndNoMore() {
        looks.begin();
        passes(3_600_000);
        assertThat(looked).containsExactly(100L, 200L, 300L, 700L, 2000L, 5000L, 10_000L, 20_000L);
        assertThat(planned).isEmpty();
    }

    /** Whichever look of an earlier series is to come next. */
    @ParameterizedTest
    @ValueSource(longs = {0, 50, 150, 650, 750, 1999, 2100, 5100, 9999, 10_100, 19_950, 19_999, 20_000, 30_000})
    void whatHappensLaterIsLookedAtTwiceAsSoon(long later) {
        looks.begin();
        passes(later);
        looks.begin();
        looked.clear();
        passes(200);
        assertThat(looked).hasSize(2);
        passes(3_600_000);
        assertThat(looked.stream().distinct()).hasSameSizeAs(looked).hasSizeBetween(8, 9);
        assertThat(planned).isEmpty();
    }

    @Test
    void whatHappensWithoutAPauseIsLookedAtAllTheSame() {
        for (int i = 0; i < 100; i++) {
            looks.begin();
            passes(10);
        }
        assertThat(looked).hasSize(10);
    }
}
