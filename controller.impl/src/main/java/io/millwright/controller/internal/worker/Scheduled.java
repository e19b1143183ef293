package io.millwright.controller.internal.worker;

import io.millwright.controller.internal.options.ScheduleOptions.Schedule;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** A worker that runs at certain times, while it waits or runs. Belongs to the controller loop. */
final class Scheduled {
    final Worker worker;
    final DueTimes times;

    /** Its time has come, or a caller has started the worker; the run, with what the restart policy adds to it, is not over yet. */
    boolean underWay;

    /** A time that comes as soon as the run before is over. */
    @Nullable
    Instant queued;

    /** The time for which it is to run and does not yet, because it waits for others, its type or a channel. */
    @Nullable
    Instant pending;

    /** The last time for which it was started. */
    @Nullable
    Instant last;

    /** How its last run ended. */
    @Nullable
    String result;

    int missed;
    int skipped;

    /** How many times were skipped since the worker last waited for one. */
    private int streak;

    @Nullable
    private String lastSkip;

    /** It was said that the clock was set back. */
    boolean isBack;

    /** The run whose end is watched, and what ends it. */
    @Nullable
    Run timed;

    @Nullable
    Future<?> timeout;

    Scheduled(Worker worker, DueTimes times) {
        this.worker = worker;
        this.times = times;
    }

    Schedule schedule() {
        return times.schedule();
    }

    /** Until when nothing is left to do: what waits to run has not been done yet, and a node that ends then has missed it. */
    Instant done() {
        Instant open = pending == null ? queued : pending;
        return open == null ? times.done() : open.minusMillis(1);
    }

    /** The run for a time has begun, or could not; whether there was such a time. */
    boolean settle() {
        if (pending == null) {
            return false;
        }
        last = pending;
        pending = null;
        return true;
    }

    void cancelTimeout() {
        timed = null;
        if (timeout != null) {
            timeout.cancel(false);
            timeout = null;
        }
    }

    /**
     * A time comes to nothing.
     *
     * @return what there is to say of it, {@code null} if it is none but the next of many
     */
    @Nullable
    String skip(Instant time, String why) {
        skipped++;
        streak++;
        lastSkip = text(time);
        return streak > 1 ? null : lastSkip + " is skipped: " + why + "; further ones are counted";
    }

    /**
     * What kept times from coming is over.
     *
     * @return what there is to say of those that came to nothing after the first, {@code null} if there were none
     */
    @Nullable
    String endSkips() {
        String text = streak < 2 ? null : streak + " times were skipped, the last " + lastSkip;
        streak = 0;
        lastSkip = null;
        return text;
    }

    /** What there is to say of a worker whose times come to nothing now; {@code null} if they do not. */
    private @Nullable String skips() {
        return streak == 0
                ? null
                : (streak == 1 ? "a time of its schedule was" : streak + " times of its schedule were")
                        + WorkerView.SKIPPED
                        + lastSkip;
    }

    /** A moment as the schedule's own clock shows it. */
    String text(Instant moment) {
        return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(
                moment.truncatedTo(ChronoUnit.SECONDS).atZone(schedule().zone()));
    }

    /** Has callers see how it is. */
    void show() {
        Map<String, Object> shown = new LinkedHashMap<>();
        Instant next = times.next();
        shown.put("zone", schedule().zone().getId());
        if (next != null) {
            shown.put("next", text(times.due()));
        }
        put(shown, "last", last == null ? null : text(last));
        put(shown, "lastResult", result);
        put(shown, "queued", queued == null ? null : text(queued));
        put(shown, "missed", missed == 0 ? null : missed);
        put(shown, "skipped", skipped == 0 ? null : skipped);
        worker.scheduled = shown;
        worker.skips = skips();
        if (worker.wait instanceof Wait.ForSchedule wait) {
            wait.until = times.due();
        }
        worker.publishView();
    }

    private static void put(Map<String, Object> shown, String key, @Nullable Object value) {
        if (value != null) {
            shown.put(key, value);
        }
    }
}
