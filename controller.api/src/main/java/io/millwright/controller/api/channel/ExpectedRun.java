package io.millwright.controller.api.channel;

import io.millwright.controller.api.WorkerId;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One run of a worker that may join, and what it may do. Immutable; two are equal if they are the same run of the same worker. */
public final class ExpectedRun {
    private final WorkerId worker;
    private final String type;
    private final long run;
    private final Credentials token;
    private final Credentials rejoin;
    private final @Nullable String user;
    private final boolean controllerExposed;
    private final List<String> rights;
    private final @Nullable String group;

    private ExpectedRun(Builder builder) {
        this.worker = builder.worker;
        this.type = builder.type;
        this.run = builder.run;
        this.token = builder.token;
        this.rejoin = builder.rejoin;
        this.user = builder.user;
        this.controllerExposed = builder.controllerExposed;
        this.rights = List.copyOf(builder.rights);
        this.group = builder.group;
    }

    /**
     * Begins one.
     *
     * @param worker the worker
     * @param type its type
     * @param run the number of the run, which never repeats in a node directory
     * @param token what it proves itself with first, good once
     * @param rejoin what lets it in again as long as it lives; the host tells it to a run that has joined
     * @return a builder whose {@code build()} makes it
     */
    public static Builder builder(WorkerId worker, String type, long run, Credentials token, Credentials rejoin) {
        return new Builder(worker, type, run, token, rejoin);
    }

    /**
     * The same run with another token.
     *
     * @param other what it proves itself with, if not by {@link #rejoin}
     * @return a changed copy
     */
    public ExpectedRun withToken(Credentials other) {
        return new Builder(worker, type, run, other, rejoin)
                .user(user)
                .controllerExposed(controllerExposed)
                .rights(rights)
                .group(group)
                .build();
    }

    /** The worker. */
    public WorkerId worker() {
        return worker;
    }

    /** Its type. */
    public String type() {
        return type;
    }

    /** The number of the run. */
    public long run() {
        return run;
    }

    /** What it proves itself with first, good once. */
    public Credentials token() {
        return token;
    }

    /** What lets it in again as long as it lives; the host tells it to a run that has joined. */
    public Credentials rejoin() {
        return rejoin;
    }

    /** The user its process must be of; {@code null} for the node's own. */
    public @Nullable String user() {
        return user;
    }

    /** Whether it may call what an operator may. */
    public boolean controllerExposed() {
        return controllerExposed;
    }

    /**
     * The group it is an instance of, {@code null} if it is of none: what instances register under {@code P.worker.<group>.} they share.
     */
    public @Nullable String group() {
        return group;
    }

    /** What it may do beside its own: prefixes of URIs, by whole segment; empty for nothing. */
    public List<String> rights() {
        return rights;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other == this || other instanceof ExpectedRun that && worker.equals(that.worker) && run == that.run;
    }

    @Override
    public int hashCode() {
        return Objects.hash(worker, run);
    }

    @Override
    public String toString() {
        return "run " + run + " of worker '" + worker + "'";
    }

    /** Makes an {@link ExpectedRun}; for one thread. Each method returns the builder itself. */
    public static final class Builder {
        private final WorkerId worker;
        private final String type;
        private final long run;
        private final Credentials token;
        private final Credentials rejoin;
        private @Nullable String user;
        private boolean controllerExposed;
        private List<String> rights = List.of();
        private @Nullable String group;

        private Builder(WorkerId worker, String type, long run, Credentials token, Credentials rejoin) {
            this.worker = Objects.requireNonNull(worker, "worker");
            this.type = Objects.requireNonNull(type, "type");
            this.run = run;
            this.token = Objects.requireNonNull(token, "token");
            this.rejoin = Objects.requireNonNull(rejoin, "rejoin");
        }

        /** The user its process must be of; {@code null} for the node's own. */
        public Builder user(@Nullable String value) {
            user = value;
            return this;
        }

        /** Whether it may call what an operator may. */
        public Builder controllerExposed(boolean value) {
            controllerExposed = value;
            return this;
        }

        /** The group it is an instance of; {@code null} if it is of none. */
        public Builder group(@Nullable String value) {
            group = value;
            return this;
        }

        /** What it may do beside its own: prefixes of URIs, by whole segment. */
        public Builder rights(List<String> value) {
            rights = value;
            return this;
        }

        /** Makes the value; the builder can go on being used. */
        public ExpectedRun build() {
            return new ExpectedRun(this);
        }
    }
}
