package io.millwright.controller.internal.osgi;

import io.millwright.controller.api.ConfigurationSource;
import io.millwright.controller.api.FindingSource;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerListener;
import io.millwright.controller.api.channel.ChannelHost;
import io.millwright.controller.api.monitor.SystemMonitor;
import io.millwright.controller.api.remote.RemoteSessions;
import io.millwright.controller.api.shutdown.ShutdownParticipant;
import io.millwright.controller.api.shutdown.ShutdownTrigger;
import io.millwright.controller.api.watch.FileWatcher;
import io.millwright.controller.api.worker.LaunchCustomizer;
import io.millwright.controller.api.worker.WorkerType;
import io.millwright.controller.internal.event.WorkerListeners;
import io.millwright.controller.internal.launch.PluginProblems;
import io.millwright.controller.internal.launch.TypePlanner;
import io.millwright.controller.internal.launch.WorkerTypes;
import io.millwright.controller.internal.node.FindingSources;
import io.millwright.controller.internal.node.Node;
import io.millwright.controller.internal.node.Participant;
import io.millwright.controller.internal.node.Sources;
import io.millwright.controller.internal.node.Triggers;
import java.util.Set;
import java.util.regex.Pattern;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.service.event.EventAdmin;

/** The kinds of services a node takes: which of their properties it reads, and where in the node each goes. Thread-safe. */
final class Whiteboards {
    private static final int LONGEST_DEADLINE_SECONDS = 86_400;
    private static final Pattern TYPE_NAME = Pattern.compile(WorkerType.NAME_PATTERN);
    private static final String NAME = "a name, as a String";

    final Whiteboard<WorkerType, WorkerTypes.Provider> types;
    final Whiteboard<ShutdownTrigger, Triggers.Trigger> triggers;
    final Whiteboard<LaunchCustomizer, TypePlanner.Customizer> customizers;
    final Whiteboard<ShutdownParticipant, Participant> participants;
    final Whiteboard<WorkerListener, WorkerListeners.Listener> listeners;
    final Whiteboard<ConfigurationSource, Sources.Source> sources;
    final Whiteboard<FindingSource, FindingSources.Source> findings;
    final Whiteboard<FileWatcher, FileWatcher> watchers;
    final Whiteboard<SystemMonitor, SystemMonitor> monitors;
    final Whiteboard<ChannelHost, ChannelHost> channelHosts;
    final Whiteboard<RemoteSessions, RemoteSessions> sessions;
    final Whiteboard<EventAdmin, EventAdmin> eventAdmins;
    private final EventAdmins events;

    /** Whiteboards of a node, without a service; {@code context} is that of the controller's bundle. */
    Whiteboards(BundleContext context, Node node) {
        PluginProblems problems = node.problems();
        types = new Whiteboard<>(
                "worker type", problems, Whiteboards::type, Whiteboard.each(node.types()::add, gone -> node.types()
                        .remove(gone.type(), gone.serviceId())));
        triggers = new Whiteboard<>(
                "shutdown trigger",
                problems,
                (properties, service) -> new Triggers.Trigger(
                        properties.text(ShutdownTrigger.TRIGGER_NAME, NAME),
                        properties.flag(ShutdownTrigger.TRIGGER_REQUESTED),
                        service),
                node.triggers()::set);
        customizers = new Whiteboard<>(
                "launch customizer",
                problems,
                (properties, service) ->
                        new TypePlanner.Customizer(properties.text(LaunchCustomizer.CUSTOMIZER_NAME, NAME), service),
                node::setCustomizers);
        participants = new Whiteboard<>(
                "shutdown participant",
                problems,
                (properties, service) -> new Participant(
                        properties.bundle(),
                        properties.seconds(ShutdownParticipant.DEADLINE, 0.001, LONGEST_DEADLINE_SECONDS, 10),
                        service),
                node::setParticipants);
        listeners = new Whiteboard<>(
                "worker listener",
                problems,
                Whiteboards::listener,
                Whiteboard.each(node::addListener, node::removeListener));
        sources = new Whiteboard<>(
                "configuration source",
                problems,
                (properties, service) -> new Sources.Source(properties.bundle(), service),
                node.sources()::set);
        findings = new Whiteboard<>(
                "finding source",
                problems,
                (properties, service) -> new FindingSources.Source(properties.bundle(), service),
                node.findingSources()::set);
        watchers = new Whiteboard<>(
                "file watcher",
                problems,
                (properties, service) -> service,
                all -> node.setWatcher(all.isEmpty() ? null : all.get(0)));
        monitors = new Whiteboard<>(
                "system monitor",
                problems,
                (properties, service) -> service,
                all -> node.setMonitor(all.isEmpty() ? null : all.get(0)));
        channelHosts = new Whiteboard<>(
                "channel host",
                problems,
                (properties, service) -> service,
                all -> node.setChannelHost(all.isEmpty() ? null : all.get(0)));
        sessions = new Whiteboard<>(
                "remote sessions",
                problems,
                (properties, service) -> service,
                all -> node.setSessions(all.isEmpty() ? null : all.get(0)));
        events = new EventAdmins(context, node.publisher());
        eventAdmins = new Whiteboard<>("event admin", problems, (properties, service) -> service, events::set);
    }

    /** An EventAdmin goes: blocks, for some seconds at most, until it has delivered what it was given. */
    void unbindEventAdmin(ServiceReference<EventAdmin> reference) {
        eventAdmins.unbind(reference);
        events.awaitExchange();
    }

    private static WorkerTypes.Provider type(ServiceProperties properties, WorkerType service) {
        return new WorkerTypes.Provider(
                properties.text(WorkerType.WORKER_TYPE, TYPE_NAME, "a name of the form " + WorkerType.NAME_PATTERN),
                service,
                properties.bundle(),
                properties.version(),
                properties.ranking(),
                properties.id());
    }

    private static WorkerListeners.Listener listener(ServiceProperties properties, WorkerListener service) {
        String what = "the id of a worker, or several; without the property the listener hears of all";
        Set<String> ids = properties.texts(WorkerListener.WORKER_ID, what);
        try {
            ids.forEach(WorkerId::new);
        } catch (NodeException invalid) {
            throw properties.refused(WorkerListener.WORKER_ID, what);
        }
        return new WorkerListeners.Listener(properties.bundle(), ids, service);
    }
}
