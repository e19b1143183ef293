package io.millwright.controller.internal.osgi;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.ConfigurationSource;
import io.millwright.controller.api.NodeController;
import io.millwright.controller.api.Problem;
import io.millwright.controller.api.ShutdownRequest;
import io.millwright.controller.api.WorkerListener;
import io.millwright.controller.api.monitor.SystemMonitor;
import io.millwright.controller.api.shutdown.ShutdownParticipant;
import io.millwright.controller.api.shutdown.ShutdownTrigger;
import io.millwright.controller.api.watch.FileWatcher;
import io.millwright.controller.api.worker.LaunchCustomizer;
import io.millwright.controller.api.worker.WorkerType;
import io.millwright.controller.internal.configured.ConfiguredWorkers.Configured;
import io.millwright.controller.internal.launch.WorkerTypes;
import io.millwright.controller.internal.node.Node;
import io.millwright.controller.internal.node.NodeOperations;
import io.millwright.controller.internal.options.NodeOptions;
import io.millwright.controller.internal.osgi.config.ConfigurationAdminStore;
import io.millwright.controller.internal.osgi.config.Forms;
import io.millwright.controller.internal.osgi.config.NodeConfiguration;
import io.millwright.controller.internal.osgi.config.Refusals;
import io.millwright.controller.internal.osgi.config.WorkerConfigurations;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.bundle.Capability;
import org.osgi.framework.Bundle;
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
import org.osgi.service.event.Event;
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

    private static final int LONGEST_DEADLINE_SECONDS = 86_400;

    private final BundleContext context;
    private final NodeHost host;
    private final Node node;
    private final NodeConfiguration own;
    private final Refusals refusals = new Refusals();
    private final WorkerConfigurations configurations = new WorkerConfigurations(refusals);
    private final Forms forms;
    private final Map<ServiceReference<LaunchCustomizer>, LaunchCustomizer> customizers =
            new ConcurrentSkipListMap<>(Comparator.reverseOrder());
    private final Map<ServiceReference<FileWatcher>, FileWatcher> watchers =
            new ConcurrentSkipListMap<>(Comparator.reverseOrder());
    private final Map<ServiceReference<SystemMonitor>, SystemMonitor> monitors =
            new ConcurrentSkipListMap<>(Comparator.reverseOrder());
    private final Map<EventAdmin, Consumer<io.millwright.controller.api.NodeEvent>> eventSinks =
            new java.util.concurrent.ConcurrentHashMap<>();
    private volatile @Nullable ConfigurationAdmin configurationAdmin;
    private volatile boolean booted;
    private @Nullable ServiceRegistration<NodeController> registration;
    private @Nullable ServiceRegistration<ConfigurationSource> refusalsRegistration;
    private @Nullable FrameworkReady frameworkReady;
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
        } catch (IOException | RuntimeException e) {
            LOG.error("the node controller cannot start: {}", e.getMessage());
            host.cannotStart(String.valueOf(e.getMessage()));
            throw e;
        }
        own = new NodeConfiguration(() -> configurationAdmin, reference, node::setOptions);
        node.setStore(new ConfigurationAdminStore(() -> configurationAdmin));
        forms = new Forms(context, node.types());
        node.types().onServing(forms::changed);
    }

    @Activate
    void begin() {
        registration = context.registerService(NodeController.class, new NodeOperations(node, host::publicKey), null);
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

    private void boot() {
        booted = true;
        own.read();
        List<Problem> refused = new ArrayList<>();
        StringBuilder names = new StringBuilder();
        for (ConfigurationSource source : node.sources()) {
            if (!source.isRequired()) {
                continue;
            }
            List<Problem> problems = source.problems();
            refused.addAll(problems);
            if (!problems.isEmpty()) {
                names.append(names.isEmpty() ? "" : ", ").append(source.name());
            }
            problems.forEach(problem -> LOG.error("{}: {}", source.name(), problem));
        }
        if (!refused.isEmpty() && host.endsFramework(node)) {
            host.refused(names + " is refused:" + lines(refused));
            node.refuseBoot(names + " is refused: " + refused.size() + " problem(s)");
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
        if (registration != null) {
            registration.unregister();
        }
        if (refusalsRegistration != null) {
            refusalsRegistration.unregister();
        }
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
    void bindType(ServiceReference<WorkerType> reference, WorkerType type) {
        Object name = reference.getProperty(WorkerType.WORKER_TYPE);
        Bundle bundle = reference.getBundle();
        if (bundle == null) {
            return;
        }
        if (!(name instanceof String text) || !text.matches(WorkerType.NAME_PATTERN)) {
            LOG.error(
                    "bundle {} offers a worker type whose property {} is '{}'; it must be a name of the form {}, it is left out",
                    bundle.getSymbolicName(),
                    WorkerType.WORKER_TYPE,
                    name,
                    WorkerType.NAME_PATTERN);
            return;
        }
        node.types()
                .add(new WorkerTypes.Provider(
                        text,
                        type,
                        String.valueOf(bundle.getSymbolicName()),
                        bundle.getVersion(),
                        reference.getProperty(Constants.SERVICE_RANKING) instanceof Integer ranking ? ranking : 0,
                        (Long) reference.getProperty(Constants.SERVICE_ID)));
    }

    void unbindType(ServiceReference<WorkerType> reference) {
        if (reference.getProperty(WorkerType.WORKER_TYPE) instanceof String name) {
            node.types().remove(name, (Long) reference.getProperty(Constants.SERVICE_ID));
        }
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindTrigger(ShutdownTrigger trigger, Map<String, Object> properties) {
        node.triggers().bind(String.valueOf(properties.get(ShutdownTrigger.TRIGGER_NAME)), trigger);
    }

    void unbindTrigger(ShutdownTrigger trigger, Map<String, Object> properties) {
        node.triggers().unbind(String.valueOf(properties.get(ShutdownTrigger.TRIGGER_NAME)), trigger);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindCustomizer(ServiceReference<LaunchCustomizer> reference, LaunchCustomizer customizer) {
        customizers.put(reference, customizer);
        publishCustomizers();
    }

    void unbindCustomizer(ServiceReference<LaunchCustomizer> reference) {
        customizers.remove(reference);
        publishCustomizers();
    }

    private void publishCustomizers() {
        List<Map.Entry<String, LaunchCustomizer>> ordered = new ArrayList<>();
        customizers.forEach((reference, service) -> ordered.add(
                Map.entry(String.valueOf(reference.getProperty(LaunchCustomizer.CUSTOMIZER_NAME)), service)));
        node.setCustomizers(ordered);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindParticipant(ServiceReference<ShutdownParticipant> reference, ShutdownParticipant participant) {
        Bundle bundle = reference.getBundle();
        String name = bundle == null ? "?" : String.valueOf(bundle.getSymbolicName());
        node.addParticipant(participant, name, deadline(name, reference.getProperty(ShutdownParticipant.DEADLINE)));
    }

    private static Duration deadline(String bundle, @Nullable Object property) {
        if (property instanceof Number number) {
            double seconds = number.doubleValue();
            if (seconds >= 0.001 && seconds <= LONGEST_DEADLINE_SECONDS) {
                return Duration.ofMillis((long) (seconds * 1000));
            }
        }
        if (property != null) {
            LOG.error(
                    "bundle {} offers a shutdown participant whose property {} is '{}'; it must be a number of seconds from 0.001 to {}, it is taken as 10",
                    bundle,
                    ShutdownParticipant.DEADLINE,
                    property,
                    LONGEST_DEADLINE_SECONDS);
        }
        return Duration.ofSeconds(10);
    }

    void unbindParticipant(ShutdownParticipant participant) {
        node.removeParticipant(participant);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindListener(WorkerListener listener, Map<String, Object> properties) {
        Object ids = properties.get(WorkerListener.WORKER_ID);
        Set<String> wanted = ids instanceof String one
                ? Set.of(one)
                : ids instanceof String[] several ? Set.copyOf(Arrays.asList(several)) : Set.of();
        node.listeners().bind(listener, wanted);
    }

    void unbindListener(WorkerListener listener) {
        node.listeners().unbind(listener);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindSource(ConfigurationSource source) {
        node.sources().add(source);
    }

    void unbindSource(ConfigurationSource source) {
        node.sources().remove(source);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindWatcher(ServiceReference<FileWatcher> reference, FileWatcher watcher) {
        synchronized (watchers) {
            watchers.put(reference, watcher);
            node.setWatcher(watchers.values().iterator().next());
        }
    }

    void unbindWatcher(ServiceReference<FileWatcher> reference) {
        synchronized (watchers) {
            watchers.remove(reference);
            node.setWatcher(
                    watchers.isEmpty() ? null : watchers.values().iterator().next());
        }
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindMonitor(ServiceReference<SystemMonitor> reference, SystemMonitor monitor) {
        synchronized (monitors) {
            monitors.put(reference, monitor);
            node.setMonitor(monitors.values().iterator().next());
        }
    }

    void unbindMonitor(ServiceReference<SystemMonitor> reference) {
        synchronized (monitors) {
            monitors.remove(reference);
            node.setMonitor(
                    monitors.isEmpty() ? null : monitors.values().iterator().next());
        }
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindEventAdmin(EventAdmin admin) {
        Consumer<io.millwright.controller.api.NodeEvent> sink =
                event -> admin.postEvent(new Event(event.topic(), event.properties()));
        eventSinks.put(admin, sink);
        node.publisher().addSink(sink);
    }

    void unbindEventAdmin(EventAdmin admin) {
        Consumer<io.millwright.controller.api.NodeEvent> sink = eventSinks.remove(admin);
        if (sink != null) {
            node.publisher().removeSink(sink);
        }
    }
}
