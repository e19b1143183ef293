package io.millwright.controller.internal.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CronTimesTest {
    private static List<String> times(String cron, String zone, String after, int count) {
        CronTimes times = CronTimes.of(cron, ZoneId.of(zone));
        List<String> found = new ArrayList<>();
        Instant moment = OffsetDateTime.parse(after).toInstant();
        for (int i = 0; i < count; i++) {
            moment = times.after(moment);
            if (moment == null) {
                found.add("never");
                break;
            }
            found.add(moment.atZone(ZoneId.of(zone)).toOffsetDateTime().toString());
        }
        return found;
    }

    /** Days on which clocks are set: each time comes once, none is left out. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // Berlin, 02:00 becomes 03:00
                "30 2 * * *|Europe/Berlin|2026-03-28T12:00+01:00|2026-03-29T03:00+02:00 2026-03-30T02:30+02:00",
                "15,45 2 * * *|Europe/Berlin|2026-03-28T12:00+01:00|2026-03-29T03:00+02:00 2026-03-30T02:15+02:00",
                "0 3 * * *|Europe/Berlin|2026-03-28T12:00+01:00|2026-03-29T03:00+02:00 2026-03-30T03:00+02:00",
                "30 1 * * *|Europe/Berlin|2026-03-28T12:00+01:00|2026-03-29T01:30+01:00 2026-03-30T01:30+02:00",
                "30 1-4 * * *|Europe/Berlin|2026-03-29T00:00+01:00|2026-03-29T01:30+01:00 2026-03-29T03:00+02:00 2026-03-29T03:30+02:00 2026-03-29T04:30+02:00",
                "30 * * * *|Europe/Berlin|2026-03-29T00:59+01:00|2026-03-29T01:30+01:00 2026-03-29T03:30+02:00 2026-03-29T04:30+02:00",
                "*/30 * * * *|Europe/Berlin|2026-03-29T01:30+01:00|2026-03-29T03:00+02:00 2026-03-29T03:30+02:00",
                // and 03:00 becomes 02:00
                "30 2 * * *|Europe/Berlin|2026-10-24T12:00+02:00|2026-10-25T02:30+02:00 2026-10-26T02:30+01:00",
                "30 2 * * *|Europe/Berlin|2026-10-25T02:10+01:00|2026-10-26T02:30+01:00",
                "0 2,3 * * *|Europe/Berlin|2026-10-25T01:00+02:00|2026-10-25T02:00+02:00 2026-10-25T03:00+01:00",
                "*/30 1-2 * * *|Europe/Berlin|2026-10-25T01:00+02:00|2026-10-25T01:30+02:00 2026-10-25T02:00+02:00 2026-10-25T02:30+02:00 2026-10-26T01:00+01:00",
                "0 * * * *|Europe/Berlin|2026-10-25T01:30+02:00|2026-10-25T02:00+02:00 2026-10-25T02:00+01:00 2026-10-25T03:00+01:00",
                "@hourly|Europe/Berlin|2026-10-25T01:30+02:00|2026-10-25T02:00+02:00 2026-10-25T02:00+01:00 2026-10-25T03:00+01:00",
                "@daily|Europe/Berlin|2026-10-24T12:00+02:00|2026-10-25T00:00+02:00 2026-10-26T00:00+01:00",
                // Apia had no 30 December 2011
                "30 2 * * *|Pacific/Apia|2011-12-29T01:00-10:00|2011-12-29T02:30-10:00 2011-12-31T00:00+14:00 2011-12-31T02:30+14:00",
                "0 12 30 12 *|Pacific/Apia|2011-12-01T00:00-10:00|2011-12-31T00:00+14:00 2012-12-30T12:00+14:00",
                "0 * * * *|Pacific/Apia|2011-12-29T22:30-10:00|2011-12-29T23:00-10:00 2011-12-31T00:00+14:00 2011-12-31T01:00+14:00",
                // Lord Howe's clocks are set by half an hour: 02:00 becomes 02:30, and 01:30 again
                "15 2 * * *|Australia/Lord_Howe|2026-10-03T12:00+10:30|2026-10-04T02:30+11:00 2026-10-05T02:15+11:00",
                "45 1 * * *|Australia/Lord_Howe|2026-04-04T12:00+11:00|2026-04-05T01:45+11:00 2026-04-06T01:45+10:30",
                "0 2 * * *|Australia/Lord_Howe|2026-04-04T12:00+11:00|2026-04-05T02:00+10:30 2026-04-06T02:00+10:30",
                "*/30 * * * *|Australia/Lord_Howe|2026-04-05T01:00+11:00|2026-04-05T01:30+11:00 2026-04-05T01:30+10:30 2026-04-05T02:00+10:30",
                // midnight that is not there: Beirut's clocks go from 24:00 to 01:00
                "0 0 * * *|Asia/Beirut|2026-03-28T12:00+02:00|2026-03-29T01:00+03:00 2026-03-30T00:00+03:00",
                "*/20 * * * * *|UTC|2026-01-01T00:00:05Z|2026-01-01T00:00:20Z 2026-01-01T00:00:40Z 2026-01-01T00:01Z",
                "0 12 * * 7|+02:00|2026-11-30T00:00+02:00|2026-12-06T12:00+02:00",
                "0 9 1,15 * fri|UTC|2026-11-30T00:00Z|2026-12-01T09:00Z 2026-12-04T09:00Z",
                "0 0 L FEB *|UTC|2027-01-01T00:00Z|2027-02-28T00:00Z 2028-02-29T00:00Z",
                "0 0 29 2 *|UTC|2026-01-01T00:00Z|2028-02-29T00:00Z 2032-02-29T00:00Z",
                "0 0 30 2 *|UTC|2026-01-01T00:00Z|never",
                "0 0 31 4,6,9,11 *|UTC|2026-01-01T00:00Z|never",
            })
    void eachTimeComesOnce(String cron, String zone, String after, String expected) {
        List<String> wanted = List.of(expected.split(" "));
        List<String> found = times(cron, zone, after, wanted.size());
        assertThat(found.stream().map(CronTimesTest::moment))
                .containsExactlyElementsOf(
                        wanted.stream().map(CronTimesTest::moment).toList());
    }

    private static Object moment(String text) {
        return text.equals("never") ? text : OffsetDateTime.parse(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "61 * * * *|minute '61'",
                "* 24 * * *|hour '24'",
                "* * 32 * *|day of month '32'",
                "* * 0 * *|day of month '0'",
                "* * * 13 *|month '13'",
                "* * * * 8|day of week '8'",
                "* * * * funday|day of week 'funday'",
                "99 * * * * *|second '99'",
                "*/0 * * * *|minute '*/0'",
                "5-1 * * * *|minute '5-1'",
                "x * * * *|minute 'x'",
                "* * * *|has 4 field(s); write five",
                "''|has 0 field(s)",
                "hourly|has 1 field(s)",
                "* * * * * * *|has 7 field(s)",
                "@hurly|did you mean @hourly?",
                "@fortnight|use one of",
                "@reboot|leave schedule out",
            })
    void whatIsWrongNamesItsField(String cron, String words) {
        assertThatThrownBy(() -> CronTimes.of(cron, ZoneOffset.UTC))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(words);
    }

    /** The library against the plainest reading of five fields, minute after minute. */
    @Test
    void theLibraryReadsFieldsAsTheyAre() {
        Random random = new Random(18);
        for (int i = 0; i < 300; i++) {
            int[][] sets = {
                some(random, 0, 59), some(random, 0, 23), some(random, 1, 28), some(random, 1, 12), some(random, 0, 6)
            };
            StringBuilder text = new StringBuilder();
            for (int[] set : sets) {
                text.append(text.isEmpty() ? "" : " ").append(text(set));
            }
            LocalDateTime from = LocalDateTime.of(
                    2026, 1 + random.nextInt(12), 1 + random.nextInt(28), random.nextInt(24), random.nextInt(60));
            Instant expected = plainly(sets, from);
            assertThat(CronTimes.of(text.toString(), ZoneOffset.UTC).after(from.toInstant(ZoneOffset.UTC)))
                    .as(text + " after " + from)
                    .isEqualTo(expected);
        }
    }

    private static int[] some(Random random, int low, int high) {
        return random.nextInt(3) == 0
                ? new int[0]
                : random.ints(1 + random.nextInt(3), low, high + 1)
                        .sorted()
                        .distinct()
                        .toArray();
    }

    private static String text(int[] set) {
        StringBuilder text = new StringBuilder();
        for (int one : set) {
            text.append(text.isEmpty() ? "" : ",").append(one);
        }
        return text.isEmpty() ? "*" : text.toString();
    }

    private static boolean in(int[] set, int value) {
        return set.length == 0 || java.util.Arrays.binarySearch(set, value) >= 0;
    }

    private static Instant plainly(int[][] sets, LocalDateTime from) {
        for (LocalDateTime day = from.toLocalDate().atStartOfDay(); ; day = day.plusDays(1)) {
            int weekday = day.getDayOfWeek().getValue() % 7;
            boolean days = sets[2].length > 0 && sets[4].length > 0
                    ? in(sets[2], day.getDayOfMonth()) || in(sets[4], weekday)
                    : in(sets[2], day.getDayOfMonth()) && in(sets[4], weekday);
            if (!days || !in(sets[3], day.getMonthValue())) {
                continue;
            }
            for (int minute = 0; minute < 24 * 60; minute++) {
                LocalDateTime time = day.plusMinutes(minute);
                if (time.isAfter(from) && in(sets[1], time.getHour()) && in(sets[0], time.getMinute())) {
                    return time.toInstant(ZoneOffset.UTC);
                }
            }
        }
    }
}
