package io.millwright.controller.api;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Whiteboard service of a bundle that turns something (a file, say) into the node's configurations. It is registered
 * when the first translation is done, so that the boot can tell a refused source from one that has nothing to say.
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
     * What would change if what the source reads held what a file holds. Changes nothing. Called by a thread that may block.
     *
     * @param file the file
     * @return the configurations that would be written and deleted, in this order, or why the file would be refused as a
     *     whole; empty if it is not for this source
     */
    default Optional<Proposal> propose(Path file) {
        return Optional.empty();
    }

    /**
     * What a file would change. Immutable.
     *
     * @param changes what would be written and deleted; empty if there are problems
     * @param problems why the file would be refused
     */
    record Proposal(List<ConfigurationChange> changes, List<Problem> problems) {
        /** Keeps unmodifiable lists. */
        public Proposal {
            changes = List.copyOf(changes);
            problems = List.copyOf(problems);
        }
    }
}
