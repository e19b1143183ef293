package io.millwright.controller.api;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Whiteboard service of a bundle that turns something (a file, say) into the node's configurations. It is registered
 * when the first translation is done, so that the boot can tell a refused source from one that has nothing to say. Called by
 * threads of the controller's plug-in pool, with a time limit of five seconds; one that throws or is late counts as a required
 * source that is refused. What it refuses a source writes into the log itself, once.
 */
@ConsumerType
public interface ConfigurationSource {
    /**
     * What was read.
     *
     * @return a name for messages and for {@link WorkerInfo#origin()}, for example {@code node.json}
     */
    String name();

    /**
     * Why the source, or a part of it, was refused.
     *
     * @return every problem; empty if the source was accepted or does not exist
     */
    List<Problem> problems();

    /**
     * Whether the source is refused as a whole when it has problems: then a node of its own does not boot (exit code 1), and is
     * not restarted. If not, the boot goes on without the part that was refused.
     *
     * @return true unless an implementation says otherwise
     */
    default boolean isRequired() {
        return true;
    }

    /**
     * What would change if what the source reads held what a file holds. Changes nothing. Called by a thread of its own, with a
     * time limit of thirty seconds.
     *
     * @param file the file
     * @return the configurations that would be written and deleted, in this order, or why the file would be refused as a
     *     whole; empty if it is not for this source
     */
    default Optional<Proposal> propose(Path file) {
        return Optional.empty();
    }

    /** What a file would change. Immutable. */
    public static final class Proposal {
        private final List<ConfigurationChange> changes;
        private final List<Problem> problems;

        private Proposal(List<ConfigurationChange> changes, List<Problem> problems) {
            this.changes = List.copyOf(changes);
            this.problems = List.copyOf(problems);
        }

        /**
         * Makes one.
         *
         * @param changes what would be written and deleted; empty if there are problems
         * @param problems why the file would be refused
         * @return the value
         */
        public static Proposal of(List<ConfigurationChange> changes, List<Problem> problems) {
            return new Proposal(changes, problems);
        }

        /** What would be written and deleted; empty if there are problems. */
        public List<ConfigurationChange> changes() {
            return changes;
        }

        /** Why the file would be refused. */
        public List<Problem> problems() {
            return problems;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other == this
                    || other instanceof Proposal that && changes.equals(that.changes) && problems.equals(that.problems);
        }

        @Override
        public int hashCode() {
            return Objects.hash(changes, problems);
        }

        @Override
        public String toString() {
            return "Proposal[" + "changes=" + changes + ", " + "problems=" + problems + "]";
        }
    }
}
