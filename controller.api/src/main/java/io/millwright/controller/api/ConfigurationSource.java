package io.millwright.controller.api;

import java.util.List;
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
     * Why the source was refused as a whole. A node that boots with a refused source ends with exit code 1.
     *
     * @return every problem; empty if the source was accepted or does not exist
     */
    List<Problem> problems();
}
