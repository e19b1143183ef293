package io.millwright.controller.internal.node;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.NodeState;
import io.millwright.controller.api.ShutdownInfo;
import io.millwright.controller.api.ShutdownRequest;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.channel.ChannelHost;
import io.millwright.controller.api.event.EventProperties;
import io.millwright.controller.api.event.NodeTopics;
import io.millwright.controller.internal.configured.Configured;
import io.millwright.controller.internal.configured.ConfiguredWorkers;
import io.millwright.controller.internal.configured.SavedWorkers;
import io.millwright.controller.internal.launch.BirthLine;
import io.millwright.controller.internal.launch.Planner;
import io.millwright.controller.internal.launch.PluginCalls;
import io.millwright.controller.internal.launch.WatchDirectories;
import io.millwright.controller.internal.log.Audit;
import io.millwright.controller.internal.log.LogOptions;
import io.millwright.controller.internal.log.WorkerLog;
import io.millwright.controller.internal.process.Enclosures;
import io.millwright.controller.internal.process.ProcessBackend;
import io.millwright.controller.internal.process.tree.ProcessTable;
import io.millwright.controller.internal.process.tree.TreeSizes;
import io.millwright.controller.internal.watch.Watching;
import io.millwright.controller.internal.worker.Channels;
import io.millwright.controller.internal.worker.ControllerLoop;
import io.millwright.controller.internal.worker.DependencyRules;
import io.millwright.controller.internal.worker.ExecCommands;
import io.millwright.controller.internal.worker.FailedCommands;
import io.millwright.controller.internal.worker.Groups;
import io.millwright.controller.internal.worker.HealthChecks;
import io.millwright.controller.internal.worker.HeldSockets;
import io.millwright.controller.internal.worker.KeptTimes;
import io.millwright.controller.internal.worker.MemoryLimits;
import io.millwright.controller.internal.worker.Notices;
import io.millwright.controller.internal.worker.OperatorWords;
import io.millwright.controller.internal.worker.Overlap;
import io.millwright.controller.internal.worker.Registry;
import io.millwright.controller.internal.worker.Schedules;
import io.millwright.controller.internal.worker.Settlement;
import io.millwright.controller.internal.worker.Starter;
import io.millwright.controller.internal.worker.Stopper;
import io.millwright.controller.internal.worker.Supervisor;
import io.millwright.controller.internal.worker.Worker;
import io.millwright.controller.internal.worker.WorkerEvents;
import io.millwright.controller.internal.worker.ready.Prober;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What runs in the controller loop, put together. It makes no thread and reads no clock: the loop, the backend, the planner and
 * all executors are handed in, so that it can be driven in simulation. Its methods are called in the loop.
 */
public final class Core {
    /**
     * What the core is given.
     *
     * @param loop runs all of it
     * @param planner checks and plans
     * @param backend makes the processes
     * @param groups makes the groups of those that ask for one
     * @param spawners run what blocks on the way of a launch
     * @param files run what blocks on configurations, or on callers that read the output of their commands
     * @param watchOpener runs what opens and closes watches
     * @param plugins calls shutdown participants and triggers
     * @param channelCalls calls the host of control channels
     * @param prober asks workers whether they are ready
     * @param runNumbers gives each run a number that never repeats in the node directory
     * @param debugLifecycle whether each step of a life is marked on standard output
     * @param events publishes
     * @param audit takes what changes something
     * @param random where the jitter of restarts comes from
     * @param directory the node directory
     * @param settings the node's own options
     * @param participants asked at a shutdown
     * @param logs makes the log of a new worker
     * @param logReopened told of each log that goes on after its end
     * @param readiness told true when the node is ready and false when it is no longer
     */
    public record Parts(
            ControllerLoop loop,
            Planner planner,
            ProcessBackend backend,
            Enclosures groups,
            Executor spawners,
            Executor files,
            Watching.Opener watchOpener,
            PluginCalls plugins,
            Channels.Calls channelCalls,
            Prober prober,
            LongSupplier runNumbers,
            BooleanSupplier debugLifecycle,
            WorkerEvents events,
            Audit audit,
            RandomGenerator random,
            NodeDirectory directory,
            Supplier<NodeSettings> settings,
            Supplier<List<Participant>> participants,
            Function<WorkerId, WorkerLog> logs,
            BiConsumer<WorkerId, WorkerLog> logReopened,
            Consumer<Boolean> readiness) {}

    public final ControllerLoop loop;
    public final Registry registry = new Registry();
    public final OperatorWords words = new OperatorWords();
    public final WorkerEvents events;
    public final Planner planner;
    public final Starter starter;
    public final Stopper stopper;
    public final Supervisor supervisor;
    public final Channels channels;
    public final ConfiguredWorkers configuredWorkers;
    public final SavedWorkers saved;
    final HeldSockets sockets;
    private final HealthChecks health;
    private final MemoryLimits memory;
    final FailedCommands failed;
    public final ExecCommands execs;
    public final Schedules schedules;
    final KeptTimes times = new KeptTimes();
    final SavedComponentFiles savedComponents;
    final DependencyRules dependencies;
    final Overlap overlap;
    final WatchReaction reaction;
    final Watching watching;
    final Shutdown shutdown;
    final Triggers triggers;
    final Exits exits;
    private final Boot boot;
    private final NodeLife life;
    private final Parts parts;
    private final String hostName = HostName.get();

    /**
     * Puts it together.
     *
     * @param parts what it is given
     */
    public Core(Parts parts) {
        this.parts = parts;
        loop = parts.loop();
        events = parts.events();
        planner = parts.planner();
        Settlement settlement = new Settlement(loop, registry, events, parts.random());
        channels = new Channels(loop, registry, planner, parts.channelCalls(), parts.runNumbers(), this::facts);
        sockets = new HeldSockets(
                parts.backend(), parts.spawners(), parts.directory().path(), registry.groups);
        supervisor = new Supervisor(
                loop,
                parts.backend(),
                parts.spawners(),
                events,
                settlement,
                channels,
                parts.prober(),
                new Notices(loop, parts.backend()),
                sockets,
                parts.groups(),
                parts.directory().workerLogs(),
                parts.directory().run(),
                parts.runNumbers(),
                this::beginRun,
                this::changed);
        health = new HealthChecks(loop, parts.prober(), supervisor, events, parts.random());
        memory = new MemoryLimits(
                loop, parts.prober().threads(), new TreeSizes(ProcessTable.ofThisSystem()), supervisor);
        starter = new Starter(
                loop,
                planner,
                registry,
                supervisor,
                events,
                parts.logs(),
                this::isShuttingDown,
                channels,
                words,
                sockets);
        stopper = new Stopper(loop, registry, supervisor, starter, planner, events, words);
        schedules = new Schedules(
                loop, registry, supervisor, starter, stopper, events, parts.random(), this::isShuttingDown, times);
        dependencies = new DependencyRules(registry, supervisor, starter, stopper, events, words);
        overlap = new Overlap(supervisor, settlement, stopper, starter, dependencies, sockets, events);
        saved = new SavedWorkers(loop, registry, planner, starter, events, parts.files());
        configuredWorkers = new ConfiguredWorkers(
                loop,
                planner,
                registry,
                starter,
                stopper,
                parts.logs(),
                this::optionsChanged,
                saved,
                events,
                parts.audit(),
                dependencies,
                words);
        reaction = new WatchReaction(loop, registry, starter, stopper, configuredWorkers, parts.audit());
        watching = new Watching(
                loop,
                parts.watchOpener(),
                events,
                reaction,
                parts.directory().path(),
                WatchDirectories.own(parts.directory().path()),
                // Between two runs it stays open: what changes just then would not be seen.
                worker -> starter.isPending(worker.id),
                this::isShuttingDown);
        registry.onRemoved(worker -> {
            watching.forget(worker);
            dependencies.forget(worker);
            starter.releaseSockets(worker.id);
            Groups.Group group = registry.groups.of(worker.id);
            if (group != null) {
                dropEmpty(group.id());
            }
        });
        savedComponents = new SavedComponentFiles(parts.directory().path(), events);
        registry.onGone(savedComponents::delete);
        shutdown = new Shutdown(
                loop, stopper, starter, dependencies, events, parts.plugins(), parts.participants(), this::nodeId);
        failed = new FailedCommands(supervisor, shutdown::proceed);
        execs = new ExecCommands(
                loop,
                planner,
                registry,
                starter,
                supervisor,
                events,
                parts.files(),
                this::isShuttingDown,
                shutdown::proceed);
        shutdown.waitFor(() -> failed.isIdle() && execs.isIdle());
        starter.onChecked(this::checked);
        starter.onGroupGone(id -> {
            configuredWorkers.forgetGroup(id);
            loop.execute(() -> configuredWorkers.freed(id));
        });
        triggers = new Triggers(loop, parts.plugins(), this::triggerSettings);
        life = new NodeLife(this, parts.readiness(), parts.audit());
        boot = new Boot(loop, configuredWorkers, dependencies, events, this::bootIsOver, life::bootFailed);
        RunSequel sequel = new RunSequel(this);
        exits = new Exits(
                loop::execute, stopper::counted, () -> !starter.isIdle() || boot.isUnderWay(), sequel::askTriggers);
        settlement.setSequel(sequel);
    }

    private boolean bootIsOver() {
        boolean ready = life.becomeReady();
        exits.proceed();
        return ready;
    }

    /** The start of a worker is not being checked any more; what has come of it may be nothing. */
    private void checked(WorkerId id) {
        shutdown.proceed();
        exits.proceed();
        Worker worker = registry.find(id);
        if (worker == null || !worker.isConfigured() && !worker.isLive()) {
            configuredWorkers.freed(id);
        }
    }

    /** A group that no configuration asks for is gone with the record of its last instance. */
    void dropEmpty(WorkerId id) {
        Groups.Group group = registry.groups.find(id);
        if (group != null
                && group.pid() == null
                && group.instances().stream().allMatch(one -> registry.find(one) == null && !starter.isPending(one))) {
            registry.groups.remove(id);
            configuredWorkers.forgetGroup(id);
        }
    }

    private BirthLine.NodeFacts facts() {
        return new BirthLine.NodeFacts(
                nodeId(), parts.directory().path(), parts.debugLifecycle().getAsBoolean());
    }

    private Triggers.Settings triggerSettings() {
        NodeSettings now = parts.settings().get();
        return new Triggers.Settings(now.triggers(), now.countRequested());
    }

    private void changed(Worker worker) {
        watching.update(worker);
        health.update(worker);
        memory.update(worker);
        schedules.update(worker);
        dependencies.changed(worker);
        if (!worker.isLive()) {
            starter.releaseSockets(worker.id);
        }
        exits.proceed();
    }

    /** A run begins: its log is kept as its options say, and followers hear of it again. */
    private void beginRun(Worker worker) {
        if (worker.options != null) {
            worker.log.reconfigure(LogOptions.of(worker.options));
        }
        if (worker.logEnded) {
            worker.logEnded = false;
            worker.log.reopen();
            parts.logReopened().accept(worker.id, worker.log);
        }
    }

    private void optionsChanged(Worker worker) {
        if (worker.options != null) {
            worker.log.reconfigure(LogOptions.of(worker.options));
        }
        supervisor.confined().update(worker);
        supervisor.optionsChanged(worker);
        changed(worker);
        overlap.changed(worker, worker.who == null ? Caller.FRAMEWORK : worker.who);
        starter.optionsChanged(worker);
        channels.operations().tellOptions(worker);
    }

    /** Whether the node takes no new starts; for any thread. */
    public boolean isShuttingDown() {
        return shutdown.info() != null;
    }

    /** The state of the node; for any thread. */
    public NodeState state() {
        return life.state();
    }

    String nodeId() {
        String configured = parts.settings().get().nodeId();
        return configured != null ? configured : hostName;
    }

    /** A worker type came or went. */
    public void typeChanged(String type, boolean available) {
        events.node(
                available ? NodeTopics.WORKER_TYPE_ADDED : NodeTopics.WORKER_TYPE_REMOVED,
                Map.of(EventProperties.WORKER_TYPE, type));
        if (available) {
            starter.restarter().typeCame(type);
            configuredWorkers.typeCame(type);
        }
    }

    /** The host of control channels came, is another one now, or went. */
    public void setChannelHost(@Nullable ChannelHost host) {
        channels.setHost(host);
        if (host != null) {
            starter.restarter().channelsCame();
        }
    }

    /** Starts the workers of the boot configuration. */
    public void boot(Collection<Configured> configured) {
        NodeSettings now = parts.settings().get();
        registry.setHistorySize(now.historySize());
        boot.begin(configured, now.bootParallel(), now.bootStrict());
    }

    /** The loop has ended: what is kept of workers whose configurations are gone is forgotten, unless there was no boot. */
    void forgetGone() {
        life.forgetGone();
    }

    void bootFailed(String cause) {
        life.bootFailed(cause);
    }

    /** Begins the shutdown, unless it has begun. */
    public ShutdownInfo beginShutdown(ShutdownRequest request, Caller caller, boolean clean, @Nullable String cause) {
        return life.beginShutdown(request, caller, clean, cause);
    }
}
