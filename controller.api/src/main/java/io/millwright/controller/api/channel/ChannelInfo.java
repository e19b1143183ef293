package io.millwright.controller.api.channel;

import io.millwright.controller.api.Document;
import io.millwright.controller.api.Documents;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The control channel of a worker's run at one moment. Immutable. */
public final class ChannelInfo implements Document {
    /** How a channel is. More will come: a {@code switch} over it needs a default branch. */
    public enum State {
        /** The run has not joined yet. */
        AWAITED,
        /** The run has joined. */
        UP,
        /** The run has joined and lost it; it may join again. */
        LOST,
        /** The run is over. */
        CLOSED
    }

    private final State state;
    private final Instant since;
    private final @Nullable String session;
    private final @Nullable String reason;
    private final @Nullable ReadyInfo ready;
    private final ChannelTraffic received;
    private final ChannelTraffic sent;

    private ChannelInfo(Builder builder) {
        this.state = Objects.requireNonNull(builder.state, "state");
        this.since = Objects.requireNonNull(builder.since, "since");
        this.session = builder.session;
        this.reason = builder.reason;
        this.ready = builder.ready;
        this.received = Objects.requireNonNull(builder.received, "received");
        this.sent = Objects.requireNonNull(builder.sent, "sent");
    }

    /**
     * Begins one.
     *
     * @param state how it is
     * @param since since when
     * @return a builder whose {@code build()} makes it
     */
    public static Builder builder(State state, Instant since) {
        return new Builder(state, since);
    }

    /** How it is. */
    public State state() {
        return state;
    }

    /** Since when. */
    public Instant since() {
        return since;
    }

    /** The id of its session, {@code null} unless it is up. */
    public @Nullable String session() {
        return session;
    }

    /** Why it is lost, {@code null} if it is not. */
    public @Nullable String reason() {
        return reason;
    }

    /** What the run said of itself when it was ready, {@code null} until then. */
    public @Nullable ReadyInfo ready() {
        return ready;
    }

    /** What the host has got from the run, over all its sessions. */
    public ChannelTraffic received() {
        return received;
    }

    /** What the host has sent to the run, over all its sessions. */
    public ChannelTraffic sent() {
        return sent;
    }

    @Override
    public Map<String, @Nullable Object> toMap() {
        return Documents.of(
                "state",
                state,
                "since",
                since,
                "session",
                session,
                "reason",
                reason,
                "runtime",
                ready == null ? null : ready.runtime(),
                "capabilities",
                ready == null ? List.of() : ready.capabilities(),
                "operations",
                ready == null ? List.of() : ready.operations(),
                "traffic",
                Documents.of("received", received, "sent", sent));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other == this || other instanceof ChannelInfo that && toMap().equals(that.toMap());
    }

    @Override
    public int hashCode() {
        return Objects.hash(state, since, session);
    }

    @Override
    public String toString() {
        return "ChannelInfo" + toMap();
    }

    /** Makes a {@link ChannelInfo}; for one thread. Each method returns the builder itself. */
    public static final class Builder {
        private final State state;
        private final Instant since;
        private @Nullable String session;
        private @Nullable String reason;
        private @Nullable ReadyInfo ready;
        private ChannelTraffic received = ChannelTraffic.NONE;
        private ChannelTraffic sent = ChannelTraffic.NONE;

        private Builder(State state, Instant since) {
            this.state = state;
            this.since = since;
        }

        /** The id of its session, {@code null} unless it is up. */
        public Builder session(@Nullable String value) {
            session = value;
            return this;
        }

        /** Why it is lost, {@code null} if it is not. */
        public Builder reason(@Nullable String value) {
            reason = value;
            return this;
        }

        /** What the run said of itself when it was ready, {@code null} until then. */
        public Builder ready(@Nullable ReadyInfo value) {
            ready = value;
            return this;
        }

        /** What went through it so far, over all sessions of the run. */
        public Builder traffic(ChannelTraffic fromRun, ChannelTraffic toRun) {
            received = fromRun;
            sent = toRun;
            return this;
        }

        /** Makes the value; the builder can go on being used. */
        public ChannelInfo build() {
            return new ChannelInfo(this);
        }
    }
}
