package io.millwright.remote.wamp.internal;

import io.millwright.wamp.net.ListenerConfig;
import io.millwright.wamp.net.ListenerInfo;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One listener for each configuration {@code io.millwright.remote.listener~NAME}; one that is changed in more than limits, origins and hosts makes a new one in its place. One
 * that
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
    /** What it is, {@code null} if it takes no sessions. */
    private volatile @Nullable ListenerConfig config;

    private @Nullable Opening opening;

    private Set<String> methods = Set.of();

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
        listen(options, properties);
    }

    /**
     * Changes what needs no new socket, and no session notices; anything else makes a new listener in its place.
     *
     * @param options what the configuration says now
     * @param properties the same, as it was written
     */
    @Modified
    public void changed(ListenerOptions options, Map<String, Object> properties) {
        ListenerConfig before = config;
        try {
            Form.check(ListenerOptions.class, properties);
            ListenerConfig after = RemoteListener.of(name, remote.directory(), options);
            if (before != null && before.isSameSocket(after) && methods.equals(methods(options))) {
                remote.listeners().change(after);
                config = after;
                LOG.info("Remote listener {} has other limits, origins or hosts", name);
                return;
            }
        } catch (IllegalArgumentException e) {
            LOG.debug("what is wrong is said below", e);
        }
        close();
        listen(options, properties);
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

    private void listen(ListenerOptions options, Map<String, Object> properties) {
        try {
            Form.check(ListenerOptions.class, properties);
            methods = methods(options);
            opening = remote.opening(() -> open(options), (why, first) -> {
                if (first) {
                    refused(why, "; it is tried again every " + Opening.INTERVAL.toSeconds() + " s");
                }
            });
            opening.open();
        } catch (RuntimeException e) {
            refused(e, "");
        }
    }

    /** The host of its address is looked up each time. */
    private void open(ListenerOptions options) throws IOException {
        remote.gate().offer(name, methods);
        try {
            ListenerInfo info = remote.listeners().add(RemoteListener.of(name, remote.directory(), options));
            config = info.config();
            remote.findings().gone(PID + "~" + name);
            LOG.info("Remote listener {} takes sessions at {}", name, info.address());
        } catch (IOException | RuntimeException e) {
            remote.gate().close(name);
            throw e;
        }
    }

    private void refused(Exception why, String more) {
        LOG.error(
                "Remote listener {} (configuration {}~{}) takes no sessions: {}{}",
                name,
                PID,
                name,
                why.getMessage(),
                more);
        remote.findings()
                .refused(
                        PID + "~" + name,
                        "remote listener " + name,
                        "takes no sessions: " + why.getMessage() + more,
                        more.isEmpty()
                                ? null
                                : "remove what is in the way, or correct its configuration, " + PID + "~" + name);
    }

    /** Ends the listener and its sessions. */
    @Deactivate
    public void close() {
        if (opening != null) {
            opening.close();
            opening = null;
        }
        remote.findings().gone(PID + "~" + name);
        if (config != null) {
            config = null;
            remote.listeners().remove(name);
            remote.gate().close(name);
        }
    }
}
