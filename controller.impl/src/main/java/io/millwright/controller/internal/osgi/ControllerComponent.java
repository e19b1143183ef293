package io.millwright.controller.internal.osgi;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.ConfigurationSource;
import io.millwright.controller.api.Finding;
import io.millwright.controller.api.FindingSource;
import io.millwright.controller.api.NodeController;
import io.millwright.controller.api.Problem;
import io.millwright.controller.api.ShutdownRequest;
import io.millwright.controller.api.WorkerListener;
import io.millwright.controller.api.channel.ChannelHost;
import io.millwright.controller.api.event.EventProperties;
import io.millwright.controller.api.monitor.SystemMonitor;
import io.millwright.controller.api.remote.RemoteSessions;
import io.millwright.controller.api.shutdown.ShutdownParticipant;
import io.millwright.controller.api.shutdown.ShutdownTrigger;
import io.millwright.controller.api.watch.FileWatcher;
import io.millwright.controller.api.worker.LaunchCustomizer;
import io.millwright.controller.api.worker.WorkerType;
import io.millwright.controller.internal.configured.Configured;
import io.millwright.controller.internal.launch.Located;
import io.millwright.controller.internal.node.Node;
import io.millwright.controller.internal.node.NodeOperations;
import io.millwright.controller.internal.node.NodeView;
import io.millwright.controller.internal.node.Sources;
import io.millwright.controller.internal.options.NodeOptions;
import io.millwright.controller.internal.osgi.config.ConfigurationAdminStore;
import io.millwright.controller.internal.osgi.config.ConfigurationAuthors;
import io.millwright.controller.internal.osgi.config.EtcFindings;
import io.millwright.controller.internal.osgi.config.Forms;
import io.millwright.controller.internal.osgi.config.NodeConfiguration;
import io.millwright.controller.internal.osgi.config.Refusals;
import io.millwright.controller.internal.osgi.config.WorkerConfigurations;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.bundle.Capability;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.cm.ConfigurationEvent;
import org.osgi.service.cm.ConfigurationListener;
import org.osgi.service.component.ComponentContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.event.EventAdmin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The controller in its framework: makes the node, registers {@link NodeController}, and hands the node what comes and goes.
 * All plug-ins are dynamic references, so that no coming or going of one re-creates it. Stopping it, by any road, stops all
 * workers in order.
 */
@Component(immediate = true, service = ConfigurationListener.class, configurationPolicy = ConfigurationPolicy.IGNORE)
@Capability(
        namespace = "osgi.service",
        attribute = "objectClass:List<String>=\"io.millwright.controller.api.NodeController\"")
public final class ControllerComponent implements ConfigurationListener {
    private static final Logger LOG = LoggerFactory.getLogger(ControllerComponent.class);

    private final BundleContext context;
    private final NodeHost host;
    private final Node node;
    private final NodeConfiguration own;
    private final Refusals refusals = new Refusals();
    private final ConfigurationAuthors authors;
    private final WorkerConfigurations configurations;
    private final Forms forms;
    private final Whiteboards whiteboards;
    private volatile @Nullable ConfigurationAdmin configurationAdmin;
    private volatile boolean booted;
    private @Nullable ServiceRegistration<NodeController> registration;
    private @Nullable ServiceRegistration<ConfigurationSource> refusalsRegistration;
    private @Nullable FrameworkReady frameworkReady;
    private @Nullable EventAdminFindings eventAdminFindings;
    private @Nullable NodeLogFile nodeLogFile;
    /** Ends the workers before the framework takes down what commands are answered with. */
    private final SynchronousBundleListener frameworkStops = this::frameworkStops;

    /**
     * Makes the node: its directory, its lock, its threads. Starts nothing yet.
     *
     * @param component the component's context
     * @throws IOException if the node directory cannot be used; the launcher is told to end the node
     */
    @Activate
    public ControllerComponent(ComponentContext component) throws IOException {
        this.context = component.getBundleContext();
        // before anything is open: it fails if the bundle is stopping already
        ServiceReference<?> reference = component.getServiceReference();
        this.host = new NodeHost(context);
        try {
            this.node = host.open();
        } catch (IOException | RuntimeException | Error e) {
            // What the launcher prints is not to be said there again by the log.
            String why = e instanceof IOException failure ? Located.reason(failure) : String.valueOf(e.getMessage());
            if (host.cannotStart(why)) {
                LOG.info("the node controller cannot start: {}", why);
            } else {
                LOG.error("the node controller cannot start: {}", why);
            }
            throw e;
        }
        try {
            authors = new ConfigurationAuthors(context);
            configurations = new WorkerConfigurations(refusals, authors::of);
            own = new NodeConfiguration(() -> configurationAdmin, reference, node::setOptions);
            node.setStore(new ConfigurationAdminStore(() -> configurationAdmin));
            forms = new Forms(context, node.types(), node.callbacks());
            node.types().onServing(forms::changed);
            whiteboards = new Whiteboards(context, node);
        } catch (RuntimeException | Error failed) {
            host.close(node);
            throw failed;
        }
    }

    @Activate
    void begin() {
        try {
            Path directory = host.path();
            nodeLogFile = new NodeLogFile(context, directory);
            node.beforeLogging(nodeLogFile::check);
            EventAdminFindings events = new EventAdminFindings(context, node.publisher());
            eventAdminFindings = events;
            NodeOperations operations = new NodeOperations(
                    node,
                    host::publicKey,
                    List.of(
                            this::nodeLogFindings,
                            new EtcFindings(() -> configurationAdmin, directory)::all,
                            new DeployFindings(context, directory)::all,
                            new EventFindings(context, node.publisher())::all,
                            events::all));
            registration =
                    context.registerService(NodeController.class, NodeView.service(operations, node.audit), nodeId());
            refusalsRegistration = context.registerService(ConfigurationSource.class, refusals, null);
            node.onRefusal(refusals::note);
            node.onDown((info, exitCode) -> host.down(node, info, exitCode));
            if (host.isCheckMode()) {
                frameworkReady = new FrameworkReady(context, () -> host.reportCheck(node, configured()));
            } else {
                new LauncherLine(node).register(context);
                context.addBundleListener(frameworkStops);
                frameworkReady = new FrameworkReady(context, this::boot);
            }
        } catch (RuntimeException | Error failed) {
            // A component whose activation fails is not deactivated.
            close();
            throw failed;
        }
    }

    private void frameworkStops(BundleEvent event) {
        if (event.getType() == BundleEvent.STOPPING && event.getBundle().getBundleId() == Constants.SYSTEM_BUNDLE_ID) {
            var exitCode = stopWorkers();
            LOG.debug("all workers have ended before the framework stops: {}", exitCode);
        }
    }

    /** Blocks until the workers have ended; returns the node's exit code. */
    private int stopWorkers() {
        CompletableFuture<Integer> down = new CompletableFuture<>();
        node.onDown((info, exitCode) -> down.complete(exitCode));
        node.shutdown(ShutdownRequest.STOP, Caller.FRAMEWORK);
        return down.join();
    }

    /** The service says which node it is; a node id in the configuration is known from the boot on. */
    private Dictionary<String, Object> nodeId() {
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put(EventProperties.NODE_ID, node.nodeId());
        return properties;
    }

    private void boot() {
        booted = true;
        own.read();
        ServiceRegistration<NodeController> service = registration;
        if (service != null && !node.nodeId().equals(service.getReference().getProperty(EventProperties.NODE_ID))) {
            service.setProperties(nodeId());
        }
        List<Problem> refused = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (Sources.Report report : node.sources().reports()) {
            if (!report.required()) {
                continue;
            }
            refused.addAll(report.problems());
            if (!report.problems().isEmpty()) {
                names.add(report.name());
            }
        }
        if (!refused.isEmpty() && host.endsFramework(node)) {
            String all = String.join(", ", names);
            host.refused(all + " is refused:" + lines(refused));
            node.refuseBoot(all + " is refused: " + refused.size() + " problem(s)");
            return;
        }
        node.boot(configured());
    }

    private static String lines(List<Problem> problems) {
        StringBuilder text = new StringBuilder();
        problems.forEach(problem -> text.append("\n  ").append(problem));
        return text.toString();
    }

    private List<Configured> configured() {
        ConfigurationAdmin admin = configurationAdmin;
        return admin == null ? List.of() : configurations.all(admin);
    }

    @Deactivate
    void end() {
        if (frameworkReady != null) {
            frameworkReady.close();
        }
        if (!host.isCheckMode()) {
            context.removeBundleListener(frameworkStops);
            host.ended(stopWorkers());
        }
        close();
    }

    private void close() {
        if (registration != null) {
            registration.unregister();
            registration = null;
        }
        if (refusalsRegistration != null) {
            refusalsRegistration.unregister();
        }
        if (eventAdminFindings != null) {
            eventAdminFindings.close();
        }
        authors.close();
        forms.close();
        host.close(node);
    }

    @Override
    public void configurationEvent(ConfigurationEvent event) {
        if (NodeOptions.PID.equals(event.getPid())) {
            own.read();
            return;
        }
        String factoryPid = event.getFactoryPid();
        if (!booted || factoryPid == null || !factoryPid.startsWith(WorkerConfigurations.PREFIX)) {
            return;
        }
        ConfigurationAdmin admin = configurationAdmin;
        if (event.getType() == ConfigurationEvent.CM_DELETED) {
            refusals.forget(event.getPid());
            node.unconfigure(event.getPid());
        } else if (event.getType() == ConfigurationEvent.CM_UPDATED && admin != null) {
            configurations.one(admin, event.getPid()).ifPresent(node::configure);
        }
    }

    /** Nothing of its own: what is found of the node's log is found in the file that it goes to now. */
    private List<Finding> nodeLogFindings() {
        if (nodeLogFile != null) {
            nodeLogFile.check();
        }
        return List.of();
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    void bindConfigurationAdmin(ConfigurationAdmin admin) {
        configurationAdmin = admin;
        own.read();
        if (booted) {
            List<Configured> present = configurations.all(admin);
            configurations.gone(present).forEach(node::unconfigure);
            present.forEach(node::configure);
        }
    }

    void unbindConfigurationAdmin(ConfigurationAdmin admin) {
        if (configurationAdmin == admin) {
            configurationAdmin = null;
        }
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindType(ServiceReference<WorkerType> reference, WorkerType service) {
        whiteboards.types.bind(reference, service);
    }

    void updatedType(ServiceReference<WorkerType> reference, WorkerType service) {
        whiteboards.types.bind(reference, service);
    }

    void unbindType(ServiceReference<WorkerType> reference) {
        whiteboards.types.unbind(reference);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindTrigger(ServiceReference<ShutdownTrigger> reference, ShutdownTrigger service) {
        whiteboards.triggers.bind(reference, service);
    }

    void updatedTrigger(ServiceReference<ShutdownTrigger> reference, ShutdownTrigger service) {
        whiteboards.triggers.bind(reference, service);
    }

    void unbindTrigger(ServiceReference<ShutdownTrigger> reference) {
        whiteboards.triggers.unbind(reference);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindCustomizer(ServiceReference<LaunchCustomizer> reference, LaunchCustomizer service) {
        whiteboards.customizers.bind(reference, service);
    }

    void updatedCustomizer(ServiceReference<LaunchCustomizer> reference, LaunchCustomizer service) {
        whiteboards.customizers.bind(reference, service);
    }

    void unbindCustomizer(ServiceReference<LaunchCustomizer> reference) {
        whiteboards.customizers.unbind(reference);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindParticipant(ServiceReference<ShutdownParticipant> reference, ShutdownParticipant service) {
        whiteboards.participants.bind(reference, service);
    }

    void updatedParticipant(ServiceReference<ShutdownParticipant> reference, ShutdownParticipant service) {
        whiteboards.participants.bind(reference, service);
    }

    void unbindParticipant(ServiceReference<ShutdownParticipant> reference) {
        whiteboards.participants.unbind(reference);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindListener(ServiceReference<WorkerListener> reference, WorkerListener service) {
        whiteboards.listeners.bind(reference, service);
    }

    void updatedListener(ServiceReference<WorkerListener> reference, WorkerListener service) {
        whiteboards.listeners.bind(reference, service);
    }

    void unbindListener(ServiceReference<WorkerListener> reference) {
        whiteboards.listeners.unbind(reference);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindSource(ServiceReference<ConfigurationSource> reference, ConfigurationSource service) {
        whiteboards.sources.bind(reference, service);
    }

    void updatedSource(ServiceReference<ConfigurationSource> reference, ConfigurationSource service) {
        whiteboards.sources.bind(reference, service);
    }

    void unbindSource(ServiceReference<ConfigurationSource> reference) {
        whiteboards.sources.unbind(reference);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindFindings(ServiceReference<FindingSource> reference, FindingSource service) {
        whiteboards.findings.bind(reference, service);
    }

    void updatedFindings(ServiceReference<FindingSource> reference, FindingSource service) {
        whiteboards.findings.bind(reference, service);
    }

    void unbindFindings(ServiceReference<FindingSource> reference) {
        whiteboards.findings.unbind(reference);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindWatcher(ServiceReference<FileWatcher> reference, FileWatcher service) {
        whiteboards.watchers.bind(reference, service);
    }

    void updatedWatcher(ServiceReference<FileWatcher> reference, FileWatcher service) {
        whiteboards.watchers.bind(reference, service);
    }

    void unbindWatcher(ServiceReference<FileWatcher> reference) {
        whiteboards.watchers.unbind(reference);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindMonitor(ServiceReference<SystemMonitor> reference, SystemMonitor service) {
        whiteboards.monitors.bind(reference, service);
    }

    void updatedMonitor(ServiceReference<SystemMonitor> reference, SystemMonitor service) {
        whiteboards.monitors.bind(reference, service);
    }

    void unbindMonitor(ServiceReference<SystemMonitor> reference) {
        whiteboards.monitors.unbind(reference);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindChannelHost(ServiceReference<ChannelHost> reference, ChannelHost service) {
        whiteboards.channelHosts.bind(reference, service);
    }

    void updatedChannelHost(ServiceReference<ChannelHost> reference, ChannelHost service) {
        whiteboards.channelHosts.bind(reference, service);
    }

    void unbindChannelHost(ServiceReference<ChannelHost> reference) {
        whiteboards.channelHosts.unbind(reference);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindSessions(ServiceReference<RemoteSessions> reference, RemoteSessions service) {
        whiteboards.sessions.bind(reference, service);
    }

    void updatedSessions(ServiceReference<RemoteSessions> reference, RemoteSessions service) {
        whiteboards.sessions.bind(reference, service);
    }

    void unbindSessions(ServiceReference<RemoteSessions> reference) {
        whiteboards.sessions.unbind(reference);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindEventAdmin(ServiceReference<EventAdmin> reference, EventAdmin service) {
        whiteboards.eventAdmins.bind(reference, service);
    }

    void updatedEventAdmin(ServiceReference<EventAdmin> reference, EventAdmin service) {
        whiteboards.eventAdmins.bind(reference, service);
    }

    void unbindEventAdmin(ServiceReference<EventAdmin> reference) {
        whiteboards.unbindEventAdmin(reference);
    }
}
