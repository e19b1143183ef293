package io.millwright.remote.wamp.internal;

import io.millwright.wamp.net.ListenerInfo;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One listener for each configuration {@code io.millwright.remote.listener~NAME}; a changed configuration makes a new one in its place. One that
 * cannot listen is an error in the log and no more. Called by Declarative Services only.
 */
@Component(
        service = {},
        configurationPid = ListenerComponent.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        immediate = true)
@Designate(ocd = ListenerOptions.class, factory = true)
public final class ListenerComponent {
    static final String PID = "io.millwright.remote.listener";
    private static final Logger LOG = LoggerFactory.getLogger(ListenerComponent.class);

    private final RemoteComponent remote;
    private final String name;
    private final boolean listens;

    /**
     * Begins to listen.
     *
     * @param remote has the listeners
     * @param options what the configuration says
     * @param properties has its PID
     */
    @Activate
    public ListenerComponent(
            @Reference RemoteComponent remote, ListenerOptions options, Map<String, Object> properties) {
        this.remote = remote;
        this.name = RemoteListener.name(PID, String.valueOf(properties.get("service.pid")));
        this.listens = listen(options);
    }

    private static Set<String> methods(ListenerOptions options) {
        Set<String> methods = Set.copyOf(RemoteListener.texts(options.auth()));
        for (String method : methods) {
            if (!Gate.METHODS.contains(method)) {
                throw new IllegalArgumentException("'auth' is a list of " + String.join(", ", Gate.METHODS) + "; '"
                        + method + "' is none of them");
            }
        }
        return methods;
    }

    private boolean listen(ListenerOptions options) {
        try {
            remote.gate().offer(name, methods(options));
            ListenerInfo info = remote.listeners().add(RemoteListener.of(name, remote.directory(), options));
            LOG.info("Remote listener {} takes sessions at {}", name, info.address());
            return true;
        } catch (IOException | RuntimeException e) {
            remote.gate().close(name);
            LOG.error(
                    "Remote listener {} (configuration {}~{}) takes no sessions: {}", name, PID, name, e.getMessage());
            remote.findings()
                    .refused(PID + "~" + name, "remote listener " + name, "takes no sessions: " + e.getMessage());
            return false;
        }
    }

    /** Ends the listener and its sessions. */
    @Deactivate
    public void close() {
        remote.findings().gone(PID + "~" + name);
        if (listens) {
            remote.listeners().remove(name);
            remote.gate().close(name);
        }
    }
}
