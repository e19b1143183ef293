package io.millwright.controller.api;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a change would do to one worker, or to the node itself. Immutable.
 *
 * @param id the worker's id, or {@value #NODE} for the node's own options
 * @param type its worker type; {@code null} for the node's own options
 * @param action what would be done
 * @param keys the option keys that would change, sorted; those that need the restart where there is one
 * @param reason more to say on it, {@code null} if there is nothing
 * @param problems why it would be refused; empty if it would not
 */
public record PlannedChange(
        String id,
        @Nullable String type,
        Action action,
        List<String> keys,
        @Nullable String reason,
        List<Problem> problems)
        implements Document {
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

    /** Keeps unmodifiable lists. */
    public PlannedChange {
        keys = List.copyOf(keys);
        problems = List.copyOf(problems);
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
}
