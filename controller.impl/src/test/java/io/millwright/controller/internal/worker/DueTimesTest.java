package io.millwright.controller.internal.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.controller.internal.options.ScheduleOptions.Overlap;
import io.millwright.controller.internal.options.ScheduleOptions.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A wall clock that goes on, is looked at each minute, and is set as it pleases. */
class DueTimesTest {
    private static final Instant NOON = Instant.parse("2026-11-30T12:00:00Z");

    private static Schedule schedule(String cron, Duration jitter) {
        return new Schedule(cron, ZoneOffset.UTC, Overlap.SKIP, false, jitter, null);
    }

    private static DueTimes times(String cron, Instant now) {
        return new DueTimes(schedule(cron, Duration.ZERO), now, new Random(1));
    }

    /** What has come by now, and {@code !} before the last of those that were missed. */
    private static List<String> look(DueTimes times, Instant now) {
        List<String> found = new ArrayList<>();
        if (times.setBack(now)) {
            return found;
        }
        DueTimes.Missed missed = times.takeMissed(now);
        if (missed != null) {
            found.add(missed.count() + "!" + missed.last().toString().substring(11, 16));
        }
        for (Instant time = times.take(now); time != null; time = times.take(now)) {
            found.add(time.toString().substring(11, 16));
        }
        return found;
    }

    /** Each line: an hourly schedule that begins at noon, and the clock as it is looked at, with what comes then. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "goes on|12:30= 13:00=13:00 13:30= 14:00=14:00",
                "is looked at a minute late|13:01=13:00 14:02=14:00",
                "is set forward by hours|12:30= 15:30=3!15:00 16:00=16:00",
                "is set forward to just after a time|12:30= 15:01=2!14:00,15:00",
                "is set back by hours after a time|13:00=13:00 11:00= 12:00= 13:00= 13:30= 14:00=14:00",
                "is set back by hours before any time|12:30= 10:30= 11:00=11:00 12:00=12:00",
                "is set forward and back again|12:30= 15:30=3!15:00 12:31= 13:00= 15:00= 16:00=16:00",
                "is set back and forward again|13:00=13:00 11:30= 13:10= 14:00=14:00",
            })
    void noTimeComesTwiceAndNoneIsForgotten(String clock, String looks) {
        DueTimes times = times("0 * * * *", NOON);
        for (String one : looks.split(" ")) {
            String[] parts = one.split("=", 2);
            assertThat(String.join(",", look(times, Instant.parse("2026-11-30T" + parts[0] + ":00Z"))))
                    .as("a clock that " + clock + ", at " + parts[0])
                    .isEqualTo(parts[1]);
        }
    }

    @Test
    void aClockThatWasQuiteWrongDoesNotCount() {
        DueTimes times = times("0 * * * *", Instant.parse("2038-01-01T00:30:00Z"));
        assertThat(look(times, Instant.parse("2038-01-01T01:00:00Z"))).containsExactly("01:00");
        assertThat(look(times, NOON)).isEmpty();
        assertThat(times.next()).isEqualTo("2026-11-30T13:00:00Z");
        assertThat(look(times, NOON.plusSeconds(3600))).containsExactly("13:00");
    }

    /** What an earlier life has left: hours later, and what is missed until then. */
    @ParameterizedTest
    @CsvSource({"0,true,0,", "1,true,1,13:00", "5,true,5,17:00", "5,false,5,17:00", "-3,true,0,", "-3,false,0,"})
    void anotherLifeMissesWhatCameBetween(int hours, boolean came, int count, @Nullable String last) {
        Instant now = NOON.plus(Duration.ofHours(hours)).plusSeconds(60);
        DueTimes times = times("0 * * * *", now);
        DueTimes.Missed missed = times.resume(NOON, came, now);
        assertThat(missed == null ? 0 : missed.count()).isEqualTo(count);
        if (last != null && missed != null) {
            assertThat(missed.last().toString()).contains(last);
        }
        Instant next = NOON.plus(Duration.ofHours(hours >= 0 || came ? Math.max(hours, 0) + 1 : hours + 1));
        assertThat(times.next()).isEqualTo(next);
    }

    @Test
    void thousandsThatWereMissedAreNotCountedOut() {
        DueTimes times = times("* * * * * *", NOON);
        DueTimes.Missed missed = times.takeMissed(NOON.plus(Duration.ofDays(30)));
        assertThat(missed).isNotNull();
        assertThat(missed.count()).isEqualTo(DueTimes.MOST);
        assertThat(missed.toString()).startsWith("more than 1000 of its times were missed, from 2026-11-30T12:00:01Z");
        assertThat(times.next()).isAfter(NOON.plus(Duration.ofDays(30)).minus(DueTimes.LATE));
    }

    @Test
    void aTimeIsLateByItsJitterAndNeverAsLateAsTheNext() {
        for (String jitter : List.of("PT10M", "PT3H")) {
            DueTimes times = new DueTimes(schedule("0 * * * *", Duration.parse(jitter)), NOON, new Random(7));
            Duration most = Duration.parse(jitter).compareTo(Duration.ofHours(1)) < 0
                    ? Duration.parse(jitter)
                    : Duration.ofHours(1).minusMillis(1);
            Set<Duration> delays = new HashSet<>();
            for (int hour = 1; hour <= 100; hour++) {
                Instant time = NOON.plus(Duration.ofHours(hour));
                assertThat(times.next()).isEqualTo(time);
                Duration delay = Duration.between(time, times.due());
                assertThat(delay).isBetween(Duration.ZERO, most);
                delays.add(delay);
                assertThat(times.take(times.due().minusMillis(1))).isNull();
                assertThat(times.take(times.due())).isEqualTo(time);
            }
            assertThat(delays).hasSizeGreaterThan(90);
        }
    }

    @Test
    void otherTimesCountFromNowAndOtherOptionsLeaveThem() {
        DueTimes times = times("0 * * * *", NOON);
        Instant later = NOON.plusSeconds(7300);
        assertThat(times.change(schedule("0 * * * *", Duration.ofMinutes(5)), later))
                .isFalse();
        assertThat(times.next()).isEqualTo(NOON.plusSeconds(3600));
        assertThat(times.change(schedule("30 * * * *", Duration.ZERO), later)).isTrue();
        assertThat(times.next()).isEqualTo(NOON.plusSeconds(9000));
    }
}
