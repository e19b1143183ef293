package io.millwright.remote.wamp.internal;

import io.millwright.controller.api.FindingSource;
import io.millwright.controller.api.NodeController;
import io.millwright.controller.api.channel.ChannelHost;
import io.millwright.controller.api.remote.RemoteSessions;
import io.millwright.wamp.Uris;
import io.millwright.wamp.net.ListenerConfig;
import io.millwright.wamp.net.Listeners;
import io.millwright.wamp.router.Limits;
import io.millwright.wamp.router.Realm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the node's router and its Unix socket, {@code run/wamp.sock}, for as long as the node is there. A socket that cannot be opened is an
 * error in the log and no more. Other listeners are {@link ListenerComponent}s. Called by Declarative Services only.
 */
@Component(configurationPolicy = ConfigurationPolicy.IGNORE, service = RemoteComponent.class, immediate = true)
public final class RemoteComponent {
    private static final Logger LOG = LoggerFactory.getLogger(RemoteComponent.class);
    private static final String PREFIX = "millwright";
    private static final String SOCKET = "wamp.sock";
    private static final String LOCAL = "local";

    private final Principals principals = new Principals();
    private final Access access = new Access();
    private final Path directory;
    private final Gate gate;
    private final ServiceRegistration<ChannelHost> channels;
    private final ServiceRegistration<FindingSource> findingSource;
    private final ServiceRegistration<RemoteSessions> sessions;
    private final RemoteFindings findings;
    private final Listeners listeners;
    private final RemoteNode remote;
    private final ScheduledThreadPoolExecutor timer;
    private final Opening local;

    /**
     * Opens it. Blocks until the operations can be called.
     *
     * @param context of this bundle
     * @param node the node
     * @param configurations say what URIs begin with
     * @throws IOException if the system has no selector for it
     */
    @Activate
    public RemoteComponent(
            BundleContext context, @Reference NodeController node, @Reference ConfigurationAdmin configurations)
            throws IOException {
        String prefix = prefix(configurations);
        directory = Path.of(node.getStatus().directory().toString());
        Path socket = directory.resolve("run").resolve(SOCKET);
        long user = ((Number) Files.getAttribute(directory, "unix:uid")).longValue();
        gate = new Gate(user, System.getProperty("user.name", "owner"), principals);
        Samplers samplers = new Samplers(System::nanoTime);
        Answered answered = new Answered();
        SessionLog log = new SessionLog(samplers, answered);
        listeners = Listeners.open("Millwright-" + context.getBundle().getVersion(), log);
        remote = new RemoteNode(
                prefix,
                node,
                listeners.router(),
                samplers,
                answered,
                socket,
                new WorkerSockets(directory.resolve("run"), listeners),
                gate,
                access);
        log.tell(remote.channels());
        findings = new RemoteFindings(
                listeners::list, () -> remote.realm().sessions(), principals, access, log, Clock.systemUTC());
        timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "millwright-wamp-opening");
            thread.setDaemon(true);
            return thread;
        });
        timer.setRemoveOnCancelPolicy(true);
        local = opening(
                () -> {
                    listeners.add(ListenerConfig.unix(LOCAL, socket));
                    findings.gone(LOCAL);
                    LOG.debug("Remote sessions are taken at {}, realm {}", socket, prefix);
                },
                (why, first) -> refused(socket, why, first));
        try {
            local.open();
        } catch (RuntimeException e) {
            LOG.error("No remote sessions at {}: {}. The node runs on without it.", socket, e.getMessage(), e);
            findings.refused(LOCAL, "remote socket " + socket, "takes no sessions: " + e.getMessage());
        }
        findingSource = context.registerService(FindingSource.class, findings, new Hashtable<>());
        sessions = context.registerService(RemoteSessions.class, new WampSessions(remote.realm()), new Hashtable<>());
        channels = context.registerService(ChannelHost.class, remote.channels(), new Hashtable<>());
    }

    /** What URIs begin with, as it was configured when the node started. */
    private static String prefix(ConfigurationAdmin configurations) {
        try {
            Configuration[] found = configurations.listConfigurations("(service.pid=io.millwright.controller)");
            Dictionary<String, Object> options = found == null ? null : found[0].getProperties();
            Object prefix = options == null ? null : options.get("uri_prefix");
            if (prefix instanceof String text && Uris.isUri(text) && !text.split("\\.")[0].equals("wamp")) {
                return text;
            } else if (prefix != null) {
                LOG.error(
                        "uri_prefix is '{}'; it must be a URI that does not begin with 'wamp'. {} is used",
                        prefix,
                        PREFIX);
            }
        } catch (IOException | InvalidSyntaxException e) {
            LOG.error("uri_prefix could not be read; {} is used", PREFIX, e);
        }
        return PREFIX;
    }

    private void refused(Path socket, IOException why, boolean first) {
        if (first) {
            LOG.error(
                    "No remote sessions at {}: {}. The node runs on without it, and tries again every {} s.",
                    socket,
                    why.getMessage(),
                    Opening.INTERVAL.toSeconds(),
                    why);
        }
        findings.refused(
                LOCAL,
                "remote socket " + socket,
                "takes no sessions: " + why.getMessage(),
                "remove what is in the way; it is tried again every " + Opening.INTERVAL.toSeconds() + " s");
    }

    /** An opening of a listener, with the timer that all share. */
    Opening opening(Opening.Attempt attempt, Opening.Outcome outcome) {
        return new Opening(timer, Opening.INTERVAL, attempt, outcome);
    }

    /** The node directory. */
    Path directory() {
        return directory;
    }

    /** The principals. */
    Principals principals() {
        return principals;
    }

    /** What roles may do with the node. */
    Access access() {
        return access;
    }

    /** Who may come in by which listener. */
    Gate gate() {
        return gate;
    }

    /** What is wrong with all this. */
    RemoteFindings findings() {
        return findings;
    }

    /** Other limits of all sessions. */
    void limit(Limits limits) {
        remote.realm().setLimits(limits);
        findings.limited(limits);
    }

    /** The realm of the node. */
    Realm realm() {
        return remote.realm();
    }

    /** The listeners. */
    Listeners listeners() {
        return listeners;
    }

    /** Says goodbye to all sessions and ends. Blocks for some seconds at most. */
    @Deactivate
    public void close() {
        unregister(findingSource);
        unregister(sessions);
        unregister(channels);
        local.close();
        timer.shutdownNow();
        remote.close();
        listeners.close();
    }

    private static void unregister(ServiceRegistration<?> service) {
        try {
            service.unregister();
        } catch (IllegalStateException gone) {
            LOG.debug("the bundle is stopping, its services are gone already");
        }
    }
}
