package io.millwright.controller.internal.node;

import io.millwright.controller.api.WorkerId;
import io.millwright.controller.internal.event.EventPublisher;
import io.millwright.controller.internal.event.NodeLog;
import io.millwright.controller.internal.event.WorkerListeners;
import io.millwright.controller.internal.launch.PluginPool;
import io.millwright.controller.internal.launch.PluginTimer;
import io.millwright.controller.internal.launch.TypeOptions;
import io.millwright.controller.internal.launch.TypePlanner;
import io.millwright.controller.internal.launch.WorkerTypes;
import io.millwright.controller.internal.log.AuditLog;
import io.millwright.controller.internal.log.LogBuffers;
import io.millwright.controller.internal.log.LogOptions;
import io.millwright.controller.internal.log.WorkerLog;
import io.millwright.controller.internal.process.ProcessBackend;
import io.millwright.controller.internal.process.cgroup.WorkerGroups;
import io.millwright.controller.internal.self.Affinity;
import io.millwright.controller.internal.self.OwnProcess;
import io.millwright.controller.internal.worker.LoopThread;
import io.millwright.controller.internal.worker.Moment;
import io.millwright.controller.internal.worker.WorkerEvents;
import io.millwright.controller.internal.worker.ready.Prober;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts one node together: the loop, what runs in it, and the threads, pools and files around it; and ends them in order. Made and closed by
 * its {@link Node}; who may call a part on which thread says the part.
 */
final class Assembly implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Node.class);
    private static final Duration PLUGIN_LIMIT = Duration.ofSeconds(5);
    private static final int PLUGIN_THREADS = 4;
    /** A watch over many folders may take its time to begin. */
    private static final Duration WATCH_LIMIT = Duration.ofSeconds(60);

    /** The host of control channels is told of the last ends within this time. */
    private static final Duration CHANNELS_END = Duration.ofSeconds(1);

    final LoopThread loop;
    final Core core;
    private final PluginTimer pluginTimer = new PluginTimer();
    final PluginPool plugins =
            new PluginPool("millwright-plugin", PLUGIN_THREADS, PLUGIN_LIMIT, System::nanoTime, pluginTimer);
    final EventPublisher publisher;
    final NodeLog log;
    private final Prober prober = new Prober();
    final KeptState state;
    final WorkerTypes types;
    final BoundPlugins bound = new BoundPlugins(plugins);
    final TypePlanner planner;
    final NodeDirectory directory;
    final ProcessBackend backend;
    final Moment started;
    final String life = UUID.randomUUID().toString();
    final NodeThreads threads;
    final OwnOptions options;
    final String product;
    final WorkerListeners listeners;
    final OwnProcess process;
    final AuditLog audit;
    final PluginPool watchOpener = new PluginPool("millwright-watch", 1, WATCH_LIMIT, System::nanoTime, pluginTimer);
    private final LogBuffers logBuffers = new LogBuffers();

    /** Native workers are told to mark each step of their life, as the node does. */
    volatile boolean debugLifecycle;

    /**
     * Puts a node together and starts its threads.
     *
     * @param directory the node directory, made
     * @param backend makes the processes
     * @param product title and version of the product
     * @param environment the node's own environment
     * @param readiness told true when the node is ready and false when it is no longer
     * @param log the node's own log
     */
    Assembly(
            NodeDirectory directory,
            ProcessBackend backend,
            String product,
            Map<String, String> environment,
            Consumer<Boolean> readiness,
            NodeLog log) {
        this.log = log;
        this.directory = directory;
        this.backend = backend;
        this.product = product;
        audit = new AuditLog(directory.auditLog());
        options = new OwnOptions(environment);
        Affinity affinity = new Affinity();
        process = new OwnProcess(affinity, bound::monitor);
        threads = new NodeThreads(affinity, NodeThreads.IDLE, backend::releaseMemory);
        publisher = new EventPublisher(threads.callbacks, threads.followers, life, this::nodeId, pluginTimer::after);
        loop = new LoopThread(publisher::together);
        started = loop.now();
        state = new KeptState(directory.state(), threads.followers, pluginTimer);
        types = new WorkerTypes(
                provider -> plugins.call(provider.what(), () -> TypeOptions.read(provider, environment)));
        planner = new TypePlanner(types, plugins, bound::customizers, environment, directory.path(), backend);
        core = new Core(new Core.Parts(
                loop,
                planner,
                backend,
                new WorkerGroups(directory.run()),
                threads.spawners,
                threads.followers,
                this::watch,
                plugins,
                plugins::call,
                prober,
                state.runNumbers()::next,
                () -> debugLifecycle,
                new WorkerEvents(
                        loop,
                        publisher::publish,
                        publisher::afterwards,
                        (level, text) -> publisher.inOrder(() -> log.write(level, text))),
                audit,
                RandomGenerator.getDefault(),
                directory,
                options::settings,
                bound::participants,
                this::newLog,
                this::logReopened,
                readiness));
        listeners = new WorkerListeners(publisher, this::logs, this::wantsLog, threads.followers);
        types.onChange((type, available) -> loop.execute(() -> core.typeChanged(type, available)));
        types.onUnavailable(type -> loop.execute(() -> core.starter.restarter().typeUnavailable(type)));
    }

    private String nodeId() {
        return core.nodeId();
    }

    private void watch(Runnable task, Consumer<Throwable> onFault) {
        watchOpener
                .call("the file watcher", () -> {
                    task.run();
                    return true;
                })
                .exceptionally(fault -> {
                    onFault.accept(fault);
                    return false;
                });
    }

    private Map<WorkerId, WorkerLog> logs() {
        return core.registry.all().stream().collect(Collectors.toMap(worker -> worker.id, worker -> worker.log));
    }

    private CompletableFuture<Boolean> wantsLog(WorkerListeners.Listener listener) {
        String what = "worker listener (bundle " + listener.bundle() + ")";
        return plugins.call(what, listener.service()::wantsLog).exceptionally(fault -> {
            bound.problems.set(
                    listener,
                    List.of(what + " does not say whether it wants logs, and gets none: " + fault.getMessage()));
            return false;
        });
    }

    private void logReopened(WorkerId id, WorkerLog log) {
        listeners.created(id, log);
    }

    private WorkerLog newLog(WorkerId id) {
        WorkerLog log = new WorkerLog(
                directory.workerLogs().resolve(id + ".log"),
                LogOptions.DEFAULT,
                logBuffers,
                problem -> LOG.error("worker {}: {}", id, problem));
        listeners.created(id, log);
        return log;
    }

    /** Ends the threads; the workers have ended before. */
    @Override
    public void close() {
        process.close();
        loop.close();
        core.forgetGone();
        state.close();
        core.channels.finish(CHANNELS_END);
        plugins.close();
        prober.close();
        watchOpener.close();
        publisher.close();
        pluginTimer.close();
        log.close();
        listeners.close();
        audit.close();
        threads.close();
        core.sockets.close();
        backend.close();
        core.registry.all().forEach(worker -> worker.log.close());
        logBuffers.close();
    }
}
