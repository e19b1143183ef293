package io.millwright.controller.api;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a change would do to one worker, to the node itself, or to a part of its remote management. Immutable. */
public final class PlannedChange implements Document {
    private final String id;
    private final @Nullable String type;
    private final Action action;
    private final List<String> keys;
    private final @Nullable String reason;
    private final List<Problem> problems;

    private PlannedChange(
            String id,
            @Nullable String type,
            Action action,
            List<String> keys,
            @Nullable String reason,
            List<Problem> problems) {
        this.id = Objects.requireNonNull(id, "id");
        this.type = type;
        this.action = Objects.requireNonNull(action, "action");
        this.keys = List.copyOf(keys);
        this.reason = reason;
        this.problems = List.copyOf(problems);
    }

    /**
     * Makes one.
     *
     * @param id the worker's id, {@value #NODE} for the node's own options, or as {@code remote.listener~NAME} for remote management
     * @param type its worker type; {@code null} if it is no worker
     * @param action what would be done
     * @param keys the option keys that would change, sorted; those that need the restart where there is one
     * @param reason more to say on it, {@code null} if there is nothing
     * @param problems why it would be refused; empty if it would not
     * @return the value
     */
    public static PlannedChange of(
            String id,
            @Nullable String type,
            Action action,
            List<String> keys,
            @Nullable String reason,
            List<Problem> problems) {
        return new PlannedChange(id, type, action, keys, reason, problems);
    }

    /**
     * The worker's id, {@value #NODE} for the node's own options, or, for remote management, {@code remote.listener~NAME}, {@code
     * remote.principal~NAME}, {@code remote.role~NAME} or {@code remote} (its limits).
     */
    public String id() {
        return id;
    }

    /** Its worker type; {@code null} if it is no worker. */
    public @Nullable String type() {
        return type;
    }

    /** What would be done. */
    public Action action() {
        return action;
    }

    /** The option keys that would change, sorted; those that need the restart where there is one. */
    public List<String> keys() {
        return keys;
    }

    /** More to say on it, {@code null} if there is nothing. */
    public @Nullable String reason() {
        return reason;
    }

    /** Why it would be refused; empty if it would not. */
    public List<Problem> problems() {
        return problems;
    }

    /** The id that stands for the node's own options; no worker can have it. */
    public static final String NODE = "controller";

    /** What a change does. */
    public enum Action {
        /** A worker that does not run is started. */
        START,
        /** It is stopped and started again. */
        RESTART,
        /** It is stopped, and stays known. */
        STOP,
        /** Its options change and it is not touched. */
        IN_PLACE,
        /** It is known and does not run: it is disabled. */
        REST,
        /** It waits for its worker type and is started when that comes. */
        WAIT,
        /** It does not run, and is no longer configured. */
        REMOVE,
        /** Nothing. */
        UNCHANGED,
        /** Nothing, because something is wrong. */
        REFUSED;

        /**
         * As people read it.
         *
         * @return lower case, words parted by a space
         */
        public String text() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    @Override
    public Map<String, @Nullable Object> toMap() {
        return Documents.of(
                "id", id,
                "type", type,
                "action", action,
                "keys", keys,
                "reason", reason,
                "problems", problems);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other == this
                || other instanceof PlannedChange that
                        && id.equals(that.id)
                        && Objects.equals(type, that.type)
                        && action.equals(that.action)
                        && keys.equals(that.keys)
                        && Objects.equals(reason, that.reason)
                        && problems.equals(that.problems);
    }

    @Override
    public int hashCode() {
        return Objects.hash(id, type, action, keys, reason, problems);
    }

    @Override
    public String toString() {
        return "PlannedChange" + toMap();
    }
}
