package io.millwright.controller.api.shutdown;

import io.millwright.controller.api.WorkerRun;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Decides from a worker's exit whether the node shuts down. Which triggers are active is configuration, by name. Asked
 * when a worker of any type has exited, or failed to start, and will not be restarted; called by threads of the
 * controller's plug-in pool, one exit at a time and in order, with a time limit of five seconds. After an exit beside which no worker
 * lives it is asked once the starts that are just being checked have shown whether one will. A trigger that goes, or is not
 * configured any more, has no say. Must have no side effects.
 */
@ConsumerType
public interface ShutdownTrigger {
    /**
     * Service property ({@code String}, required): the name that configuration uses. Of several triggers with one name the one
     * with the highest service ranking serves, then the older one.
     */
    String TRIGGER_NAME = "trigger.name";

    /**
     * Service property ({@code Boolean}, optional, default false): whether the trigger is also asked about exits that somebody
     * asked for. It is only where the node's option {@code shutdown.count_requested} is true.
     */
    String TRIGGER_REQUESTED = "trigger.requested";

    /**
     * Looks at an exit.
     *
     * @param run the worker's last run, with its exit
     * @param node what else it may need to know
     * @return why the node is to shut down, empty if it is not
     */
    Optional<Verdict> onExit(WorkerRun run, Workers node);

    /** The node's other workers at that moment. Immutable. */
    public static final class Workers {
        private final int live;

        private Workers(int live) {
            this.live = live;
        }

        /**
         * Makes one.
         *
         * @param live workers in live states, those waiting for a restart included and those waiting for a connection not
         * @return the value
         */
        public static Workers of(int live) {
            return new Workers(live);
        }

        /** Workers in live states, those waiting for a restart included and those waiting for a connection not. */
        public int live() {
            return live;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other == this || other instanceof Workers that && live == that.live;
        }

        @Override
        public int hashCode() {
            return Objects.hash(live);
        }

        @Override
        public String toString() {
            return "Workers[" + "live=" + live + "]";
        }
    }

    /** Why the node is to shut down. Immutable. */
    public static final class Verdict {
        private final String reason;
        private final boolean error;

        private Verdict(String reason, boolean error) {
            this.reason = Objects.requireNonNull(reason, "reason");
            this.error = error;
        }

        /**
         * Makes one.
         *
         * @param reason a sentence for a person
         * @param error whether an error was the cause, which makes the node's exit code 1
         * @return the value
         */
        public static Verdict of(String reason, boolean error) {
            return new Verdict(reason, error);
        }

        /** A sentence for a person. */
        public String reason() {
            return reason;
        }

        /** Whether an error was the cause, which makes the node's exit code 1. */
        public boolean error() {
            return error;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other == this || other instanceof Verdict that && reason.equals(that.reason) && error == that.error;
        }

        @Override
        public int hashCode() {
            return Objects.hash(reason, error);
        }

        @Override
        public String toString() {
            return "Verdict[" + "reason=" + reason + ", " + "error=" + error + "]";
        }
    }
}
