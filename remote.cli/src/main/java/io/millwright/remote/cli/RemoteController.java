package io.millwright.remote.cli;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.ChangePlanner;
import io.millwright.controller.api.CommandExit;
import io.millwright.controller.api.CommandListener;
import io.millwright.controller.api.CommandSpec;
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
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.NodeStatus;
import io.millwright.controller.api.Operation;
import io.millwright.controller.api.Outcome;
import io.millwright.controller.api.Problem;
import io.millwright.controller.api.RestartOptions;
import io.millwright.controller.api.Role;
import io.millwright.controller.api.ScaleOptions;
import io.millwright.controller.api.ShutdownInfo;
import io.millwright.controller.api.ShutdownRequest;
import io.millwright.controller.api.Signal;
import io.millwright.controller.api.StartProgress;
import io.millwright.controller.api.StartResult;
import io.millwright.controller.api.StopMode;
import io.millwright.controller.api.StopOptions;
import io.millwright.controller.api.StopResult;
import io.millwright.controller.api.Subscription;
import io.millwright.controller.api.WorkerAnswer;
import io.millwright.controller.api.WorkerExit;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerInfo;
import io.millwright.controller.api.WorkerSelector;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.api.WorkerTypeInfo;
import io.millwright.controller.api.monitor.SystemSampler;
import io.millwright.controller.api.process.ProcessOperations;
import io.millwright.controller.api.remote.RemoteSession;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A node as its remote management shows it: each operation is a call. The node knows caller and role by the session, so that the callers
 * given here say nothing. Thread-safe; what is no stage blocks for the answer.
 */
final class RemoteController implements NodeController {
    private final Calls calls;
    private final Followings followings;
    private final ProcessOperations process;

    RemoteController(Calls calls, Followings followings) {
        this.calls = calls;
        this.followings = followings;
        process = new RemoteProcess(calls);
    }

    @Override
    public NodeController as(Caller caller, Role role) {
        return this;
    }

    private static NodeException unavailable(String what) {
        return new NodeException(
                ErrorCode.FEATURE_UNAVAILABLE, what + " cannot be asked for over the remote management");
    }

    private static Map<String, Object> id(WorkerId id) {
        return Map.of("id", id.value());
    }

    private static @Nullable Void nothing(@Nullable Object answer) {
        return null;
    }

    @Override
    public NodeStatus getStatus() {
        return calls.get(Operation.GET_STATUS, Map.of(), answer -> NodeDocuments.status(Values.of(answer)));
    }

    @Override
    public SystemSampler newSystemSampler() {
        return () ->
                calls.get(Operation.GET_SYSTEM_STATS, Map.of(), answer -> SystemDocuments.stats(Values.of(answer)));
    }

    @Override
    public ProcessOperations getProcess() {
        return process;
    }

    @Override
    public String getPublicKey() {
        return calls.get(Operation.GET_PUBLIC_KEY, Map.of(), String::valueOf);
    }

    @Override
    public List<WorkerTypeInfo> getWorkerTypes() {
        return calls.get(Operation.GET_WORKER_TYPES, Map.of(), answer -> Values.list(answer, NodeDocuments::type));
    }

    @Override
    public List<WorkerId> getWorkers(Collection<String> types) {
        Map<String, ?> arguments = Map.of("filter_types", List.copyOf(types));
        return calls.get(
                Operation.GET_WORKERS, arguments, answer -> Values.of(Map.of("ids", answer)).texts("ids").stream()
                        .map(WorkerId::new)
                        .toList());
    }

    @Override
    public List<WorkerInfo> listWorkers(Scope scope, Detail detail) {
        Map<String, ?> arguments =
                Map.of("scope", scope == Scope.ALL ? "all" : "live", "include_stats", detail == Detail.WITH_STATS);
        return calls.get(Operation.LIST_WORKERS, arguments, answer -> Values.list(answer, WorkerDocuments::worker));
    }

    @Override
    public WorkerInfo getWorker(WorkerId id, Detail detail) {
        Map<String, ?> arguments = Map.of("id", id.value(), "include_stats", detail == Detail.WITH_STATS);
        return calls.get(Operation.GET_WORKER, arguments, answer -> WorkerDocuments.worker(Values.of(answer)));
    }

    @Override
    public HistoryPage getHistory(HistoryQuery query) {
        Map<String, @Nullable Object> arguments = new HashMap<>();
        WorkerId worker = query.worker();
        arguments.put("id", worker == null ? null : worker.value());
        arguments.put("before", query.before());
        arguments.put("limit", query.limit());
        return calls.get(Operation.GET_HISTORY, arguments, answer -> NodeDocuments.history(Values.of(answer)));
    }

    @Override
    public List<Finding> doctor() {
        return calls.get(Operation.GET_DOCTOR, Map.of(), answer -> Values.list(answer, NodeDocuments::finding));
    }

    @Override
    public CompletionStage<Void> rotateLog(WorkerId id, Caller caller) {
        return calls.ask(Operation.ROTATE_LOG, id(id), RemoteController::nothing);
    }

    @Override
    public CompletionStage<Integer> reopenLogs(Caller caller) {
        return calls.ask(
                Operation.REOPEN_LOGS, Map.of(), answer -> answer instanceof Number number ? number.intValue() : 0);
    }

    private static Map<String, Object> spec(WorkerSpec spec) {
        return Map.of("id", spec.id().value(), "type", spec.type(), "options", spec.options());
    }

    @Override
    public CompletionStage<List<Problem>> check(WorkerSpec spec, CheckDepth depth) {
        return calls.ask(Operation.CHECK_WORKER, spec(spec), answer -> Values.list(answer, Errors::problem));
    }

    @Override
    public List<Problem> checkNodeOptions(Map<String, ?> options) {
        throw unavailable("a check of the node's own options");
    }

    @Override
    public ChangePlanner getPlanner() {
        return new RemotePlanner(calls);
    }

    @Override
    public CompletionStage<StartResult> startWorker(WorkerSpec spec, Caller caller, Consumer<StartProgress> progress) {
        return calls.ask(
                Operation.START_WORKER,
                spec(spec),
                part -> progress.accept(WorkerDocuments.progress(part)),
                answer -> WorkerDocuments.started(Values.of(answer)));
    }

    /** The workers of a selector as the operations take them: types are looked up first. */
    private List<String> patterns(WorkerSelector selector) {
        if (selector.types().isEmpty()) {
            return selector.patterns();
        }
        if (!selector.patterns().equals(WorkerSelector.ALL.patterns())) {
            throw unavailable("a choice by id and type at once");
        }
        return listWorkers(Scope.ALL, Detail.PLAIN).stream()
                .filter(worker -> selector.types().contains(worker.type()))
                .map(worker -> worker.id().value())
                .toList();
    }

    private <T extends Document> CompletionStage<List<Outcome<T>>> each(
            Operation operation,
            WorkerSelector selector,
            Map<String, ? extends @Nullable Object> more,
            Function<Values, T> read) {
        List<String> patterns = patterns(selector);
        if (patterns.isEmpty()) {
            return CompletableFuture.completedFuture(List.of());
        }
        Map<String, @Nullable Object> arguments = new HashMap<>(more);
        arguments.put("selector", patterns);
        return calls.ask(
                operation, arguments, answer -> Values.list(answer, outcome -> WorkerDocuments.outcome(outcome, read)));
    }

    @Override
    public CompletionStage<List<Outcome<StartResult>>> startWorkers(WorkerSelector selector, Caller caller) {
        return each(Operation.START_WORKERS, selector, Map.of(), WorkerDocuments::started);
    }

    private static Map<String, @Nullable Object> stop(StopOptions options) {
        Map<String, @Nullable Object> arguments = new HashMap<>();
        arguments.put("kill", options.mode() == StopMode.KILL);
        arguments.put("once", options.once());
        Signal signal = options.signal();
        arguments.put("signal", signal == null ? null : signal.text());
        arguments.put(
                "timeout", options.timeout() == null ? null : options.timeout().toMillis() / 1000.0);
        return arguments;
    }

    @Override
    public CompletionStage<StopResult> stopWorker(WorkerId id, StopOptions options, Caller caller) {
        Map<String, @Nullable Object> arguments = stop(options);
        arguments.put("id", id.value());
        return calls.ask(Operation.STOP_WORKER, arguments, answer -> WorkerDocuments.stopped(Values.of(answer)));
    }

    @Override
    public CompletionStage<List<Outcome<StopResult>>> stopWorkers(
            WorkerSelector selector, StopOptions options, Caller caller) {
        return each(Operation.STOP_WORKERS, selector, stop(options), WorkerDocuments::stopped);
    }

    @Override
    public CompletionStage<StartResult> restartWorker(WorkerId id, Caller caller) {
        return calls.ask(Operation.RESTART_WORKER, id(id), answer -> WorkerDocuments.started(Values.of(answer)));
    }

    @Override
    public CompletionStage<List<Outcome<StartResult>>> restartWorkers(
            WorkerSelector selector, RestartOptions options, Caller caller) {
        Map<String, @Nullable Object> how = stop(options.stop());
        how.keySet().removeAll(List.of("kill", "once"));
        how.put("at_once", options.atOnce());
        how.put("first_failure_ends", options.firstFailureEnds());
        return each(Operation.RESTART_WORKERS, selector, how, WorkerDocuments::started);
    }

    @Override
    public CompletionStage<WorkerInfo> scaleWorker(WorkerId id, ScaleOptions options, Caller caller) {
        Map<String, ?> arguments = Map.of("id", id.value(), "instances", options.instances(), "once", options.once());
        return calls.ask(Operation.SCALE_WORKER, arguments, answer -> WorkerDocuments.worker(Values.of(answer)));
    }

    @Override
    public CompletionStage<Void> signalWorker(WorkerId id, Signal signal, Caller caller) {
        Map<String, ?> arguments = Map.of("id", id.value(), "signal", signal.text());
        return calls.ask(Operation.SIGNAL_WORKER, arguments, RemoteController::nothing);
    }

    @Override
    public CompletionStage<Void> writeInput(WorkerId id, byte[] data, InputEnd end, Caller caller) {
        Map<String, ?> arguments = Map.of("id", id.value(), "data", data, "end", end == InputEnd.CLOSE);
        return calls.ask(Operation.WRITE_WORKER_INPUT, arguments, RemoteController::nothing);
    }

    @Override
    public CompletionStage<CommandExit> execWorker(
            WorkerId id, CommandSpec command, CommandListener listener, Caller caller) {
        return RemoteCommand.run(calls, id, command, listener);
    }

    @Override
    public CompletionStage<WorkerAnswer> callWorker(
            WorkerId id, String operation, Map<String, ? extends @Nullable Object> more, Caller caller) {
        Map<String, ?> arguments = Map.of("id", id.value(), "operation", operation, "arguments", more);
        return calls.ask(
                Operation.CALL_WORKER,
                arguments,
                answer -> WorkerAnswer.of(id, Values.of(answer).all().get("value")));
    }

    @Override
    public List<RemoteSession> getSessions() {
        return calls.get(Operation.GET_SESSIONS, Map.of(), answer -> Values.list(answer, SystemDocuments::session));
    }

    @Override
    public CompletionStage<Void> endSession(long id, boolean force, Caller caller) {
        return calls.ask(Operation.END_SESSION, Map.of("id", id, "force", force), RemoteController::nothing);
    }

    @Override
    public CompletionStage<Void> forgetWorker(WorkerId id, Caller caller) {
        return calls.ask(Operation.FORGET_WORKER, id(id), RemoteController::nothing);
    }

    @Override
    public CompletionStage<StartResult> saveWorker(WorkerSpec spec, Caller caller) {
        return calls.ask(Operation.SAVE_WORKER, spec(spec), answer -> WorkerDocuments.started(Values.of(answer)));
    }

    @Override
    public CompletionStage<Void> deleteWorker(WorkerId id, Caller caller) {
        return calls.ask(Operation.DELETE_WORKER, id(id), RemoteController::nothing);
    }

    @Override
    public CompletionStage<WorkerExit> awaitExit(WorkerId id) {
        return calls.ask(Operation.WAIT_WORKER, id(id), answer -> WorkerDocuments.exit(Values.of(answer)));
    }

    @Override
    public List<LogEntry> getWorkerLog(WorkerId id, int limit) {
        return calls.get(
                Operation.GET_WORKER_LOG,
                Map.of("id", id.value(), "limit", limit),
                answer -> Values.list(answer, WorkerDocuments::entry));
    }

    @Override
    public CompletionStage<LogMatches> searchWorkerLog(WorkerId id, LogQuery query) {
        Map<String, @Nullable Object> arguments = new HashMap<>();
        arguments.put("id", id.value());
        arguments.put(query.isRegex() ? "regex" : "text", query.pattern());
        arguments.put("before", query.before() == null ? null : query.before().toString());
        arguments.put("after", query.after() == null ? null : query.after().toString());
        arguments.put("limit", query.limit());
        arguments.put("context", query.context());
        LogEntry.Stream stream = query.stream();
        arguments.put("stream", stream == null ? null : stream.name().toLowerCase(Locale.ROOT));
        return calls.ask(Operation.SEARCH_WORKER_LOG, arguments, answer -> WorkerDocuments.matches(Values.of(answer)));
    }

    @Override
    public Subscription follow(WorkerId id, int backlog, LogListener listener) {
        return followings.log(id, backlog, listener);
    }

    @Override
    public EventPage getEvents(@Nullable Long after) {
        Map<String, @Nullable Object> arguments = new HashMap<>();
        arguments.put("after", after);
        return calls.get(Operation.GET_EVENTS, arguments, answer -> NodeDocuments.events(Values.of(answer)));
    }

    @Override
    public Subscription followEvents(EventListener listener) {
        return followings.events(null, listener);
    }

    @Override
    public Subscription followEvents(long after, EventListener listener) {
        return followings.events(after, listener);
    }

    @Override
    public CompletionStage<ShutdownInfo> shutdown(ShutdownRequest request, Caller caller) {
        Map<String, @Nullable Object> arguments = new HashMap<>();
        arguments.put("restart", request.restart());
        arguments.put("mode", request.mode());
        return calls.ask(Operation.SHUTDOWN, arguments, answer -> NodeDocuments.shutdown(Values.of(answer)));
    }
}
