package io.millwright.controller.internal.simulation;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.CommandExit;
import io.millwright.controller.api.CommandListener;
import io.millwright.controller.api.CommandSpec;
import io.millwright.controller.api.HistoryQuery;
import io.millwright.controller.api.LogEntry;
import io.millwright.controller.api.NodeEvent;
import io.millwright.controller.api.RunningCommand;
import io.millwright.controller.api.ShutdownRequest;
import io.millwright.controller.api.StartResult;
import io.millwright.controller.api.StopOptions;
import io.millwright.controller.api.StopResult;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerRun;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.api.event.EventProperties;
import io.millwright.controller.api.event.NodeTopics;
import io.millwright.controller.internal.configured.Configured;
import io.millwright.controller.internal.log.Audit;
import io.millwright.controller.internal.log.LogBuffers;
import io.millwright.controller.internal.log.LogOptions;
import io.millwright.controller.internal.log.WorkerLog;
import io.millwright.controller.internal.node.Core;
import io.millwright.controller.internal.node.NodeDirectory;
import io.millwright.controller.internal.node.NodeSettings;
import io.millwright.controller.internal.node.Participant;
import io.millwright.controller.internal.options.ScheduleOptions;
import io.millwright.controller.internal.simulation.FakeBackend.FakeProcess;
import io.millwright.controller.internal.worker.Worker;
import io.millwright.controller.internal.worker.WorkerEvents;
import io.millwright.controller.internal.worker.ready.Probe;
import io.millwright.controller.internal.worker.ready.Prober;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One life of the core without time, threads or processes: commands of several callers, configurations, types that come and go,
 * exits at any moment, in an order that the choices give; then everything becomes quiet, and the {@link Model} is asked.
 */
class Simulation {
    /** What the workers of a life have besides. */
    enum Kind {
        PLAIN,
        /** Some run at certain times. */
        SCHEDULES,
        /** The next runs of some begin beside their current ones. */
        OVERLAP,
        /** Callers have configurations made and deleted for some. */
        SAVED,
        /** Shutdown triggers are asked about their ends. */
        TRIGGERS,
        /** Some are in groups of the kernel's, whose limits change. */
        LIMITS
    }

    private static final Path NOWHERE = Path.of("/nonexistent");
    /** Where launches with sockets say that they got there. */
    private static final Path FILES = Path.of(
                    "target",
                    "simulation",
                    Long.toString(ProcessHandle.current().pid()))
            .toAbsolutePath();

    private static final int PATIENCE = 20_000;
    /** A worker whose program is missing is tried for ever; that is quiet enough. */
    private static final int WAITS = 100;

    private static final LogBuffers BUFFERS = new LogBuffers();

    private static final int EXEC_EVERY = 37;

    final Choices choices;
    private final boolean commands;
    private final Kind kind;
    private final SomeSpecs specs;
    final List<Runnable> happenings = new ArrayList<>();
    final SimulatedLoop loop;
    final SimulatedPlanner planner = new SimulatedPlanner(happenings::add, this::read);
    private final FakeBackend backend;
    final SimulatedGroups groups;
    final Model model;
    final Core core;

    private boolean clockSet;
    private int execs;

    /** The host of control channels that serves, once the loop has heard of it. */
    private @Nullable SimulatedHost host;

    private final SavedCommands saved;
    private final LimitModel limits;
    private final TriggerModel triggerModel;
    private final @Nullable SimulatedTriggers triggers;
    NodeSettings settings = NodeSettings.DEFAULT;

    /** Hosts in whose place another one came. */
    private final List<SimulatedHost> replaced = new ArrayList<>();

    final Map<String, Configured> configurations = new TreeMap<>();
    private final AtomicLong runNumbers = new AtomicLong();
    private final List<String> story = new ArrayList<>();
    private int steps;

    /**
     * Prepares a life.
     *
     * @param commands whether workers have commands beside their programs
     * @param kind what its workers have besides
     */
    Simulation(Choices choices, boolean commands, Kind kind) {
        if (!FILES.resolve("run").toFile().mkdirs() && !Files.isDirectory(FILES.resolve("run"))) {
            throw new IllegalStateException("there can be no folder " + FILES);
        }
        this.choices = choices;
        this.commands = commands;
        this.kind = kind;
        specs = new SomeSpecs(choices, commands, kind);
        backend = new FakeBackend(choices, happenings::add, this::born, this::broken);
        groups = new SimulatedGroups(backend::mischief);
        loop = new SimulatedLoop(this::threw);
        model = new Model(backend, loop::elapsed);
        limits = new LimitModel(model, backend, groups);
        triggerModel = new TriggerModel(model, backend);
        SimulatedPlugins plugins = new SimulatedPlugins(happenings::add, loop::schedule);
        core = new Core(new Core.Parts(
                loop,
                planner,
                backend,
                groups,
                happenings::add,
                happenings::add,
                (task, onFault) -> task.run(),
                plugins,
                plugins::call,
                new Prober(happenings::add, this::disguise),
                runNumbers::incrementAndGet,
                () -> false,
                new WorkerEvents(
                        loop,
                        event -> event(event.numbered(0, "", "")),
                        happenings::add,
                        (level, text) -> say("      " + text)),
                Audit.NONE,
                new Random(1),
                new NodeDirectory(FILES),
                () -> settings,
                this::participants,
                id -> new WorkerLog(NOWHERE.resolve(id.value()), LogOptions.DEFAULT, BUFFERS, problem -> {}),
                (id, log) -> {},
                ready -> {}));
        saved = new SavedCommands(this, happenings::add);
        core.saved.setStore(saved);
        groups.told = (group, wanted) -> limits.told(core.registry.find(new WorkerId(group.worker)), group, wanted);
        triggerModel.core(core);
        triggers = kind == Kind.TRIGGERS ? new SimulatedTriggers(this, triggerModel) : null;
    }

    /** A connection is well or not as the choices say; everything else is asked. */
    private Probe disguise(Probe probe) {
        if (!probe.what().startsWith("a connection to ")) {
            return probe;
        }
        WorkerId id = new WorkerId("w" + probe.what().charAt(probe.what().length() - 1));
        return new Probe() {
            @Override
            public @Nullable String ask(Duration limit) {
                boolean bad = !backend.quiet && choices.oneIn(2);
                model.answered(id, bad);
                return bad ? "no answer" : null;
            }

            @Override
            public String what() {
                return probe.what();
            }
        };
    }

    private List<Participant> participants() {
        return triggers == null ? List.of() : triggers.participants();
    }

    /** Whether nothing happens of itself any more. */
    boolean isQuiet() {
        return backend.quiet;
    }

    private void born(FakeProcess process) {
        limits.born(process);
        if (process.isCallers()) {
            model.bornOfCaller(process);
        } else {
            model.born(process, Objects.requireNonNull(core.registry.find(process.id)));
        }
    }

    private void threw(Throwable fault) {
        broken("a task of the loop threw " + fault);
    }

    private void broken(String sentence) {
        model.check(false, sentence);
    }

    private void event(NodeEvent event) {
        say("    " + event.topic().substring("io/millwright/".length()) + " "
                + event.properties().getOrDefault("worker.id", "") + " "
                + event.properties().getOrDefault("exit.reason", ""));
        model.event(event);
        triggerModel.event(event);
        Worker told =
                event.properties().get("worker.id") instanceof String id ? core.registry.find(new WorkerId(id)) : null;
        String step = event.topic().substring(event.topic().lastIndexOf('/') + 1);
        if (told != null && List.of("STARTING", "STARTED", "EXITED", "FAILED").contains(step)) {
            model.turn(told, step);
        }
        if (event.topic().equals(NodeTopics.WORKER_STARTING)) {
            Worker begins = Objects.requireNonNull(
                    core.registry.find(new WorkerId((String) event.properties().get("worker.id"))));
            boolean next = "next".equals(event.properties().get(EventProperties.OVERLAP));
            model.required(next ? Objects.requireNonNull(begins.beside) : begins, core.registry);
        }
    }

    /** Lives one life. */
    List<String> run() {
        boot();
        while (!choices.isOver() && model.broken.isEmpty()) {
            step();
        }
        becomeQuiet();
        return model.broken;
    }

    int steps() {
        return steps;
    }

    /** What was done, for people. */
    List<String> story() {
        return story;
    }

    private void boot() {
        for (int i = choices.below(3); i > 0; i--) {
            Configured configured = configuration();
            keep(configured);
            say("boot " + configured.pid() + " " + configured.spec().options());
        }
        if (choices.oneIn(2)) {
            hostChanges();
        }
        List<Configured> first = List.copyOf(configurations.values());
        loop.execute(() -> {
            core.boot(first);
            core.registry.setHistorySize(1_000_000);
        });
    }

    void keep(Configured configured) {
        configurations.put(configured.pid(), configured);
        long several = configurations.values().stream()
                .filter(other -> other.spec().id().equals(configured.spec().id()))
                .count();
        if (several > 1) {
            model.contested(configured.spec().id());
        }
    }

    private void step() {
        steps++;
        if (commands && steps % EXEC_EVERY == 0) {
            exec();
        }
        int what = choices.below(23);
        if (what < 3) {
            command();
        } else if (what < 10 && loop.hasTask()) {
            loop.runOne();
        } else if (what < 17 && !happenings.isEmpty()) {
            happen();
        } else if (what < 18 && loop.hasTimer()) {
            loop.passTime();
        } else if (what < 19) {
            if (kind != Kind.OVERLAP || choices.oneIn(3)) {
                backend.someExit();
            }
        } else if (what < 21 && host != null) {
            host.someHappening();
        } else if (what == 21) {
            backend.someConnection();
        } else if (loop.hasTask()) {
            loop.runOne();
        }
        model.always(core.registry.all());
        triggerModel.afterStep();
    }

    private void happen() {
        happenings.remove(choices.below(happenings.size())).run();
    }

    /** Types come back, processes die when they are told to, time passes, and everything that waits has its turn. */
    private void becomeQuiet() {
        backend.quiet = true;
        for (String type : List.of("a", "b")) {
            if (planner.types.add(type)) {
                loop.execute(() -> core.typeChanged(type, true));
            }
        }
        if (host == null) {
            hostChanges();
        }
        int waits = 0;
        for (int i = 0; i < PATIENCE; i++) {
            triggerModel.afterStep();
            if (loop.hasTask()) {
                loop.runOne();
            } else if (!happenings.isEmpty()) {
                happenings.remove(0).run();
            } else if (settles()) {
                continue;
            } else if (loop.hasTimer() && (waits++ < WAITS || waits < 3 * WAITS && !isSteady())) {
                loop.passTime();
            } else {
                model.check(core.starter.isIdle(), "a start is still being checked");
                long waiting = core.registry.all().stream()
                        .filter(worker -> worker.view.nextStart() != null)
                        .count();
                long asked = core.registry.all().stream()
                        .filter(worker -> worker.view.health() != null)
                        .count();
                int timed = core.schedules.timers();
                // A worker that is restarted again and again has a timer of the node's log, which sums up what it
                // leaves
                // out; with schedules also one of the run that has just ended, for whose output it has waited.
                long passing = kind == Kind.SCHEDULES ? 2L * core.registry.all().size() : waiting;
                long left = loop.timers() - waiting - asked - timed;
                model.check(
                        left >= 0 && left <= passing,
                        loop.timers() + " timers are left, " + waiting + " workers wait for a time, " + asked
                                + " are asked how they are, and " + timed + " are for schedules");
                model.schedules(core.registry.all(), timed);
                model.check(core.supervisor.impossible() == 0, "an event came that the life-cycle table does not know");
                for (WorkerRun run : core.registry.history(HistoryQuery.ALL).runs()) {
                    model.check(
                            clockSet
                                    || run.started() == null
                                    || !run.started().isAfter(run.exit().at()),
                            "a run of " + run.id() + " ended before it was started");
                }
                model.channels.hosts(Objects.requireNonNull(host), replaced, core.registry.all());
                judge();
                limits.quiet(core.registry.all());
                if (triggers != null) {
                    triggers.quiet();
                }
                model.quiet(
                        List.copyOf(core.registry.all()),
                        core.registry.history(HistoryQuery.ALL).runs().size());
                return;
            }
        }
        model.check(false, "it never becomes quiet");
    }

    /** Whether each worker runs, waits or rests: what comes again and again is not on its way just now. */
    private boolean isSteady() {
        return core.registry.all().stream()
                .allMatch(worker ->
                        !worker.isLive() || worker.state == WorkerState.STARTED || worker.state == WorkerState.BACKOFF);
    }

    /** Once everything is quiet: whose the workers are. */
    void judge() {
        if (core.isShuttingDown()) {
            return;
        }
        for (String name : List.of("w0", "w1", "w2")) {
            WorkerId id = new WorkerId(name);
            model.owner(
                    id,
                    core.registry.find(id),
                    configurations,
                    configurations.values().stream()
                            .filter(one -> one.spec().id().equals(id) && planner.isGood(one.spec()))
                            .toList());
        }
    }

    /** Has the native workers join and be ready; whether anything was to be done. */
    private boolean settles() {
        Objects.requireNonNull(host).settle();
        return loop.hasTask() || !happenings.isEmpty();
    }

    WorkerId someId() {
        return new WorkerId("w" + choices.below(3));
    }

    WorkerSpec someSpec(WorkerId id) {
        return specs.of(id);
    }

    Configured configuration() {
        WorkerId id = someId();
        WorkerSpec spec = someSpec(id);
        boolean disabled = choices.oneIn(5);
        if (disabled) {
            Map<String, Object> options = new HashMap<>(spec.options());
            options.put("disabled", true);
            spec = WorkerSpec.of(id, spec.type(), options);
        }
        String pid = "pid-" + spec.type() + "-" + id + (choices.oneIn(8) ? "-other" : "");
        return new Configured(pid, "config:" + pid, spec);
    }

    void say(String sentence) {
        story.add(sentence.length() > 400 ? sentence.substring(0, 400) + "..." : sentence);
    }

    static Caller caller(String name) {
        return Caller.shell(name);
    }

    void command() {
        if (kind == Kind.SAVED && choices.oneIn(4)) {
            saved.command();
            return;
        }
        if (triggers != null && choices.oneIn(4)) {
            triggers.change();
            return;
        }
        if (kind == Kind.LIMITS && choices.oneIn(2)) {
            changeLimits();
            return;
        }
        switch (choices.below(kind == Kind.OVERLAP ? 18 : 12)) {
            case 0, 1 -> start();
            case 2, 3 -> stop();
            case 4 -> restart();
            case 5, 6, 7 -> configure();
            case 8 -> deleteConfiguration();
            case 9 -> changeTypes();
            case 10, 12 -> watchedFileChanges();
            case 13, 14, 15, 16, 17 -> restart();
            default -> seldom();
        }
    }

    private void start() {
        WorkerSpec spec = someSpec(someId());
        say("start " + spec + " " + spec.options());
        loop.execute(() -> {
            CompletableFuture<StartResult> result =
                    model.call("start of " + spec.id(), spec.id(), new CompletableFuture<>());
            Worker known = core.registry.find(spec.id());
            boolean taken = !core.isShuttingDown()
                    && !core.starter.isPending(spec.id())
                    && (known == null || !known.isLive() && !known.isConfigured());
            if (known != null && known.waitsForSchedule()) {
                // By its id alone: it runs now.
                core.starter.known(known, core.configuredWorkers.notTaken(known), caller("starter"), result);
                return;
            }
            core.starter.call(spec, caller("starter"), progress -> {}, result);
            if (taken) {
                if (spec.options().containsKey("requires")) {
                    startsOthers(spec.id());
                }
                model.up(spec.id(), spec, result);
            }
        });
    }

    private void stop() {
        WorkerId id = someId();
        StopOptions mode = choices.oneIn(3) ? StopOptions.KILL : StopOptions.GRACEFUL;
        say("stop " + id + " " + mode);
        loop.execute(() -> {
            CompletableFuture<StopResult> result = model.call("stop of " + id, id, new CompletableFuture<>());
            Worker known = core.registry.find(id);
            if (core.starter.isPending(id) || known != null && known.isLive()) {
                model.stopped(id, result);
            }
            core.stopper.stop(id, mode, caller("stopper"), result);
        });
    }

    /** A caller runs a command beside a worker, whatever that does, and sometimes ends it again. */
    private void exec() {
        WorkerId id = new WorkerId("w" + execs % 3);
        String number = Integer.toString(execs++);
        boolean cancels = execs % 4 == 0;
        say("command " + number + " of " + id + (cancels ? ", which is cancelled" : ""));
        CompletableFuture<CommandExit> result = model.call("command " + number, id, new CompletableFuture<>());
        result.thenAccept(exit -> model.commandEnded(number));
        CommandSpec command = CommandSpec.of(List.of("/bin/true", number)).withTimeout(Duration.ofSeconds(30));
        CommandListener listener = new CommandListener() {
            @Override
            public void onBegin(RunningCommand begun) {
                if (cancels) {
                    happenings.add(begun::cancel);
                }
            }

            @Override
            public void onOutput(LogEntry.Stream stream, byte[] data) {}
        };
        core.execs.begin(id, command, listener, caller("runner"), result);
    }

    /** What a worker requires is started with it, and what that requires, unless a later word is against it. */
    private void startsOthers(WorkerId one) {
        List.of("w0", "w1").stream()
                .map(WorkerId::new)
                .filter(id -> !id.equals(one))
                .forEach(model::open);
    }

    private void restart() {
        WorkerId id = someId();
        say("restart " + id);
        loop.execute(() -> {
            CompletableFuture<StartResult> result = model.call("restart of " + id, id, new CompletableFuture<>());
            Worker known = core.registry.find(id);
            // One that is being checked is not started a second time; a live one is restarted whatever is being
            // checked.
            if (known != null && !core.isShuttingDown() && (known.isLive() || !core.starter.isPending(id))) {
                model.open(id);
                // Its configuration may be another one before that is done.
                startsOthers(id);
            }
            WorkerSpec notTaken = known == null ? null : core.configuredWorkers.notTaken(known);
            core.stopper.restartAnew(id, notTaken, StopOptions.GRACEFUL, caller("restarter"), result);
        });
    }

    /** A configuration asks for other limits, and for nothing else. */
    private void changeLimits() {
        if (!configurations.isEmpty()) {
            Configured before = choices.of(List.copyOf(configurations.values()));
            configure(new Configured(before.pid(), before.origin(), specs.withOtherLimits(before.spec())));
        }
    }

    private void configure() {
        configure(configuration());
    }

    private void configure(Configured configured) {
        say("configure " + configured.pid() + " " + configured.spec().options());
        loop.execute(() -> {
            keep(configured);
            core.configuredWorkers.apply(configured);
        });
    }

    /** A configuration is read, and is applied next. */
    void read(WorkerSpec spec) {
        boolean typeKnown = planner.hasType(spec.type());
        loop.execute(() -> {
            for (Configured configured : configurations.values()) {
                if (configured.spec() == spec && !core.isShuttingDown()) {
                    if (configured.pid().startsWith(Configured.PREFIX)) {
                        // The caller that saved it starts it.
                        startsOthers(spec.id());
                    }
                    applied(configured, typeKnown);
                }
            }
        });
    }

    /**
     * The rule of configurations: a bad one changes nothing, another's worker is not touched, what a caller stopped rests until
     * a changed {@code disabled} overrules that.
     */
    private void applied(Configured configured, boolean typeKnown) {
        WorkerSpec spec = configured.spec();
        Worker worker = core.registry.find(spec.id());
        for (Worker other : core.registry.all()) {
            if (configured.pid().equals(other.definition.pid) && !other.id.equals(spec.id())) {
                model.givenUp(other.id);
            }
        }
        boolean pending = core.starter.isPending(spec.id());
        boolean ours = worker != null && configured.pid().equals(worker.definition.pid);
        if (typeKnown && !planner.isGood(spec)) {
            // A change that was still on its way may be given up with it.
            model.unsure(spec.id());
            return;
        }
        if (!ours && (pending || worker != null && (worker.isConfigured() || runs(worker)))) {
            // It waits until the worker is nobody's, and has it then, whatever was said of the worker meanwhile.
            model.contested(spec.id());
            return;
        }
        boolean rests = ours
                && !worker.isLive()
                && worker.state != WorkerState.FAILED
                && worker.exit != null
                && !waitsFromNowOn(worker, spec);
        boolean disabled = Boolean.TRUE.equals(spec.options().get("disabled"));
        if (disabled && ours && worker.definition.disabled) {
            // What a caller has started of it since runs on.
            return;
        }
        model.configured(spec, disabled, !ours || worker.definition.disabled, pending, rests);
    }

    /** Whether a worker that has ended by itself is to run at certain times now, and was not before. */
    private static boolean waitsFromNowOn(Worker worker, WorkerSpec spec) {
        return worker.state == WorkerState.EXITED
                && !worker.isStopped()
                && Model.isScheduled(spec)
                && !ScheduleOptions.isGiven(worker.options);
    }

    /** What all lives of this JVM have left. */
    static void removeFiles() throws IOException {
        if (Files.isDirectory(FILES)) {
            try (Stream<Path> all = Files.walk(FILES)) {
                for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(one);
                }
            }
        }
    }

    private static boolean runs(Worker worker) {
        return worker.isLive() && worker.state != WorkerState.STOPPING;
    }

    private void deleteConfiguration() {
        if (configurations.isEmpty()) {
            return;
        }
        String pid = choices.of(List.copyOf(configurations.keySet()));
        say("delete " + pid);
        loop.execute(() -> deleted(pid));
    }

    /** A configuration is no more. */
    void deleted(String pid) {
        configurations.remove(pid);
        for (Worker worker : core.registry.all()) {
            if (pid.equals(worker.definition.pid)) {
                model.givenUp(worker.id);
            }
        }
        core.configuredWorkers.remove(pid);
    }

    void changeTypes() {
        String type = choices.oneIn(2) ? "a" : "b";
        boolean comes = !planner.types.contains(type);
        say("type " + type + (comes ? " comes" : " goes"));
        if (comes) {
            planner.types.add(type);
        } else {
            planner.types.remove(type);
        }
        loop.execute(() -> core.typeChanged(type, comes));
    }

    private void watchedFileChanges() {
        WorkerId id = someId();
        Duration pause = Duration.ofSeconds(choices.below(2));
        say("a watched file of " + id + " changes");
        loop.execute(() -> {
            Worker worker = core.registry.find(id);
            if (worker != null && worker.isLive() && worker.state != WorkerState.STOPPING) {
                CompletableFuture<StartResult> result =
                        model.call("restart by a file of " + id, id, new CompletableFuture<>());
                core.stopper.restart(id, null, pause, Caller.watch(id), result);
            }
        });
    }

    void shutdown() {
        say("shutdown");
        loop.execute(() -> {
            triggerModel.shutdown(caller("admin").who());
            core.beginShutdown(ShutdownRequest.STOP, caller("admin"), true, null);
        });
    }

    /** The host of control channels comes, goes, or has another one in its place. */
    private void hostChanges() {
        SimulatedHost before = host;
        boolean goes = before != null && choices.oneIn(2);
        SimulatedHost next = goes ? null : new SimulatedHost(choices, backend, happenings::add, model);
        say(goes ? "the host goes" : before == null ? "a host comes" : "another host comes");
        host = next;
        loop.execute(() -> {
            if (before != null && next != null) {
                replaced.add(before);
            }
            model.channels.hostChanged();
            core.setChannelHost(next);
        });
        if (before != null) {
            before.close();
        }
    }

    private void seldom() {
        switch (choices.below(6)) {
            case 0 -> shutdown();
            case 1 -> {
                say("the wall clock is set");
                clockSet = true;
                loop.stepWallClock(Duration.ofHours(choices.below(49) - 24L));
            }
            case 2, 3, 4 -> hostChanges();
            default -> {
                say("everything is stopped");
                loop.execute(() -> {
                    for (Worker worker : core.stopper.live()) {
                        model.stopped(worker.id);
                        core.stopper.stop(
                                worker.id,
                                StopOptions.GRACEFUL,
                                caller("admin"),
                                model.call("stop of all, " + worker.id, worker.id, new CompletableFuture<>()));
                    }
                });
            }
        }
    }
}
