package io.millwright.controller.internal.options;

import static io.millwright.controller.api.worker.OptionDefinition.option;

import io.millwright.controller.api.Problem;
import io.millwright.controller.api.worker.OptionDefinition;
import io.millwright.controller.api.worker.OptionType;
import io.millwright.controller.api.worker.OptionValues;
import io.millwright.options.NearestKey;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The options of a worker that runs to completion at certain times. */
public final class ScheduleOptions {
    public static final String SCHEDULE = "schedule";
    private static final String CRON = "schedule.cron";
    private static final String ZONE = "schedule.zone";
    private static final String OVERLAP = "schedule.overlap";
    private static final String MISSED = "schedule.missed";
    private static final String JITTER = "schedule.jitter";
    private static final String TIMEOUT = "schedule.timeout";

    private ScheduleOptions() {}

    /** What becomes of a time at which the run before still goes on. */
    public enum Overlap {
        SKIP,
        QUEUE,
        REPLACE
    }

    /**
     * What the options say. Immutable.
     *
     * @param cron the expression
     * @param zone where its times are
     * @param overlap what becomes of a time at which the run before still goes on
     * @param once whether times that were missed are made up for by one run
     * @param jitter how much later than its time a run is at most
     * @param timeout how long a run may take, {@code null} for any time
     */
    public record Schedule(
            String cron, ZoneId zone, Overlap overlap, boolean once, Duration jitter, @Nullable Duration timeout) {
        /** Reads the times; slow. */
        public CronTimes times() {
            return CronTimes.of(cron, zone);
        }

        /** What of it says at which times. */
        public String when() {
            return cron + " " + zone;
        }
    }

    static void addTo(List<OptionDefinition> all) {
        all.add(option(
                        CRON,
                        OptionType.STRING,
                        "When the worker runs to completion, as cron has it: minute, hour, day of month, month, day of week, with a"
                                + " sixth field in front for seconds, or @hourly, @daily, @weekly, @monthly, @yearly; a bare schedule"
                                + " means this; default: it has no times.")
                .shortForm(SCHEDULE)
                .inPlace()
                .build());
        all.add(option(
                        ZONE,
                        OptionType.STRING,
                        "Time zone of schedule.cron, as Europe/Berlin or UTC; default: the node's own.")
                .inPlace()
                .build());
        all.add(option(
                        OVERLAP,
                        OptionType.STRING,
                        "What becomes of a time at which the run before still goes on: skip (nothing), queue (one such time is kept and"
                                + " comes when that run has ended) or replace (that run is stopped for it); default skip.")
                .oneOf("skip", "queue", "replace")
                .inPlace()
                .build());
        all.add(option(
                        MISSED,
                        OptionType.STRING,
                        "What becomes of times at which the node was down, the machine slept or its clock was set: skip (nothing) or once"
                                + " (one run for all of them, as soon as it can be); default skip.")
                .oneOf("skip", "once")
                .inPlace()
                .build());
        all.add(option(
                        JITTER,
                        OptionType.DURATION,
                        "How much later than its time a run begins at most, at random, and never as late as the next time; default 0s.")
                .inPlace()
                .build());
        all.add(option(
                        TIMEOUT,
                        OptionType.DURATION,
                        "How long a run may take before it is stopped, which counts as its failure; default: any time.")
                .atLeast(1)
                .inPlace()
                .build());
    }

    static void check(OptionValues values, List<Problem> problems) {
        String cron = values.string(CRON).orElse(null);
        if (cron == null) {
            for (String key : List.of(ZONE, OVERLAP, MISSED, JITTER, TIMEOUT)) {
                if (values.isGiven(key) && !values.isGiven(CRON)) {
                    problems.add(
                            Problem.definition(key, "needs schedule.cron, when to run; give it, or leave this out"));
                }
            }
            return;
        }
        String zone = values.string(ZONE).orElse(null);
        String noZone = zone == null ? null : zoneProblem(zone);
        if (noZone != null) {
            problems.add(Problem.definition(ZONE, "'" + zone + "' " + noZone));
        }
        String noTimes = cronProblem(cron, zone == null || noZone != null ? ZoneId.systemDefault() : ZoneId.of(zone));
        if (noTimes != null) {
            problems.add(Problem.definition(CRON, "'" + cron + "' " + noTimes));
        }
        if (values.string(RestartOptions.POLICY).orElse("").equals("always")) {
            problems.add(Problem.definition(
                    RestartOptions.POLICY,
                    "always contradicts schedule, whose runs end; use on-failure (tried again until it succeeds), or leave"
                            + " one of them out"));
        }
        if (InstanceOptions.isOverlap(values)) {
            problems.add(Problem.definition(
                    InstanceOptions.RELOAD_MODE,
                    "overlap contradicts schedule, of which never two runs go on at once; leave one of them out"));
        }
        if (SocketOptions.isByDemand(values)) {
            problems.add(
                    Problem.definition(
                            SocketOptions.START_ON,
                            "demand contradicts schedule: either connections start the worker or its times do; leave one of them out"));
        }
    }

    private static @Nullable String cronProblem(String cron, ZoneId zone) {
        try {
            return CronTimes.of(cron, zone).after(Instant.now()) == null
                    ? "never comes: no month that it names has such a day; change the day or the month"
                    : null;
        } catch (IllegalArgumentException wrong) {
            return wrong.getMessage();
        }
    }

    private static @Nullable String zoneProblem(String zone) {
        try {
            ZoneId.of(zone);
            return null;
        } catch (DateTimeException unknown) {
            String near = NearestKey.find(zone, ZoneId.getAvailableZoneIds());
            return "is no time zone; "
                    + (near == null ? "write one as Europe/Berlin, UTC or +02:00" : "did you mean '" + near + "'?");
        }
    }

    /** Whether a worker runs at certain times. */
    public static boolean isGiven(@Nullable OptionValues values) {
        return values != null && values.string(CRON).isPresent();
    }

    /** What checked options say, {@code null} if the worker has no times. */
    public static @Nullable Schedule of(@Nullable OptionValues values) {
        String cron = values == null ? null : values.string(CRON).orElse(null);
        if (values == null || cron == null) {
            return null;
        }
        Overlap overlap =
                switch (values.string(OVERLAP).orElse("")) {
                    case "queue" -> Overlap.QUEUE;
                    case "replace" -> Overlap.REPLACE;
                    default -> Overlap.SKIP;
                };
        return new Schedule(
                cron,
                values.string(ZONE).map(ZoneId::of).orElseGet(ZoneId::systemDefault),
                overlap,
                values.string(MISSED).orElse("").equals("once"),
                values.duration(JITTER).orElse(Duration.ZERO),
                values.duration(TIMEOUT).orElse(null));
    }
}
