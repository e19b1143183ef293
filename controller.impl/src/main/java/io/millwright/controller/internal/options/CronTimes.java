package io.millwright.controller.internal.options;

import com.cronutils.model.Cron;
import com.cronutils.model.definition.CronDefinition;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import io.millwright.options.NearestKey;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The times of a cron expression in a time zone. A time that a clock change leaves out comes at the change, one that it repeats comes once, at
 * its first passing. Where the hour is {@code *} the clock's own hours count: none is missing between two of them and none comes twice, so
 * that what runs every ten minutes runs every ten minutes then too. Immutable.
 */
public final class CronTimes {
    /** What each field is called, seconds first. */
    private static final List<String> FIELDS =
            List.of("second", "minute", "hour", "day of month", "month", "day of week");

    private static final List<String> NICKNAMES =
            List.of("@hourly", "@daily", "@midnight", "@weekly", "@monthly", "@yearly", "@annually");
    private static final Set<String> EVERY_HOUR = Set.of("*", "*/1", "0-23", "0/1");

    private final ExecutionTime local;
    private final ZoneId zone;
    private final boolean everyHour;

    private CronTimes(ExecutionTime local, ZoneId zone, boolean everyHour) {
        this.local = local;
        this.zone = zone;
        this.everyHour = everyHour;
    }

    /**
     * Reads an expression.
     *
     * @param text five fields, six with seconds first, or a nickname
     * @param zone where its times are
     * @return its times
     * @throws IllegalArgumentException if it is none, with a sentence that follows the text and says what would be right
     */
    public static CronTimes of(String text, ZoneId zone) {
        String expression = text.strip().toLowerCase(Locale.ROOT);
        List<String> parts = List.of(expression.split("\\s+"));
        if (expression.startsWith("@")) {
            checkNickname(expression);
        } else if (expression.isEmpty() || parts.size() < 5 || parts.size() > 6) {
            throw new IllegalArgumentException(
                    "has " + (expression.isEmpty() ? 0 : parts.size()) + " field(s); write five (minute, hour, day of"
                            + " month, month, day of week), six with seconds first, or a nickname as @daily");
        }
        boolean seconds = parts.size() == 6;
        ExecutionTime local;
        try {
            local = times(expression, seconds);
        } catch (RuntimeException wrong) {
            throw new IllegalArgumentException(wrongField(parts, seconds, wrong), wrong);
        }
        String hour = expression.startsWith("@") ? expression : parts.get(seconds ? 2 : 1);
        return new CronTimes(local, zone, hour.equals("@hourly") || EVERY_HOUR.contains(hour));
    }

    private static void checkNickname(String expression) {
        if (expression.equals("@reboot")) {
            throw new IllegalArgumentException(
                    "is no time: a worker without schedule is started with the node; leave schedule out");
        } else if (!NICKNAMES.contains(expression)) {
            String near = NearestKey.find(expression, NICKNAMES);
            throw new IllegalArgumentException(
                    "is not known; " + (near == null ? "use one of " + NICKNAMES : "did you mean " + near + "?"));
        }
    }

    private static ExecutionTime times(String expression, boolean seconds) {
        Cron cron = new CronParser(definition(seconds)).parse(expression);
        return ExecutionTime.forCron(cron.validate());
    }

    private static CronDefinition definition(boolean seconds) {
        CronDefinitionBuilder fields = CronDefinitionBuilder.defineCron();
        if (seconds) {
            fields =
                    fields.withSeconds().withValidRange(0, 59).withStrictRange().and();
        }
        return fields.withMinutes()
                .withValidRange(0, 59)
                .withStrictRange()
                .and()
                .withHours()
                .withValidRange(0, 23)
                .withStrictRange()
                .and()
                .withDayOfMonth()
                .withValidRange(1, 31)
                .supportsL()
                .supportsW()
                .supportsLW()
                .withStrictRange()
                .and()
                .withMonth()
                .withValidRange(1, 12)
                .withStrictRange()
                .and()
                .withDayOfWeek()
                .withValidRange(0, 7)
                .withMondayDoWValue(1)
                .withIntMapping(7, 0)
                .supportsHash()
                .supportsL()
                .withStrictRange()
                .and()
                .withSupportedNicknameHourly()
                .withSupportedNicknameDaily()
                .withSupportedNicknameMidnight()
                .withSupportedNicknameWeekly()
                .withSupportedNicknameMonthly()
                .withSupportedNicknameYearly()
                .withSupportedNicknameAnnually()
                .instance();
    }

    /** Which field cannot be read, each by itself among stars. */
    private static String wrongField(List<String> parts, boolean seconds, RuntimeException wrong) {
        for (int i = 0; i < parts.size() && parts.size() > 1; i++) {
            List<String> alone = new ArrayList<>(Collections.nCopies(parts.size(), "*"));
            alone.set(i, parts.get(i));
            try {
                times(String.join(" ", alone), seconds);
            } catch (RuntimeException mine) {
                String field = FIELDS.get(seconds ? i : i + 1);
                return "has the " + field + " '" + parts.get(i) + "', which cannot be read: " + reason(mine) + "; "
                        + range(field);
            }
        }
        return "cannot be read: " + reason(wrong);
    }

    private static String reason(RuntimeException wrong) {
        Throwable cause = wrong.getCause() == null ? wrong : wrong.getCause();
        return String.valueOf(cause.getMessage()).replaceFirst("\\.$", "");
    }

    private static String range(String field) {
        return switch (field) {
            case "second", "minute" -> "0 to 59, lists, ranges and steps of them (*/5, 10-20, 0,30)";
            case "hour" -> "0 to 23, lists, ranges and steps of them (*/2, 9-17, 0,12)";
            case "day of month" ->
                "1 to 31, lists, ranges and steps of them, L for the last, 15W for the weekday nearest the 15th";
            case "month" -> "1 to 12 or jan to dec, lists, ranges and steps of them";
            default ->
                "0 (or 7, Sunday) to 6 or sun to sat, lists, ranges and steps of them, 5#2 for the second Friday, 5L for the last";
        };
    }

    /** The first time after a moment; {@code null} if there is none any more. */
    public @Nullable Instant after(Instant moment) {
        Instant from = moment.truncatedTo(ChronoUnit.SECONDS);
        return everyHour ? afterByHours(from) : afterByDays(from);
    }

    /** Each time of the clock on the wall stands for one moment. */
    private @Nullable Instant afterByDays(Instant from) {
        LocalDateTime wall = LocalDateTime.ofInstant(from, zone);
        while (true) {
            wall = next(wall);
            if (wall == null) {
                return null;
            }
            Instant found = moment(wall);
            if (found.isAfter(from)) {
                return found;
            }
        }
    }

    private Instant moment(LocalDateTime wall) {
        ZoneRules rules = zone.getRules();
        List<ZoneOffset> offsets = rules.getValidOffsets(wall);
        return offsets.isEmpty() ? rules.getTransition(wall).getInstant() : wall.toInstant(offsets.get(0));
    }

    /** Between two clock changes the clock on the wall goes on as the moments do. */
    private @Nullable Instant afterByHours(Instant from) {
        ZoneRules rules = zone.getRules();
        LocalDateTime wall = LocalDateTime.ofInstant(from, zone);
        Instant since = from;
        while (true) {
            LocalDateTime next = next(wall);
            if (next == null) {
                return null;
            }
            Instant found = next.toInstant(rules.getOffset(since));
            ZoneOffsetTransition change = rules.nextTransition(since);
            if (change == null || found.isBefore(change.getInstant())) {
                return found;
            }
            since = change.getInstant();
            // The first second after a change counts too.
            wall = change.getDateTimeAfter().minusSeconds(1);
        }
    }

    private @Nullable LocalDateTime next(LocalDateTime wall) {
        return local.nextExecution(ZonedDateTime.of(wall, ZoneOffset.UTC))
                .map(ZonedDateTime::toLocalDateTime)
                .orElse(null);
    }
}
