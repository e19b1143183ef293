package io.millwright.controller.internal.worker;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.WaitReason;
import io.millwright.controller.api.WorkerWait;
import io.millwright.controller.internal.launch.Admission;
import io.millwright.controller.internal.options.SocketOptions;
import io.millwright.controller.internal.options.SocketOptions.Listen;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a worker in {@code backoff} waits for. An answer that comes for another wait is void. Belongs to the controller loop. */
public abstract sealed class Wait {
    final Moment since;

    private Wait(Moment since) {
        this.since = since;
    }

    /** Why it waits, where its length alone does not say it. */
    @Nullable
    String why() {
        return null;
    }

    /** It is over, or not wanted any more. */
    void cancel() {}

    /**
     * What callers see of it.
     *
     * @param type the worker's type
     * @param now this moment
     */
    abstract WorkerWait shown(String type, Moment now);

    /** A time that has to pass. */
    static final class Delay extends Wait {
        final Moment until;
        /** The start that was asked for and begins then; {@code null} for a restart of the restart policy. */
        final @Nullable Follow then;

        @Nullable
        Future<?> timer;

        Delay(Moment since, Duration length, @Nullable Follow then) {
            super(since);
            this.until = since.plus(length);
            this.then = then;
        }

        @Override
        WorkerWait shown(String type, Moment now) {
            return WorkerWait.of(WaitReason.DELAY, since.asOf(now)).withUntil(until.asOf(now));
        }

        Duration length() {
            return since.until(until);
        }

        @Override
        void cancel() {
            if (timer != null) {
                timer.cancel(false);
            }
        }
    }

    /** Another worker, which it needs. */
    static final class ForOthers extends Wait {
        Dependencies.Missing missing;
        final Admission.Planned plan;
        /** The caller that asked for the start, or hurries it. */
        Caller caller;
        /** A caller asked for this very start, and waits for what becomes of it. */
        final boolean asked;

        ForOthers(Moment since, Dependencies.Missing missing, Admission.Planned plan, Caller caller, boolean asked) {
            super(since);
            this.missing = missing;
            this.plan = plan;
            this.caller = caller;
            this.asked = asked;
        }

        @Override
        String why() {
            return "waits for " + missing;
        }

        @Override
        WorkerWait shown(String type, Moment now) {
            return WorkerWait.of(WaitReason.DEPENDENCY, since.asOf(now))
                    .withWhat(missing.id().value());
        }
    }

    /** A connection to one of its sockets, or anybody else that wants it to run. */
    static final class ForDemand extends Wait {
        final Admission.Planned plan;
        /** The caller that asked for the start; another one once that has come first. */
        Caller caller;
        /** It was wanted, and its start is being planned. */
        boolean wanted;
        /** Why it has no socket to wait at; {@code null} if it has, or is about to. */
        @Nullable
        String trouble;
        /** When it is tried again. */
        private @Nullable Moment next;

        private Runnable leave = () -> {};

        ForDemand(Moment since, Admission.Planned plan, Caller caller) {
            super(since);
            this.plan = plan;
            this.caller = caller;
        }

        /** It is in queues; what takes it out of them again. */
        void entered(Runnable leaving) {
            leave = leaving;
        }

        /** It cannot listen, and tries again at a time; what ends that. */
        void refused(String why, Moment again, Runnable leaving) {
            trouble = why;
            next = again;
            leave = leaving;
        }

        /** It listens. */
        void listens() {
            trouble = null;
            next = null;
        }

        private String addresses() {
            return SocketOptions.sockets(plan.options()).stream()
                    .map(Listen::listen)
                    .collect(Collectors.joining(", "));
        }

        @Override
        String why() {
            if (trouble != null && !wanted) {
                return "cannot wait for a connection, which is tried again: " + trouble;
            }
            return wanted ? "is about to be started" : "waits for a connection on " + addresses();
        }

        @Override
        WorkerWait shown(String type, Moment now) {
            return WorkerWait.of(WaitReason.DEMAND, since.asOf(now))
                    .withWhat(addresses())
                    .withUntil(next == null ? null : next.asOf(now));
        }

        @Override
        void cancel() {
            leave.run();
        }
    }

    /** Its next time. */
    static final class ForSchedule extends Wait {
        final Scheduled one;
        /** What its last run was launched from; {@code null} if it is to be planned. */
        final Admission.@Nullable Planned plan;
        /** The caller that asked for the start; another one once that has come first. */
        Caller caller;
        /** It is started, which is being planned. */
        boolean wanted;

        /** When the time comes, by the wall clock; {@link Instant#MAX} if never. For any thread. */
        volatile Instant until;

        ForSchedule(Moment since, Scheduled one, Admission.@Nullable Planned plan, Caller caller) {
            super(since);
            this.one = one;
            this.plan = plan;
            this.caller = caller;
            this.until = one.times.due();
        }

        @Override
        String why() {
            return wanted
                    ? "is about to be started"
                    : until.equals(Instant.MAX)
                            ? "has no time any more (schedule " + one.schedule().cron() + ")"
                            : "waits for " + one.text(until) + " (schedule "
                                    + one.schedule().cron() + ")";
        }

        @Override
        WorkerWait shown(String type, Moment now) {
            WorkerWait wait = WorkerWait.of(WaitReason.SCHEDULE, since.asOf(now));
            Instant then = until;
            return then.equals(Instant.MAX) ? wait : wait.withUntil(then);
        }
    }

    /** The router of the control channels, which is away. */
    static final class ForChannel extends Wait {
        ForChannel(Moment since) {
            super(since);
        }

        @Override
        String why() {
            return Channels.NO_HOST;
        }

        @Override
        WorkerWait shown(String type, Moment now) {
            return WorkerWait.of(WaitReason.CHANNEL, since.asOf(now));
        }
    }

    /** A worker type that no bundle offers now. */
    static final class ForType extends Wait {
        String why;

        ForType(Moment since, String why) {
            super(since);
            this.why = why;
        }

        @Override
        String why() {
            return why;
        }

        @Override
        WorkerWait shown(String type, Moment now) {
            return WorkerWait.of(WaitReason.TYPE, since.asOf(now)).withWhat(type);
        }
    }
}
