package io.millwright.controller.internal.node;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.Finding;
import io.millwright.controller.api.Operation;
import io.millwright.controller.api.Problem;
import io.millwright.controller.api.ShutdownInfo;
import io.millwright.controller.api.ShutdownRequest;
import io.millwright.controller.api.StopOptions;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.api.channel.ChannelHost;
import io.millwright.controller.api.monitor.SystemMonitor;
import io.millwright.controller.api.remote.RemoteSessions;
import io.millwright.controller.api.watch.FileWatcher;
import io.millwright.controller.api.worker.OptionValues;
import io.millwright.controller.internal.configured.Configured;
import io.millwright.controller.internal.configured.WorkerStore;
import io.millwright.controller.internal.event.EventPublisher;
import io.millwright.controller.internal.event.NodeLog;
import io.millwright.controller.internal.event.WorkerListeners;
import io.millwright.controller.internal.launch.PluginPool;
import io.millwright.controller.internal.launch.PluginProblems;
import io.millwright.controller.internal.launch.PluginTimer;
import io.millwright.controller.internal.launch.TypeOptions;
import io.millwright.controller.internal.launch.TypePlanner;
import io.millwright.controller.internal.launch.WorkerTypes;
import io.millwright.controller.internal.log.Audit;
import io.millwright.controller.internal.log.AuditLog;
import io.millwright.controller.internal.log.LogBuffers;
import io.millwright.controller.internal.log.LogOptions;
import io.millwright.controller.internal.log.WorkerLog;
import io.millwright.controller.internal.options.NodeOptions;
import io.millwright.controller.internal.process.ProcessBackend;
import io.millwright.controller.internal.self.Affinity;
import io.millwright.controller.internal.self.OwnProcess;
import io.millwright.controller.internal.worker.LoopThread;
import io.millwright.controller.internal.worker.Moment;
import io.millwright.controller.internal.worker.Worker;
import io.millwright.controller.internal.worker.WorkerEvents;
import io.millwright.controller.internal.worker.ready.Prober;
import io.millwright.options.Checked;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One node, put together: the loop, what runs in it, and the threads around it. Knows nothing of OSGi services; the
 * component around it brings plug-ins and configurations and takes them away, from any thread.
 */
public final class Node implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Node.class);
    private static final Duration PLUGIN_LIMIT = Duration.ofSeconds(5);
    private static final int PLUGIN_THREADS = 4;
    /** A watch over many folders may take its time to begin. */
    private static final Duration WATCH_LIMIT = Duration.ofSeconds(60);

    /** The host of control channels is told of the last ends within this time. */
    private static final Duration CHANNELS_END = Duration.ofSeconds(1);

    private final LoopThread loop;
    public final Core core;
    private final PluginTimer pluginTimer = new PluginTimer();
    final PluginPool plugins =
            new PluginPool("millwright-plugin", PLUGIN_THREADS, PLUGIN_LIMIT, System::nanoTime, pluginTimer);
    final EventPublisher publisher;
    private final NodeLog log;
    private final Prober prober = new Prober();
    final KeptState state;
    final WorkerTypes types;
    private final PluginProblems problems = new PluginProblems();
    private final Sources sources = new Sources(plugins);
    private final FindingSources findingSources = new FindingSources(plugins);
    public final TypePlanner planner;
    final NodeDirectory directory;
    final ProcessBackend backend;
    final Moment started;
    final String life = UUID.randomUUID().toString();
    final NodeThreads threads;
    final OwnOptions options;
    final String product;
    final WorkerListeners listeners;
    final OwnProcess process;

    /** Where what changes something is written. */
    public final AuditLog audit;

    private final PluginPool watchOpener =
            new PluginPool("millwright-watch", 1, WATCH_LIMIT, System::nanoTime, pluginTimer);
    private final LogBuffers logBuffers = new LogBuffers();
    private volatile List<TypePlanner.Customizer> customizers = List.of();
    private volatile List<Participant> participants = List.of();

    final SessionOperations sessions = new SessionOperations();
    volatile @Nullable SystemMonitor monitor;
    private volatile boolean debugLifecycle;
    /** Configurations that come before the boot are no changes. */
    private volatile boolean booted;

    /**
     * Puts a node together and starts its threads. Boots nothing yet.
     *
     * @param directory the node directory, made
     * @param backend makes the processes
     * @param product title and version of the product
     * @param environment the node's own environment
     * @param readiness told true when the node is ready and false when it is no longer
     */
    public Node(
            NodeDirectory directory,
            ProcessBackend backend,
            String product,
            Map<String, String> environment,
            Consumer<Boolean> readiness) {
        this(directory, backend, product, environment, readiness, new NodeLog());
    }

    /** As the other, with a log of its own. */
    Node(
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
        process = new OwnProcess(affinity, () -> monitor);
        threads = new NodeThreads(affinity);
        publisher = new EventPublisher(threads.callbacks, threads.followers, life, this::nodeId, pluginTimer::after);
        loop = new LoopThread(publisher::together);
        started = loop.now();
        state = new KeptState(directory.state(), threads.followers, pluginTimer);
        types = new WorkerTypes(
                provider -> plugins.call(provider.what(), () -> TypeOptions.read(provider, environment)));
        planner = new TypePlanner(types, plugins, () -> customizers, environment, directory.path(), backend);
        core = new Core(new Core.Parts(
                loop,
                planner,
                backend,
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
                () -> participants,
                this::newLog,
                this::logReopened,
                readiness));
        listeners = new WorkerListeners(publisher, this::logs, this::wantsLog, threads.followers);
        types.onChange((type, available) -> loop.execute(() -> core.typeChanged(type, available)));
        types.onUnavailable(type -> loop.execute(() -> core.starter.restarter().typeUnavailable(type)));
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
            problems.set(
                    listener,
                    List.of(what + " does not say whether it wants logs, and gets none: " + fault.getMessage()));
            return false;
        });
    }

    /** Reads the history, operators' words and the run numbers that an earlier life has kept, and keeps them from now on; before the boot. Blocks. */
    public void keepHistory() {
        state.open(core);
    }

    /** What is wrong with the audit log; for any thread. */
    List<Finding> auditFindings() {
        String trouble = audit.trouble();
        return trouble == null
                ? List.of()
                : List.of(Finding.warning(
                        "audit log", trouble, "make room for " + directory.auditLog() + ", or put it right"));
    }

    /** The node's id; for any thread. */
    public String nodeId() {
        return core.nodeId();
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

    /**
     * Shuts down; a second call changes nothing.
     *
     * @param request how
     * @param caller the caller, kept as {@code who}
     * @return completed when it has begun
     */
    public CompletableFuture<ShutdownInfo> shutdown(ShutdownRequest request, Caller caller) {
        CompletableFuture<ShutdownInfo> result = new CompletableFuture<>();
        loop.execute(() -> {
            ShutdownInfo info = core.beginShutdown(request, caller, true, null);
            core.events.afterwards(() -> result.complete(info));
        });
        return result;
    }

    /**
     * Ends all workers at once, whatever stop they were given.
     *
     * @param caller the caller, kept as {@code who}
     */
    public void killAll(Caller caller) {
        loop.execute(() -> {
            audit.begin(caller, Operation.STOP_WORKERS.text(), "*", List.of("kill"))
                    .end(Audit.OK);
            for (Worker worker : core.stopper.live()) {
                core.stopper.stop(worker.id, StopOptions.KILL, caller, new CompletableFuture<>());
            }
        });
    }

    /**
     * How many workers are on their way up or down, each of them within a time of its own; asked for in the loop.
     *
     * @return completed with the number
     */
    public CompletableFuture<Integer> countOnTheirWay() {
        CompletableFuture<Integer> result = new CompletableFuture<>();
        loop.execute(() -> result.complete((int) core.stopper.live().stream()
                .filter(worker -> core.isShuttingDown()
                        || worker.state == WorkerState.STARTING
                        || worker.state == WorkerState.CONNECTED
                        || worker.state == WorkerState.STOPPING)
                .count()));
        return result;
    }

    /**
     * Whether a shutdown has begun after which the node is to come back; asked for in the loop.
     *
     * @return completed with the answer
     */
    public CompletableFuture<Boolean> isRestarting() {
        CompletableFuture<Boolean> result = new CompletableFuture<>();
        loop.execute(() -> {
            ShutdownInfo begun = core.shutdown.info();
            result.complete(begun != null && begun.restart());
        });
        return result;
    }

    /**
     * Completed with the exit code when the shutdown is done.
     *
     * @param handler gets the shutdown and the code, on a callback thread
     */
    public void onDown(BiConsumer<ShutdownInfo, Integer> handler) {
        core.shutdown.done().thenAccept(outcome -> handler.accept(outcome.info(), outcome.exitCode()));
    }

    /**
     * Starts the workers of the boot configuration.
     *
     * @param configured the configurations there are
     */
    public void boot(Collection<Configured> configured) {
        booted = true;
        loop.execute(() -> core.boot(configured));
    }

    /**
     * Ends the node because its configuration is refused.
     *
     * @param cause why
     */
    public void refuseBoot(String cause) {
        loop.execute(() -> core.bootFailed(cause));
    }

    /**
     * Takes a new or changed worker configuration.
     *
     * @param configured the configuration
     */
    public void configure(Configured configured) {
        loop.execute(() -> core.configuredWorkers.change(configured));
    }

    /**
     * Tells of configurations that are refused because another one has their worker.
     *
     * @param listener gets the configuration and why, {@code null} when it is not refused any more; called in the loop
     */
    public void onRefusal(BiConsumer<Configured, @Nullable String> listener) {
        loop.execute(() -> core.configuredWorkers.onRefusal(listener));
    }

    /**
     * Takes the deletion of a worker configuration.
     *
     * @param pid its PID
     */
    public void unconfigure(String pid) {
        loop.execute(() -> core.configuredWorkers.remove(pid));
    }

    /**
     * Checks options of the node itself.
     *
     * @param options as given
     * @return values and problems
     */
    public Checked checkOptions(Map<String, ?> options) {
        return this.options.check(options);
    }

    /**
     * Takes options of the node itself; bad ones are reported and change nothing.
     *
     * @param options as given
     */
    public void setOptions(Map<String, ?> options) {
        OptionValues defaults = this.options.workerDefaults();
        List<Problem> problems = this.options.take(options);
        if (booted) {
            audit.begin(Caller.config(NodeOptions.PID), Audit.UPDATE_CONFIGURATION, null, Audit.keys(options))
                    .end(problems.isEmpty() ? Audit.OK : ErrorCode.INVALID_CONFIGURATION.code());
        }
        if (!problems.isEmpty()) {
            return;
        }
        boolean changed = !defaults.equals(this.options.workerDefaults());
        if (changed) {
            planner.setDefaults(this.options.workerDefaults());
        }
        int historySize = this.options.settings().historySize();
        loop.execute(() -> {
            core.registry.setHistorySize(historySize);
            if (changed) {
                core.configuredWorkers.defaultsChanged();
            }
        });
    }

    /**
     * What a shutdown ends.
     *
     * @return {@code framework} or {@code workers}, {@code null} if not configured
     */
    public @Nullable String shutdownScope() {
        return options.settings().scope();
    }

    /**
     * Has something done before lines are written to the node's own log.
     *
     * @param task may block for the disk
     */
    public void beforeLogging(Runnable task) {
        log.beforeWriting(task);
    }

    /**
     * The worker types.
     *
     * @return bind and unbind them here
     */
    public WorkerTypes types() {
        return types;
    }

    /**
     * The shutdown triggers.
     *
     * @return bind and unbind them here
     */
    public Triggers triggers() {
        return core.triggers;
    }

    /**
     * The events.
     *
     * @return add sinks here
     */
    public EventPublisher publisher() {
        return publisher;
    }

    /**
     * Adds a worker listener.
     *
     * @param listener is given what happens from now on
     */
    public void addListener(WorkerListeners.Listener listener) {
        listeners.bind(listener);
    }

    /**
     * Removes a worker listener.
     *
     * @param listener one that was added
     */
    public void removeListener(WorkerListeners.Listener listener) {
        listeners.unbind(listener);
        problems.forget(listener);
    }

    /**
     * The configuration sources.
     *
     * @return bind and ask them here
     */
    public Sources sources() {
        return sources;
    }

    /**
     * The sources of findings of other bundles.
     *
     * @return bind them here
     */
    public FindingSources findingSources() {
        return findingSources;
    }

    /**
     * What runs callers' code.
     *
     * @return several threads, which end with the node
     */
    public Executor callbacks() {
        return threads.callbacks;
    }

    /**
     * Where what is wrong with a plug-in is noted when it is bound.
     *
     * @return it is part of what {@link #pluginProblems} says
     */
    public PluginProblems problems() {
        return problems;
    }

    /**
     * What is wrong with the plug-ins that are there, or that are configured and not there; the health of worker types is
     * told by {@link io.millwright.controller.api.NodeController#getWorkerTypes}. Does not block.
     *
     * @return a sentence each, without a full stop
     */
    public List<String> pluginProblems() {
        List<String> all = new ArrayList<>(problems.sentences());
        all.addAll(core.triggers.problems());
        all.addAll(plugins.problems());
        all.addAll(watchOpener.problems());
        return all;
    }

    /**
     * Takes the launch customizers there are.
     *
     * @param ordered in the order they are called
     */
    public void setCustomizers(List<TypePlanner.Customizer> ordered) {
        // At once: a launch in between must see all the old ones or all the new ones.
        customizers = List.copyOf(ordered);
    }

    /**
     * Takes the shutdown participants there are.
     *
     * @param present asked at a shutdown, all at once
     */
    public void setParticipants(List<Participant> present) {
        participants = List.copyOf(present);
    }

    /**
     * Sets the file watcher.
     *
     * @param watcher the watcher, {@code null} if there is none
     */
    public void setWatcher(@Nullable FileWatcher watcher) {
        loop.execute(() -> core.watching.setWatcher(watcher, core.registry.all()));
    }

    /**
     * Sets the host of the control channels of native workers.
     *
     * @param host the host, {@code null} if there is none
     */
    public void setChannelHost(@Nullable ChannelHost host) {
        loop.execute(() -> core.setChannelHost(host));
    }

    /**
     * Sets the sessions of the remote management.
     *
     * @param sessions the sessions, {@code null} if there is no remote management
     */
    public void setSessions(@Nullable RemoteSessions sessions) {
        this.sessions.set(sessions);
    }

    /** Native workers are told to mark each step of their life, as the node does. */
    public void debugLifecycle() {
        debugLifecycle = true;
    }

    /**
     * Sets where configurations of workers are kept.
     *
     * @param store the store
     */
    public void setStore(WorkerStore store) {
        core.saved.setStore(store);
    }

    /**
     * Sets the system monitor.
     *
     * @param service the monitor, {@code null} if there is none
     */
    public void setMonitor(@Nullable SystemMonitor service) {
        monitor = service == null ? null : new PooledMonitor(service, plugins);
    }

    /** Ends the threads; the workers have ended before. */
    @Override
    public void close() {
        process.close();
        loop.close();
        core.forgetTimes();
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
