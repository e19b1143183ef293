package io.millwright.controller.api;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Whiteboard service of a bundle that can say what is wrong with what it does itself; {@link NodeController#doctor} tells it with
 * the node's own findings. Called by threads of the controller's plug-in pool, with a time limit of five seconds; one that throws or
 * is late is a finding itself.
 */
@ConsumerType
public interface FindingSource {
    /**
     * What is not as it should be at this moment. Several threads may ask at once. May read files, and does not wait for the node.
     *
     * @return the findings, in any order; empty if all is well
     */
    List<Finding> findings();
}
