package io.millwright.controller.internal.osgi;

import io.millwright.controller.api.NodeController.CheckDepth;
import io.millwright.controller.api.NodeEvent;
import io.millwright.controller.api.Problem;
import io.millwright.controller.api.ShutdownInfo;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.event.EventProperties;
import io.millwright.controller.internal.configured.Configured;
import io.millwright.controller.internal.configured.ConfiguredWorkers;
import io.millwright.controller.internal.node.Node;
import io.millwright.controller.internal.node.NodeDirectory;
import io.millwright.controller.internal.node.NodeKey;
import io.millwright.controller.internal.node.NodeLock;
import io.millwright.controller.internal.node.NodeOperations;
import io.millwright.controller.internal.node.Sources;
import io.millwright.controller.internal.process.NodeEnvironment;
import io.millwright.controller.internal.process.ProcessBackend;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.Version;
import org.osgi.service.condition.Condition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the node lives: finds its directory, takes its lock, opens its process backend, tells the framework when it is ready,
 * and leaves through the launcher's door when it is down. Called by the component.
 */
final class NodeHost {
    /** The node directory. */
    static final String DIRECTORY = "millwright.dir";

    private static final String KARAF_DATA = "karaf.data";

    private static final Logger LOG = LoggerFactory.getLogger(NodeHost.class);
    private static final String DOOR = "(millwright.launcher=true)";
    private static final String READY = "io.millwright.node.ready";

    private final BundleContext context;
    private @Nullable NodeLock lock;
    private @Nullable ServiceRegistration<Condition> ready;
    private CompletableFuture<String> publicKey = new CompletableFuture<>();
    private volatile boolean restart;
    private volatile @Nullable String message;

    NodeHost(BundleContext context) {
        this.context = context;
    }

    boolean isCheckMode() {
        return "check".equals(context.getProperty("millwright.mode"));
    }

    /** Makes the node; blocks until what a node before it has left behind is ended. */
    Node open() throws IOException {
        NodeDirectory directory = new NodeDirectory(directory());
        String product = "Millwright " + shortVersion(context.getBundle().getVersion());
        if (isCheckMode()) {
            publicKey.complete("");
            return new Node(directory, NoBackend.INSTANCE, product, environment(), isReady -> {});
        }
        directory.create();
        if (!"launcher".equals(context.getProperty("millwright.lock"))) {
            lock = NodeLock.take(directory);
        }
        try {
            return open(directory, product);
        } catch (IOException | RuntimeException | Error failed) {
            // In a framework that goes on, a later try must find it free.
            releaseLock();
            throw failed;
        }
    }

    private Node open(NodeDirectory directory, String product) throws IOException {
        ProcessBackend backend = Backends.open(directory, context.getProperty(Backends.PROPERTY));
        try {
            LOG.info("node directory {}, process backend {}", directory.path(), backend.description());
            Node node = new Node(directory, backend, product, environment(), this::ready);
            node.keepHistory();
            publicKey = CompletableFuture.supplyAsync(
                    () -> {
                        try {
                            return NodeKey.publicKey(directory);
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    },
                    task -> new Thread(task, "millwright-key").start());
            if (Boolean.parseBoolean(context.getProperty("millwright.debug.lifecycle"))) {
                node.publisher().addSink(NodeHost::mark);
                node.debugLifecycle();
            }
            return node;
        } catch (RuntimeException | Error failed) {
            backend.close();
            throw failed;
        }
    }

    /** The environment workers inherit from: without what a service manager meant for the node alone. */
    private static Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>(NodeEnvironment.variables());
        environment
                .keySet()
                .removeIf(name -> name.equals("NOTIFY_SOCKET")
                        || name.startsWith("WATCHDOG_")
                        || name.startsWith("LISTEN_")
                        || name.equals("MAINPID"));
        return environment;
    }

    private static String shortVersion(Version version) {
        return version.getMajor() + "." + version.getMinor() + "." + version.getMicro();
    }

    /** The node directory, absolute. */
    Path path() {
        return new NodeDirectory(directory()).path();
    }

    private Path directory() {
        String configured = context.getProperty(DIRECTORY);
        if (configured != null && !configured.isBlank()) {
            return Path.of(configured);
        }
        String karaf = context.getProperty(KARAF_DATA);
        return karaf != null ? Path.of(karaf, "millwright") : Path.of("millwright");
    }

    String publicKey() {
        try {
            return publicKey.join();
        } catch (CompletionException e) {
            return "unavailable: " + (e.getCause() == null ? e : e.getCause()).getMessage();
        }
    }

    /** One stable line a step, for scripts and tests. */
    private static void mark(NodeEvent event) {
        String step = event.topic()
                .substring("io/millwright/".length())
                .replace('/', '_')
                .toUpperCase(java.util.Locale.ROOT);
        Object id = event.properties().get(EventProperties.WORKER_ID);
        System.out.println("MILLWRIGHT" + (id == null ? "" : "[" + id + "]") + ":" + step);
    }

    private synchronized void ready(boolean isReady) {
        if (isReady && ready == null) {
            Dictionary<String, Object> properties = new Hashtable<>();
            properties.put(Condition.CONDITION_ID, READY);
            ready = context.registerService(Condition.class, Condition.INSTANCE, properties);
        } else if (!isReady && ready != null) {
            try {
                ready.unregister();
            } catch (IllegalStateException gone) {
                LOG.debug("the bundle is stopping, its services are gone already");
            }
            ready = null;
        }
    }

    boolean endsFramework(Node node) {
        String scope = node.shutdownScope();
        if (scope != null) {
            return scope.equals("framework");
        }
        return !isKaraf();
    }

    /** In Karaf the framework is shared: it ends only where {@code shutdown.scope} says so. */
    private boolean isKaraf() {
        return context.getProperty(KARAF_DATA) != null;
    }

    /** Keeps what is to be printed when the node leaves. */
    void refused(String why) {
        message = why;
    }

    /** The node is down by its own shutdown: the framework follows where the scope says so. */
    void down(Node node, ShutdownInfo info, int exitCode) {
        restart = info.restart();
        if (info.who().equals(io.millwright.controller.api.Caller.FRAMEWORK) && message == null && info.wasClean()) {
            return;
        }
        if (endsFramework(node)) {
            leave(exitCode, info.restart(), message);
        } else {
            LOG.info(
                    "the node is down; the framework goes on (shutdown.scope=workers); restart the bundle {} for a new node",
                    context.getBundle().getSymbolicName());
            if (info.restart()) {
                restartBundle();
            }
        }
    }

    private void restartBundle() {
        Bundle bundle = context.getBundle();
        new Thread(
                        () -> {
                            try {
                                bundle.stop(Bundle.STOP_TRANSIENT);
                                bundle.start(Bundle.START_TRANSIENT);
                            } catch (BundleException e) {
                                LOG.error("the controller could not be restarted", e);
                            }
                        },
                        "millwright-restart")
                .start();
    }

    /** The component is stopped: where that is because the framework stops, the launcher learns the exit code. */
    void ended(int exitCode) {
        Bundle system = context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION);
        if (system != null && system.getState() == Bundle.STOPPING) {
            useDoor(Map.of("exit.code", exitCode, "restart", restart));
        }
    }

    /**
     * There is no node: a framework that was started for it ends.
     *
     * @return whether the launcher was told, and tells why
     */
    boolean cannotStart(String why) {
        return !isKaraf() && leave(1, false, "the node controller cannot start: " + why);
    }

    /** Tells the launcher to end the framework, which gives true, or ends it where there is no launcher. */
    boolean leave(int exitCode, boolean restartWanted, @Nullable String text) {
        Map<String, Object> answer = new HashMap<>();
        answer.put("exit.code", exitCode);
        answer.put("restart", restartWanted);
        if (text != null) {
            answer.put("message", text);
        }
        if (useDoor(answer)) {
            return true;
        }
        stopFramework();
        return false;
    }

    private boolean useDoor(Map<String, Object> answer) {
        try {
            for (@SuppressWarnings("rawtypes")
            ServiceReference<Consumer> reference : context.getServiceReferences(Consumer.class, DOOR)) {
                @SuppressWarnings("unchecked")
                Consumer<Map<String, Object>> door = context.getService(reference);
                if (door != null) {
                    door.accept(answer);
                    return true;
                }
            }
        } catch (InvalidSyntaxException | IllegalStateException e) {
            LOG.debug("no door", e);
        }
        return false;
    }

    private void stopFramework() {
        Bundle system = context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION);
        if (system == null) {
            return;
        }
        new Thread(
                        () -> {
                            try {
                                system.stop();
                            } catch (BundleException e) {
                                LOG.error("the framework could not be stopped", e);
                            }
                        },
                        "millwright-framework-stop")
                .start();
    }

    /** Check mode: says every problem there is and leaves. */
    void reportCheck(Node node, List<Configured> configured) {
        StringBuilder text = new StringBuilder();
        int count = 0;
        Map<WorkerId, Configured> first = new HashMap<>();
        NodeOperations operations = new NodeOperations(node, this::publicKey);
        for (Sources.Report report : node.sources().reports()) {
            for (Problem problem : report.problems()) {
                text.append(report.name()).append(": ").append(problem).append('\n');
                count++;
            }
        }
        for (Configured one : configured) {
            Configured holder = first.putIfAbsent(one.spec().id(), one);
            if (holder != null) {
                text.append(one.source()).append(": ");
                text.append(ConfiguredWorkers.outranked(one.spec().id(), holder.source()))
                        .append('\n');
                count++;
                continue;
            }
            if (!one.origin().startsWith("config:")) {
                continue; // its source has had it checked
            }
            List<Problem> problems = operations
                    .check(one.spec(), CheckDepth.FULL)
                    .toCompletableFuture()
                    .join();
            for (Problem problem : problems) {
                text.append(one.source()).append(": ").append(problem).append('\n');
                count++;
            }
        }
        text.append(count == 0 ? "the configuration is valid" : count + " problem(s)");
        leave(count == 0 ? 0 : 1, false, text.toString());
    }

    void close(Node node) {
        ready(false);
        node.close();
        releaseLock();
    }

    private void releaseLock() {
        if (lock != null) {
            lock.close();
            lock = null;
        }
    }
}
