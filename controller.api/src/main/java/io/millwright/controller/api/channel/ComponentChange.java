package io.millwright.controller.api.channel;

import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What has become of a component, a part of a worker that the worker starts and stops by itself. Immutable. */
public final class ComponentChange {
    private final String component;
    private final State state;
    private final @Nullable String reason;
    private final long restarts;
    private final boolean triedAgain;

    /** What it has become. */
    public enum State {
        /** It runs. */
        STARTED,
        /** It has ended without an error. */
        STOPPED,
        /** It could not be started, or has ended with an error. */
        FAILED;

        /** As in JSON. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private ComponentChange(String component, State state, @Nullable String reason, long restarts, boolean triedAgain) {
        this.component = Objects.requireNonNull(component, "component");
        this.state = Objects.requireNonNull(state, "state");
        this.reason = reason;
        this.restarts = restarts;
        this.triedAgain = triedAgain;
    }

    /**
     * Makes one.
     *
     * @param component the component's id in its worker
     * @param state what it has become
     * @param reason why, for people; {@code null} if there is no more to say
     * @param restarts how often it was started again so far
     * @return the value
     */
    public static ComponentChange of(String component, State state, @Nullable String reason, long restarts) {
        return new ComponentChange(component, state, reason, restarts, false);
    }

    /**
     * The same of a component that its worker starts again by itself.
     *
     * @return another value
     */
    public ComponentChange thatIsTriedAgain() {
        return new ComponentChange(component, state, reason, restarts, true);
    }

    /** The component's id in its worker. */
    public String component() {
        return component;
    }

    /** What it has become. */
    public State state() {
        return state;
    }

    /** Why, for people; {@code null} if there is no more to say. */
    public @Nullable String reason() {
        return reason;
    }

    /** How often it was started again so far. */
    public long restarts() {
        return restarts;
    }

    /** Whether its worker starts it again by itself. */
    public boolean isTriedAgain() {
        return triedAgain;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other == this
                || other instanceof ComponentChange that
                        && component.equals(that.component)
                        && state == that.state
                        && Objects.equals(reason, that.reason)
                        && restarts == that.restarts
                        && triedAgain == that.triedAgain;
    }

    @Override
    public int hashCode() {
        return Objects.hash(component, state, reason, restarts, triedAgain);
    }

    @Override
    public String toString() {
        return component + " " + state.text() + (reason == null ? "" : ": " + reason);
    }
}
