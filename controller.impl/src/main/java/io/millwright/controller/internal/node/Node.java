package io.millwright.controller.internal.node;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.Finding;
import io.millwright.controller.api.Operation;
import io.millwright.controller.api.Problem;
import io.millwright.controller.api.ShutdownInfo;
import io.millwright.controller.api.ShutdownRequest;
import io.millwright.controller.api.StopOptions;
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
import io.millwright.controller.internal.launch.PluginProblems;
import io.millwright.controller.internal.launch.TypePlanner;
import io.millwright.controller.internal.launch.WorkerTypes;
import io.millwright.controller.internal.log.Audit;
import io.millwright.controller.internal.log.AuditLog;
import io.millwright.controller.internal.options.NodeOptions;
import io.millwright.controller.internal.process.ProcessBackend;
import io.millwright.controller.internal.worker.LoopThread;
import io.millwright.controller.internal.worker.Worker;
import io.millwright.options.Checked;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One node, as the component around it sees it: brings plug-ins and configurations and takes them away, boots it and ends it. Knows
 * nothing of OSGi services. Thread-safe; what belongs to the controller loop is done there.
 */
public final class Node implements AutoCloseable {
    final Assembly parts;
    public final Core core;
    public final TypePlanner planner;

    /** Where what changes something is written. */
    public final AuditLog audit;

    private final LoopThread loop;
    private final OwnOptions options;
    private final BoundPlugins bound;

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
        parts = new Assembly(directory, backend, product, environment, readiness, log);
        loop = parts.loop;
        core = parts.core;
        planner = parts.planner;
        audit = parts.audit;
        options = parts.options;
        bound = parts.bound;
    }

    /**
     * Reads the operators' words and the run numbers that an earlier life has kept, its history a moment later, and keeps them from
     * now on; before the boot. Blocks.
     */
    public void keepHistory() {
        parts.state.open(core);
    }

    /** What is wrong with the audit log; for any thread. */
    List<Finding> auditFindings() {
        String trouble = audit.trouble();
        return trouble == null
                ? List.of()
                : List.of(Finding.warning(
                        "audit log", trouble, "make room for " + parts.directory.auditLog() + ", or put it right"));
    }

    /** The node's id; for any thread. */
    public String nodeId() {
        return core.nodeId();
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
        bound.sources.setOwn(problems);
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
        parts.log.beforeWriting(task);
    }

    /**
     * The worker types.
     *
     * @return bind and unbind them here
     */
    public WorkerTypes types() {
        return parts.types;
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
        return parts.publisher;
    }

    /**
     * Adds a worker listener.
     *
     * @param listener is given what happens from now on
     */
    public void addListener(WorkerListeners.Listener listener) {
        parts.listeners.bind(listener);
    }

    /**
     * Removes a worker listener.
     *
     * @param listener one that was added
     */
    public void removeListener(WorkerListeners.Listener listener) {
        parts.listeners.unbind(listener);
        bound.problems.forget(listener);
    }

    /**
     * The configuration sources.
     *
     * @return bind and ask them here
     */
    public Sources sources() {
        return bound.sources;
    }

    /**
     * The sources of findings of other bundles.
     *
     * @return bind them here
     */
    public FindingSources findingSources() {
        return bound.findingSources;
    }

    /**
     * What runs callers' code.
     *
     * @return several threads, which end with the node
     */
    public Executor callbacks() {
        return parts.threads.callbacks;
    }

    /**
     * Where what is wrong with a plug-in is noted when it is bound.
     *
     * @return it is part of what {@link #pluginProblems} says
     */
    public PluginProblems problems() {
        return bound.problems;
    }

    /**
     * What is wrong with the plug-ins that are there, or that are configured and not there; the health of worker types is
     * told by {@link io.millwright.controller.api.NodeController#getWorkerTypes}. Does not block.
     *
     * @return a sentence each, without a full stop
     */
    public List<String> pluginProblems() {
        List<String> all = new ArrayList<>(bound.problems.sentences());
        all.addAll(core.triggers.problems());
        all.addAll(parts.plugins.problems());
        all.addAll(parts.watchOpener.problems());
        return all;
    }

    /**
     * Takes the launch customizers there are.
     *
     * @param ordered in the order they are called
     */
    public void setCustomizers(List<TypePlanner.Customizer> ordered) {
        bound.setCustomizers(ordered);
    }

    /**
     * Takes the shutdown participants there are.
     *
     * @param present asked at a shutdown, all at once
     */
    public void setParticipants(List<Participant> present) {
        bound.setParticipants(present);
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
        bound.sessions.set(sessions);
    }

    /** Native workers are told to mark each step of their life, as the node does. */
    public void debugLifecycle() {
        parts.debugLifecycle = true;
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
        bound.setMonitor(service);
    }

    /** Ends the threads; the workers have ended before. */
    @Override
    public void close() {
        parts.close();
    }
}
