package io.millwright.shell.gogo.internal;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.ChangePlanner;
import io.millwright.controller.api.CommandExit;
import io.millwright.controller.api.CommandListener;
import io.millwright.controller.api.CommandSpec;
import io.millwright.controller.api.ConfigurationChange;
import io.millwright.controller.api.Document;
import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.EventListener;
import io.millwright.controller.api.EventPage;
import io.millwright.controller.api.Finding;
import io.millwright.controller.api.HistoryPage;
import io.millwright.controller.api.HistoryQuery;
import io.millwright.controller.api.LogEntry;
import io.millwright.controller.api.LogListener;
import io.millwright.controller.api.LogMatches;
import io.millwright.controller.api.LogQuery;
import io.millwright.controller.api.NodeController;
import io.millwright.controller.api.NodeEvent;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.NodeState;
import io.millwright.controller.api.NodeStatus;
import io.millwright.controller.api.Outcome;
import io.millwright.controller.api.PlannedChange;
import io.millwright.controller.api.Problem;
import io.millwright.controller.api.RestartOptions;
import io.millwright.controller.api.Role;
import io.millwright.controller.api.RunningCommand;
import io.millwright.controller.api.ScaleOptions;
import io.millwright.controller.api.ShutdownInfo;
import io.millwright.controller.api.ShutdownRequest;
import io.millwright.controller.api.Signal;
import io.millwright.controller.api.StartProgress;
import io.millwright.controller.api.StartResult;
import io.millwright.controller.api.StopOptions;
import io.millwright.controller.api.StopResult;
import io.millwright.controller.api.Subscription;
import io.millwright.controller.api.WorkerAnswer;
import io.millwright.controller.api.WorkerExit;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerInfo;
import io.millwright.controller.api.WorkerRun;
import io.millwright.controller.api.WorkerSelector;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.api.WorkerTypeInfo;
import io.millwright.controller.api.monitor.SystemSampler;
import io.millwright.controller.api.monitor.SystemStats;
import io.millwright.controller.api.process.ProcessOperations;
import io.millwright.controller.api.remote.RemoteSessions;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A controller that knows what a test tells it, and remembers what it was asked. */
@SuppressWarnings("FutureReturnValueIgnored")
public class FakeNode implements NodeController {
    public static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");
    public static final WorkerExit EXIT =
            WorkerExit.of(WorkerExit.ExitClass.REQUESTED, null, "TERM", "stopped by shell:ann", NOW);

    public final Map<String, WorkerInfo> workers = new TreeMap<>();
    public final Map<String, NodeException> failing = new TreeMap<>();
    public final List<String> calls = new CopyOnWriteArrayList<>();
    public final List<WorkerRun> history = new ArrayList<>();
    public final List<WorkerTypeInfo> types = new ArrayList<>();
    public final List<NodeEvent> events = new CopyOnWriteArrayList<>();
    public final List<EventListener> eventListeners = new CopyOnWriteArrayList<>();
    public final List<LogListener> logListeners = new CopyOnWriteArrayList<>();
    public final List<LogEntry> log = new ArrayList<>();
    public final List<PlannedChange> planned = new ArrayList<>();
    /** Logs of workers that have one of their own. */
    final Map<String, List<LogEntry>> logs = new HashMap<>();

    RemoteSessions remote;
    public final List<Finding> findings = new ArrayList<>();
    public final List<Problem> problems = new ArrayList<>();
    public final ByteArrayOutputStream input = new ByteArrayOutputStream();
    public final AtomicInteger samples = new AtomicInteger();
    public volatile LogMatches matches = LogMatches.of(List.of(), false, List.of());
    /** How many events are not kept any more when some are asked for by number. */
    public volatile long lost;

    public volatile @Nullable WorkerSpec spec;
    public volatile @Nullable SystemStats stats;
    public volatile WorkerExit exit = EXIT;
    public volatile String backend = "linux";
    /** Whether the caller may read logs. */
    public volatile boolean readsLogs = true;
    /** Whether globs match no worker there is anything to do for. */
    public volatile boolean globless;

    public volatile CompletableFuture<Void> gate = CompletableFuture.completedFuture(null);

    public static WorkerInfo worker(String id, WorkerState status) {
        boolean live = status.isLive();
        return WorkerInfo.builder(new WorkerId(id), "guest", status)
                .pid(live ? 4_194_303L : null)
                .created(NOW)
                .started(NOW.plusMillis(12))
                .startupTime(Duration.ofMillis(12))
                .uptime(Duration.ofHours(76))
                .restarts(3)
                .exit(live ? null : EXIT)
                .origin("node.json")
                .who(Caller.config("io.millwright.worker.guest~" + id))
                .options(Map.of("executable", "/bin/sleep", "env.vars.TOKEN", "****"))
                .build();
    }

    public FakeNode with(WorkerInfo... infos) {
        for (WorkerInfo info : infos) {
            workers.put(info.id().value(), info);
        }
        return this;
    }

    public static NodeException noSuchWorker(String id) {
        return new NodeException(ErrorCode.NO_SUCH_WORKER, "there is no worker '" + id + "'");
    }

    private WorkerInfo known(WorkerId id) {
        WorkerInfo info = workers.get(id.value());
        if (info == null) {
            throw noSuchWorker(id.value());
        }
        return info;
    }

    @Override
    public NodeStatus getStatus() {
        return NodeStatus.builder("Millwright 1.0.0", NOW, Path.of("/var/lib/node with spaces"), "n1", NodeState.READY)
                .uptime(Duration.ofSeconds(93_600))
                .controllerPid(4711)
                .runningWorkers(workers.size())
                .workersByType(Map.of("guest", workers.size()))
                .publicKey("ab".repeat(32))
                .workerTypes(List.of("guest"))
                .backend(backend)
                .build();
    }

    @Override
    public SystemSampler newSystemSampler() {
        SystemStats found = stats;
        if (found == null) {
            throw new NodeException(ErrorCode.FEATURE_UNAVAILABLE, "no monitor bundle is installed");
        }
        return () -> {
            samples.incrementAndGet();
            return found;
        };
    }

    @Override
    public ProcessOperations getProcess() {
        return new FakeProcess(calls);
    }

    @Override
    public String getPublicKey() {
        return "ab".repeat(32);
    }

    @Override
    public List<WorkerTypeInfo> getWorkerTypes() {
        return types;
    }

    @Override
    public List<WorkerId> getWorkers(Collection<String> filter) {
        return workers.values().stream().map(WorkerInfo::id).toList();
    }

    @Override
    public NodeController as(Caller caller, Role role) {
        return this;
    }

    /** What a listing fails with. */
    @Nullable
    NodeException listFault;

    @Override
    public List<WorkerInfo> listWorkers(Scope scope, Detail detail) {
        if (listFault != null) {
            throw listFault;
        }
        return workers.values().stream()
                .filter(w -> scope == Scope.ALL || w.status().isLive())
                .toList();
    }

    @Override
    public WorkerInfo getWorker(WorkerId id, Detail detail) {
        return known(id);
    }

    @Override
    public HistoryPage getHistory(HistoryQuery query) {
        calls.add(query.toString());
        List<WorkerRun> fitting = history.stream()
                .filter(run -> query.worker() == null || query.worker().equals(run.id()))
                .toList();
        int from = Math.max(0, fitting.size() - query.limit());
        return HistoryPage.of(fitting.subList(from, fitting.size()), from == 0 ? null : 41L);
    }

    @Override
    public CompletionStage<List<Problem>> check(WorkerSpec wanted, CheckDepth depth) {
        spec = wanted;
        calls.add("check " + wanted.id() + " " + depth);
        return CompletableFuture.completedFuture(List.copyOf(problems));
    }

    @Override
    public ChangePlanner getPlanner() {
        return new ChangePlanner() {
            @Override
            public CompletionStage<List<PlannedChange>> start(WorkerSpec wanted) {
                spec = wanted;
                return CompletableFuture.completedFuture(planned);
            }

            @Override
            public CompletionStage<List<Outcome<PlannedChange>>> start(WorkerSelector selector) {
                return answers(selector, id -> planned.get(0));
            }

            @Override
            public CompletionStage<List<PlannedChange>> options(
                    WorkerId id, Map<String, ? extends @Nullable Object> options) {
                calls.add("plan " + id + " " + options);
                return answer(id, any -> planned);
            }

            @Override
            public CompletionStage<List<PlannedChange>> configurations(List<ConfigurationChange> changes) {
                calls.add("plan " + changes + " " + changes.get(0).properties());
                return CompletableFuture.completedFuture(planned);
            }

            @Override
            public CompletionStage<List<PlannedChange>> file(Path file) {
                calls.add("plan file " + file.getFileName());
                return CompletableFuture.completedFuture(planned);
            }
        };
    }

    @Override
    public List<Problem> checkNodeOptions(Map<String, ?> options) {
        return List.of();
    }

    @Override
    public CompletionStage<StartResult> startWorker(
            WorkerSpec wanted, Caller caller, Consumer<StartProgress> progress) {
        spec = wanted;
        calls.add("start " + wanted.id() + " " + wanted.type() + " by " + caller);
        return answer(wanted.id(), id -> started(id, caller));
    }

    private static StartResult started(WorkerId id, Caller caller) {
        return StartResult.of(id, NOW, caller, 4_194_303L, Duration.ofMillis(12));
    }

    private <T> CompletionStage<T> answer(WorkerId id, Function<WorkerId, T> result) {
        NodeException failure = failing.get(id.value());
        return gate.thenCompose(nothing -> failure != null
                ? CompletableFuture.<T>failedFuture(failure)
                : CompletableFuture.completedFuture(result.apply(id)));
    }

    private <T extends Document> CompletionStage<List<Outcome<T>>> answers(
            WorkerSelector selector, Function<WorkerId, T> result) {
        List<Outcome<T>> outcomes = new ArrayList<>();
        for (String pattern : selector.patterns()) {
            if (pattern.contains("*") || pattern.contains("?")) {
                String regex = pattern.replace("*", ".*").replace("?", ".");
                workers.keySet().stream()
                        .filter(id -> !globless && id.matches(regex))
                        .forEach(id -> outcomes.add(outcome(new WorkerId(id), result)));
            } else {
                outcomes.add(outcome(new WorkerId(pattern), result));
            }
        }
        return gate.thenApply(nothing -> outcomes);
    }

    private <T extends Document> Outcome<T> outcome(WorkerId id, Function<WorkerId, T> result) {
        NodeException failure = failing.get(id.value());
        if (failure == null && !workers.containsKey(id.value())) {
            failure = noSuchWorker(id.value());
        }
        return failure != null ? Outcome.failed(id, failure) : Outcome.of(id, result.apply(id));
    }

    @Override
    public CompletionStage<List<Outcome<StartResult>>> startWorkers(WorkerSelector selector, Caller caller) {
        calls.add("start " + selector.patterns() + " by " + caller);
        return answers(selector, id -> started(id, caller));
    }

    @Override
    public CompletionStage<StopResult> stopWorker(WorkerId id, StopOptions options, Caller caller) {
        throw new AssertionError("the shell stops through stopWorkers");
    }

    @Override
    public CompletionStage<List<Outcome<StopResult>>> stopWorkers(
            WorkerSelector selector, StopOptions options, Caller caller) {
        calls.add(options + " " + selector.patterns() + " by " + caller);
        return answers(selector, id -> StopResult.of(id, "guest", options.mode(), caller, NOW, EXIT));
    }

    @Override
    public CompletionStage<StartResult> restartWorker(WorkerId id, Caller caller) {
        throw new AssertionError("the shell restarts through restartWorkers");
    }

    @Override
    public CompletionStage<List<Outcome<StartResult>>> restartWorkers(
            WorkerSelector selector, RestartOptions options, Caller caller) {
        calls.add("restart " + selector.patterns() + " " + selector.types() + " " + options.atOnce()
                + (options.firstFailureEnds() ? " first failure ends" : "")
                + (options.stop().equals(StopOptions.GRACEFUL) ? "" : " " + options.stop()));
        return answers(selector, id -> started(id, caller));
    }

    /** What workers answer, by operation. */
    final Map<String, Object> answers = new HashMap<>();

    @Override
    public CompletionStage<WorkerAnswer> callWorker(
            WorkerId id, String operation, Map<String, ? extends @Nullable Object> arguments, Caller caller) {
        known(id);
        calls.add("call " + id + " " + operation + " " + arguments);
        if (answers.get(operation) instanceof Function<?, ?> answer) {
            @SuppressWarnings("unchecked")
            Object value = ((Function<Object, @Nullable Object>) answer).apply(arguments);
            return CompletableFuture.completedFuture(WorkerAnswer.of(id, value));
        }
        return answers.containsKey(operation)
                ? CompletableFuture.completedFuture(WorkerAnswer.of(id, answers.get(operation)))
                : CompletableFuture.failedFuture(
                        new NodeException(ErrorCode.INVALID_ARGUMENT, "it does not offer " + operation));
    }

    @Override
    public CompletionStage<Void> signalWorker(WorkerId id, Signal signal, Caller caller) {
        known(id);
        calls.add("signal " + id + " " + signal);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<Void> writeInput(WorkerId id, byte[] data, InputEnd end, Caller caller) {
        input.writeBytes(data);
        calls.add("input " + id + " " + end);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<Void> rotateLog(WorkerId id, Caller caller) {
        calls.add("rotate " + id + " by " + caller);
        return workers.containsKey(id.value())
                ? CompletableFuture.completedFuture(null)
                : CompletableFuture.failedFuture(noSuchWorker(id.value()));
    }

    @Override
    public CompletionStage<WorkerInfo> scaleWorker(WorkerId id, ScaleOptions options, Caller caller) {
        calls.add("scale " + id + " to " + options + " by " + caller);
        return CompletableFuture.completedFuture(known(id));
    }

    /** What a command of a test writes, and how it ends; {@code null} as long as it runs. */
    volatile BiConsumer<CommandListener, CommandSpec> says = (listener, command) -> {};

    volatile CompletableFuture<CommandExit> commandExit = new CompletableFuture<>();

    @Override
    public CompletionStage<CommandExit> execWorker(
            WorkerId id, CommandSpec command, CommandListener listener, Caller caller) {
        calls.add("exec " + id + " " + command.words() + " " + command.timeout() + " by " + caller);
        known(id);
        listener.onBegin(new RunningCommand() {
            @Override
            public CompletionStage<Void> write(byte[] data) {
                input.writeBytes(data);
                return CompletableFuture.completedFuture(null);
            }

            @Override
            public void closeInput() {
                calls.add("exec input ends");
            }

            @Override
            public void cancel() {
                calls.add("exec cancelled");
            }
        });
        says.accept(listener, command);
        return commandExit;
    }

    @Override
    public CompletionStage<Void> forgetWorker(WorkerId id, Caller caller) {
        calls.add("forget " + id);
        return workers.containsKey(id.value())
                ? CompletableFuture.completedFuture(null)
                : CompletableFuture.failedFuture(noSuchWorker(id.value()));
    }

    @Override
    public CompletionStage<StartResult> saveWorker(WorkerSpec wanted, Caller caller) {
        spec = wanted;
        calls.add("save " + wanted.id() + " by " + caller);
        return answer(wanted.id(), id -> started(id, caller));
    }

    @Override
    public CompletionStage<Void> deleteWorker(WorkerId id, Caller caller) {
        calls.add("delete " + id + " by " + caller);
        return workers.containsKey(id.value())
                ? CompletableFuture.completedFuture(null)
                : CompletableFuture.failedFuture(noSuchWorker(id.value()));
    }

    @Override
    public CompletionStage<WorkerExit> awaitExit(WorkerId id) {
        return answer(id, any -> exit);
    }

    @Override
    public List<LogEntry> getWorkerLog(WorkerId id, int limit) {
        known(id);
        if (!readsLogs) {
            throw new NodeException(ErrorCode.NOT_AUTHORIZED, "may not call get_worker_log");
        }
        List<LogEntry> own = logs.getOrDefault(id.value(), log);
        return own.subList(Math.max(0, own.size() - limit), own.size());
    }

    @Override
    public CompletionStage<LogMatches> searchWorkerLog(WorkerId id, LogQuery query) {
        known(id);
        calls.add(query + " after=" + query.after() + " before=" + query.before() + " " + query.stream() + " "
                + query.limit() + " " + query.context());
        return CompletableFuture.completedFuture(matches);
    }

    @Override
    public Subscription follow(WorkerId id, int backlog, LogListener listener) {
        known(id);
        logListeners.add(listener);
        List<LogEntry> own = logs.getOrDefault(id.value(), log);
        if (backlog > 0 && !own.isEmpty()) {
            listener.onLog(List.copyOf(own), 0);
        }
        return () -> logListeners.remove(listener);
    }

    @Override
    public CompletionStage<Integer> reopenLogs(Caller caller) {
        calls.add("reopen by " + caller);
        return CompletableFuture.completedFuture(2);
    }

    @Override
    public List<Finding> doctor() {
        return List.copyOf(findings);
    }

    @Override
    public EventPage getEvents(@Nullable Long after) {
        if (after == null) {
            return EventPage.of(List.copyOf(events), 0, "life");
        }
        return EventPage.of(events.stream().filter(event -> event.seq() > after).toList(), lost, "life");
    }

    @Override
    public Subscription followEvents(EventListener listener) {
        eventListeners.add(listener);
        return () -> eventListeners.remove(listener);
    }

    @Override
    public Subscription followEvents(long after, EventListener listener) {
        calls.add("follow events after " + after);
        getEvents(after).events().forEach(event -> listener.onEvent(event, event.seq() == after + lost + 1 ? lost : 0));
        return followEvents(listener);
    }

    @Override
    public CompletionStage<Void> endSession(long id, boolean force, Caller caller) {
        remote.end(id, "ended by " + caller.who());
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<ShutdownInfo> shutdown(ShutdownRequest request, Caller caller) {
        return CompletableFuture.completedFuture(
                ShutdownInfo.of("n1", request.restart(), request.mode(), caller, NOW, true, null));
    }
}
