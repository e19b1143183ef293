package io.millwright.testkit;

import io.millwright.controller.api.NodeController;
import java.time.Duration;

/**
 * A running node that offers the type under test, and the means to take the type away. Implemented by who tests: in a
 * framework, stopping and starting the type's bundle, or unregistering and registering the service. For a native type the node needs a
 * host of control channels: its own router, or {@link FakeChannels}. Called by one thread.
 */
public interface LiveNode {
    /**
     * The node.
     *
     * @return its controller; the same at every call
     */
    NodeController controller();

    /**
     * Takes the type away, as its bundle does when it stops. Returns when it is gone.
     *
     * @throws Exception if that is not possible
     */
    void withdraw() throws Exception;

    /**
     * Brings the type back. Returns when it is offered again.
     *
     * @throws Exception if that is not possible
     */
    void offer() throws Exception;

    /**
     * How long a step on the node may take before it counts as failed.
     *
     * @return a minute unless overridden
     */
    default Duration patience() {
        return Duration.ofMinutes(1);
    }
}
