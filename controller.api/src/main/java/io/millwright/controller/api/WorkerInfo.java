package io.millwright.controller.api;

import io.millwright.controller.api.channel.ChannelInfo;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Everything known of one worker at one moment. Immutable. */
public final class WorkerInfo implements Document {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

    private final WorkerId id;
    private final String type;
    private final @Nullable String group;
    private final WorkerState status;
    private final @Nullable String reason;
    private final @Nullable String operatorWord;
    private final @Nullable Long run;
    private final @Nullable Long pid;
    private final @Nullable RetiringRun retiring;
    private final @Nullable Instant created;
    private final @Nullable Instant started;
    private final @Nullable Duration startupTime;
    private final @Nullable Duration uptime;
    private final int restarts;
    private final @Nullable Instant nextStart;
    private final @Nullable WorkerWait waiting;
    private final @Nullable WorkerHealth health;
    private final @Nullable ChannelInfo channel;
    private final @Nullable WorkerExit exit;
    private final String origin;
    private final @Nullable Caller who;
    private final Map<String, Object> options;
    private final Map<String, Object> inForce;
    private final List<String> customizers;
    private final @Nullable String planHash;
    private final @Nullable WorkerStats stats;

    private WorkerInfo(Builder builder) {
        this.id = Objects.requireNonNull(builder.id, "id");
        this.type = Objects.requireNonNull(builder.type, "type");
        this.group = builder.group;
        this.status = Objects.requireNonNull(builder.status, "status");
        this.reason = builder.reason;
        this.operatorWord = builder.operatorWord;
        this.run = builder.run;
        this.pid = builder.pid;
        this.retiring = builder.retiring;
        this.created = builder.created;
        this.started = builder.started;
        this.startupTime = builder.startupTime;
        this.uptime = builder.uptime;
        this.restarts = builder.restarts;
        this.nextStart = builder.nextStart;
        this.waiting = builder.waiting;
        this.health = builder.health;
        this.channel = builder.channel;
        this.exit = builder.exit;
        this.origin = Objects.requireNonNull(builder.origin, "origin");
        this.who = builder.who;
        this.options = Collections.unmodifiableMap(new LinkedHashMap<>(builder.options));
        this.inForce = Collections.unmodifiableMap(new LinkedHashMap<>(builder.inForce));
        this.customizers = List.copyOf(builder.customizers);
        this.planHash = builder.planHash;
        this.stats = builder.stats;
    }

    /**
     * Begins one.
     *
     * @param id its id
     * @param type its worker type
     * @param status its state
     * @return a builder whose {@code build()} makes it
     */
    public static Builder builder(WorkerId id, String type, WorkerState status) {
        return new Builder(id, type, status);
    }

    /**
     * A builder that holds the same.
     *
     * @return for a changed copy
     */
    public Builder toBuilder() {
        Builder builder = new Builder(id, type, status);
        builder.group = group;
        builder.reason = reason;
        builder.operatorWord = operatorWord;
        builder.run = run;
        builder.pid = pid;
        builder.retiring = retiring;
        builder.created = created;
        builder.started = started;
        builder.startupTime = startupTime;
        builder.uptime = uptime;
        builder.restarts = restarts;
        builder.nextStart = nextStart;
        builder.waiting = waiting;
        builder.health = health;
        builder.channel = channel;
        builder.exit = exit;
        builder.origin = origin;
        builder.who = who;
        builder.options = options;
        builder.inForce = inForce;
        builder.customizers = customizers;
        builder.planHash = planHash;
        builder.stats = stats;
        return builder;
    }

    /** Its id. */
    public WorkerId id() {
        return id;
    }

    /** Its worker type. */
    public String type() {
        return type;
    }

    /**
     * The group of runs it belongs to (option {@code instances}), {@code null} if it belongs to none; of what stands for the group
     * itself its own id.
     */
    public @Nullable String group() {
        return group;
    }

    /** Whether it stands for a group of workers, and is none itself: its state is that of the group, and it has no process. */
    public boolean isGroup() {
        return id.value().equals(group);
    }

    /** Its state. */
    public WorkerState status() {
        return status;
    }

    /**
     * Why it is in that state, where there is more to say (for example {@code type unavailable}), else {@code null}.
     */
    public @Nullable String reason() {
        return reason;
    }

    /**
     * What an operator said of it that is not as its configuration has it, and is kept over restarts of the node, a sentence; {@code
     * null} if there is nothing of the kind.
     */
    public @Nullable String operatorWord() {
        return operatorWord;
    }

    /**
     * The number of its present or last run, which never repeats in a node directory; {@code null} if it has none.
     */
    public @Nullable Long run() {
        return run;
    }

    /** Its main process, {@code null} if it has none. */
    public @Nullable Long pid() {
        return pid;
    }

    /**
     * The run in whose place its present one is, while that has not ended (option {@code reload.mode} {@code overlap}); {@code null} if
     * there is none.
     */
    public @Nullable RetiringRun retiring() {
        return retiring;
    }

    /** When its present or last run was accepted; {@code null} if it never ran. */
    public @Nullable Instant created() {
        return created;
    }

    /** When that run was started, {@code null} if it was not. */
    public @Nullable Instant started() {
        return started;
    }

    /** From created to started, {@code null} if not started. */
    public @Nullable Duration startupTime() {
        return startupTime;
    }

    /** Since started, or from started to its exit; {@code null} if not started. */
    public @Nullable Duration uptime() {
        return uptime;
    }

    /** How often the restart policy or a changed file started it again since an operator or configuration did. */
    public int restarts() {
        return restarts;
    }

    /** When it will be started again, {@code null} if it is not waiting for that. */
    public @Nullable Instant nextStart() {
        return nextStart;
    }

    /** What it waits for, {@code null} if it does not wait. */
    public @Nullable WorkerWait waiting() {
        return waiting;
    }

    /** How it is, {@code null} if nothing asks it. */
    public @Nullable WorkerHealth health() {
        return health;
    }

    /** The control channel of its present or last run, {@code null} if that has none. */
    public @Nullable ChannelInfo channel() {
        return channel;
    }

    /** How its last run ended; {@code null} if none ended. */
    public @Nullable WorkerExit exit() {
        return exit;
    }

    /** {@code config:<pid>}, {@code node.json} or {@code call}. */
    public String origin() {
        return origin;
    }

    /** Who asked for its present state, {@code null} if it never ran. */
    public @Nullable Caller who() {
        return who;
    }

    /** The options in force, secrets masked; keys dotted. */
    public Map<String, Object> options() {
        return options;
    }

    /**
     * As whom and within which limits its process runs, read back from it: option keys ({@code user}, {@code nice}, {@code
     * limits.nofile} and their like) with values; empty if its options ask for nothing of the kind, or if it has no process.
     */
    public Map<String, Object> inForce() {
        return inForce;
    }

    /** Names of the launch customizers that changed its launch. */
    public List<String> customizers() {
        return customizers;
    }

    /**
     * A hash of the launch plan of its present or last run: the same hash is the same launch; {@code null} if there is
     * none.
     */
    public @Nullable String planHash() {
        return planHash;
    }

    /** Figures, {@code null} if they were not asked for. */
    public @Nullable WorkerStats stats() {
        return stats;
    }

    /**
     * Why the worker is as it is: the chain of causes in words, the same wherever it is shown.
     *
     * @return sentences, the nearest cause first; empty for one that runs and has nothing to say
     */
    public List<String> why() {
        List<String> causes = new ArrayList<>();
        boolean wordSaysMore = operatorWord != null && (reason == null || operatorWord.startsWith(reason));
        if (reason != null && !wordSaysMore) {
            causes.add(reason);
        }
        if (operatorWord != null && (wordSaysMore || isGroup())) {
            causes.add(operatorWord);
        }
        if (health != null && health.state() == WorkerHealth.State.UNHEALTHY) {
            String since = TIME.format(health.since().atZone(ZoneId.systemDefault()));
            causes.add("unhealthy since " + since + (health.reason() == null ? "" : ": " + health.reason()));
        }
        boolean ran =
                status == WorkerState.STARTING || status == WorkerState.CONNECTED || status == WorkerState.STARTED;
        if (exit != null && !ran && (reason == null || !reason.startsWith(exit.reason()))) {
            causes.add(
                    status == WorkerState.BACKOFF || status == WorkerState.INACTIVE || status == WorkerState.STOPPING
                            ? "last exit: " + exit.describe()
                            : exit.describe());
        }
        if (nextStart != null) {
            causes.add("next start at " + TIME.format(nextStart.atZone(ZoneId.systemDefault())));
        }
        return List.copyOf(causes);
    }

    @Override
    public Map<String, @Nullable Object> toMap() {
        return Documents.of(
                "id", id,
                "pid", pid,
                "type", type,
                "group", group,
                "status", status,
                "reason", reason,
                "operator_word", operatorWord,
                "run", run,
                "retiring", retiring,
                "created", created,
                "started", started,
                "startup_time", startupTime,
                "uptime", uptime,
                "restarts", restarts,
                "next_start", nextStart,
                "waiting", waiting,
                "health", health,
                "channel", channel,
                "exit", exit,
                "origin", origin,
                "who", who,
                "options", options,
                "in_force", inForce,
                "customizers", customizers,
                "plan_hash", planHash,
                "stats", stats);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other == this
                || other instanceof WorkerInfo that
                        && id.equals(that.id)
                        && type.equals(that.type)
                        && Objects.equals(group, that.group)
                        && status.equals(that.status)
                        && Objects.equals(reason, that.reason)
                        && Objects.equals(operatorWord, that.operatorWord)
                        && Objects.equals(run, that.run)
                        && Objects.equals(pid, that.pid)
                        && Objects.equals(retiring, that.retiring)
                        && Objects.equals(created, that.created)
                        && Objects.equals(started, that.started)
                        && Objects.equals(startupTime, that.startupTime)
                        && Objects.equals(uptime, that.uptime)
                        && restarts == that.restarts
                        && Objects.equals(nextStart, that.nextStart)
                        && Objects.equals(waiting, that.waiting)
                        && Objects.equals(health, that.health)
                        && Objects.equals(channel, that.channel)
                        && Objects.equals(exit, that.exit)
                        && origin.equals(that.origin)
                        && Objects.equals(who, that.who)
                        && options.equals(that.options)
                        && inForce.equals(that.inForce)
                        && customizers.equals(that.customizers)
                        && Objects.equals(planHash, that.planHash)
                        && Objects.equals(stats, that.stats);
    }

    @Override
    public int hashCode() {
        return Objects.hash(
                id,
                type,
                group,
                status,
                reason,
                operatorWord,
                run,
                pid,
                retiring,
                created,
                started,
                startupTime,
                uptime,
                restarts,
                nextStart,
                waiting,
                health,
                channel,
                exit,
                origin,
                who,
                options,
                inForce,
                customizers,
                planHash,
                stats);
    }

    @Override
    public String toString() {
        return "WorkerInfo" + toMap();
    }

    /** Makes a {@link WorkerInfo}; for one thread. Each method returns the builder itself. */
    public static final class Builder {
        private final WorkerId id;
        private final String type;
        private @Nullable String group;
        private final WorkerState status;
        private @Nullable String reason;
        private @Nullable String operatorWord;
        private @Nullable Long run;
        private @Nullable Long pid;
        private @Nullable RetiringRun retiring;
        private @Nullable Instant created;
        private @Nullable Instant started;
        private @Nullable Duration startupTime;
        private @Nullable Duration uptime;
        private int restarts;
        private @Nullable Instant nextStart;
        private @Nullable WorkerWait waiting;
        private @Nullable WorkerHealth health;
        private @Nullable ChannelInfo channel;
        private @Nullable WorkerExit exit;
        private String origin = "call";
        private @Nullable Caller who;
        private Map<String, Object> options = Map.of();
        private Map<String, Object> inForce = Map.of();
        private List<String> customizers = List.of();
        private @Nullable String planHash;
        private @Nullable WorkerStats stats;

        private Builder(WorkerId id, String type, WorkerState status) {
            this.id = id;
            this.type = type;
            this.status = status;
        }

        /** The group of runs it belongs to (option {@code instances}), {@code null} if it belongs to none. */
        public Builder group(@Nullable String value) {
            group = value;
            return this;
        }

        /**
         * Why it is in that state, where there is more to say (for example {@code type unavailable}), else {@code null}.
         */
        public Builder reason(@Nullable String value) {
            reason = value;
            return this;
        }

        /** What an operator said of it that is kept over restarts of the node, a sentence; {@code null} for nothing. */
        public Builder operatorWord(@Nullable String value) {
            operatorWord = value;
            return this;
        }

        /**
         * The number of its present or last run, which never repeats in a node directory; {@code null} if it has none.
         */
        public Builder run(@Nullable Long value) {
            run = value;
            return this;
        }

        /** Its main process, {@code null} if it has none. */
        public Builder pid(@Nullable Long value) {
            pid = value;
            return this;
        }

        /** The run in whose place its present one is, while that has not ended; {@code null} if there is none. */
        public Builder retiring(@Nullable RetiringRun value) {
            retiring = value;
            return this;
        }

        /** When its present or last run was accepted; {@code null} if it never ran. */
        public Builder created(@Nullable Instant value) {
            created = value;
            return this;
        }

        /** When that run was started, {@code null} if it was not. */
        public Builder started(@Nullable Instant value) {
            started = value;
            return this;
        }

        /** From created to started, {@code null} if not started. */
        public Builder startupTime(@Nullable Duration value) {
            startupTime = value;
            return this;
        }

        /** Since started, or from started to its exit; {@code null} if not started. */
        public Builder uptime(@Nullable Duration value) {
            uptime = value;
            return this;
        }

        /** How often the restart policy or a changed file started it again since an operator or configuration did. */
        public Builder restarts(int value) {
            restarts = value;
            return this;
        }

        /** When it will be started again, {@code null} if it is not waiting for that. */
        public Builder nextStart(@Nullable Instant value) {
            nextStart = value;
            return this;
        }

        /** What it waits for, {@code null} if it does not wait. */
        public Builder waiting(@Nullable WorkerWait value) {
            waiting = value;
            return this;
        }

        /** How it is, {@code null} if nothing asks it. */
        public Builder health(@Nullable WorkerHealth value) {
            health = value;
            return this;
        }

        /** The control channel of its present or last run, {@code null} if that has none. */
        public Builder channel(@Nullable ChannelInfo value) {
            channel = value;
            return this;
        }

        /** How its last run ended; {@code null} if none ended. */
        public Builder exit(@Nullable WorkerExit value) {
            exit = value;
            return this;
        }

        /** {@code config:<pid>}, {@code node.json} or {@code call}. */
        public Builder origin(String value) {
            origin = value;
            return this;
        }

        /** Who asked for its present state, {@code null} if it never ran. */
        public Builder who(@Nullable Caller value) {
            who = value;
            return this;
        }

        /** As whom and within which limits its process runs, read back from it. */
        public Builder inForce(Map<String, Object> value) {
            inForce = value;
            return this;
        }

        /** The options in force, secrets masked; keys dotted. */
        public Builder options(Map<String, Object> value) {
            options = value;
            return this;
        }

        /** Names of the launch customizers that changed its launch. */
        public Builder customizers(List<String> value) {
            customizers = value;
            return this;
        }

        /**
         * A hash of the launch plan of its present or last run: the same hash is the same launch; {@code null} if there is
         * none.
         */
        public Builder planHash(@Nullable String value) {
            planHash = value;
            return this;
        }

        /** Figures, {@code null} if they were not asked for. */
        public Builder stats(@Nullable WorkerStats value) {
            stats = value;
            return this;
        }

        /** Makes the value; the builder can go on being used. */
        public WorkerInfo build() {
            return new WorkerInfo(this);
        }
    }
}
