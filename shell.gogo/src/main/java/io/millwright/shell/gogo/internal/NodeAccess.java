package io.millwright.shell.gogo.internal;

import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.NodeController;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.remote.RemoteSessions;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** Where the commands get the node controller from; it may come and go while they stay. Thread-safe. */
@Component(configurationPolicy = ConfigurationPolicy.IGNORE, service = NodeAccess.class, immediate = true)
public class NodeAccess {
    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable NodeController controller;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable RemoteSessions remoteSessions;

    /**
     * The sessions of the remote management.
     *
     * @return the sessions
     * @throws NodeException {@link ErrorCode#FEATURE_UNAVAILABLE} if there is no remote management
     */
    public RemoteSessions sessions() {
        RemoteSessions found = remoteSessions;
        if (found == null) {
            throw new NodeException(
                    ErrorCode.FEATURE_UNAVAILABLE,
                    "this node has no remote management: its bundle io.millwright.remote.wamp is not installed, not active,"
                            + " or just starting or stopping; node:doctor tells which");
        }
        return found;
    }

    /**
     * The controller, if there is one.
     *
     * @return the controller or {@code null}
     */
    public @Nullable NodeController find() {
        return controller;
    }

    /**
     * The controller.
     *
     * @return the controller
     * @throws NodeException {@link ErrorCode#FEATURE_UNAVAILABLE} if there is none
     */
    public NodeController get() {
        NodeController found = controller;
        if (found == null) {
            throw new NodeException(
                    ErrorCode.FEATURE_UNAVAILABLE,
                    "there is no node controller in this framework: its bundle io.millwright.controller.impl is not"
                            + " installed, not active, or just starting or stopping; node:doctor tells which");
        }
        return found;
    }
}
