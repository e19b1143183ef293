package io.millwright.controller.internal.node;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.ChangePlanner;
import io.millwright.controller.api.CommandExit;
import io.millwright.controller.api.CommandListener;
import io.millwright.controller.api.CommandSpec;
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
import io.millwright.controller.internal.log.Audit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The node behind a {@link Gate}: as the service that is registered, which does all that is asked in the name of whom it is asked by,
 * or as one caller in one role sees it. Thread-safe.
 */
public final class NodeView implements NodeController {
    private final NodeController node;
    private final Gate gate;

    private NodeView(NodeController node, Gate gate) {
        this.node = node;
        this.gate = gate;
    }

    /**
     * The node as its service shows it.
     *
     * @param node what does the operations
     * @param audit takes what changes something
     * @return the view of an operator, whose caller each operation names
     */
    public static NodeController service(NodeController node, Audit audit) {
        return new NodeView(node, new Gate(audit, null, Role.OPERATOR));
    }

    @Override
    public NodeController as(Caller caller, Role role) {
        return new NodeView(node, gate.as(caller, role));
    }

    @Override
    public NodeStatus getStatus() {
        return gate.read(Operation.GET_STATUS, node::getStatus);
    }

    @Override
    public SystemSampler newSystemSampler() {
        return gate.read(Operation.GET_SYSTEM_STATS, node::newSystemSampler);
    }

    @Override
    public ProcessOperations getProcess() {
        return new ProcessView(gate.read(Operation.GET_PROCESS, node::getProcess), gate);
    }

    @Override
    public String getPublicKey() {
        return gate.read(Operation.GET_PUBLIC_KEY, node::getPublicKey);
    }

    @Override
    public List<WorkerTypeInfo> getWorkerTypes() {
        return gate.read(Operation.GET_WORKER_TYPES, node::getWorkerTypes);
    }

    @Override
    public List<WorkerId> getWorkers(Collection<String> types) {
        return gate.read(Operation.GET_WORKERS, () -> node.getWorkers(types));
    }

    @Override
    public List<WorkerInfo> listWorkers(Scope scope, Detail detail) {
        return gate.read(Operation.LIST_WORKERS, () -> node.listWorkers(scope, detail));
    }

    @Override
    public WorkerInfo getWorker(WorkerId id, Detail detail) {
        return gate.read(Operation.GET_WORKER, () -> node.getWorker(id, detail));
    }

    @Override
    public HistoryPage getHistory(HistoryQuery query) {
        return gate.read(Operation.GET_HISTORY, () -> node.getHistory(query));
    }

    @Override
    public List<Finding> doctor() {
        return gate.read(Operation.GET_DOCTOR, node::doctor);
    }

    @Override
    public CompletionStage<Void> rotateLog(WorkerId id, Caller caller) {
        return gate.changeLater(Operation.ROTATE_LOG, caller, id, List.of(), who -> node.rotateLog(id, who));
    }

    @Override
    public CompletionStage<Integer> reopenLogs(Caller caller) {
        return gate.changeLater(Operation.REOPEN_LOGS, caller, null, List.of(), node::reopenLogs);
    }

    @Override
    public CompletionStage<List<Problem>> check(WorkerSpec spec, CheckDepth depth) {
        return gate.readLater(Operation.CHECK_WORKER, () -> node.check(spec, depth));
    }

    @Override
    public List<Problem> checkNodeOptions(Map<String, ?> options) {
        return gate.read(Operation.CHECK_WORKER, () -> node.checkNodeOptions(options));
    }

    @Override
    public ChangePlanner getPlanner() {
        return gate.read(Operation.PLAN_WORKER, node::getPlanner);
    }

    @Override
    public CompletionStage<StartResult> startWorker(WorkerSpec spec, Caller caller, Consumer<StartProgress> progress) {
        return gate.changeLater(
                Operation.START_WORKER, caller, id(spec), keys(spec), who -> node.startWorker(spec, who, progress));
    }

    @Override
    public CompletionStage<List<Outcome<StartResult>>> startWorkers(WorkerSelector selector, Caller caller) {
        return gate.changeLater(
                Operation.START_WORKERS, caller, text(selector), List.of(), who -> node.startWorkers(selector, who));
    }

    @Override
    public CompletionStage<StopResult> stopWorker(WorkerId id, StopOptions options, Caller caller) {
        return gate.changeLater(
                Operation.STOP_WORKER, caller, id, named(options), who -> node.stopWorker(id, options, who));
    }

    @Override
    public CompletionStage<List<Outcome<StopResult>>> stopWorkers(
            WorkerSelector selector, StopOptions options, Caller caller) {
        return gate.changeLater(
                Operation.STOP_WORKERS,
                caller,
                text(selector),
                named(options),
                who -> node.stopWorkers(selector, options, who));
    }

    @Override
    public CompletionStage<StartResult> restartWorker(WorkerId id, Caller caller) {
        return gate.changeLater(Operation.RESTART_WORKER, caller, id, List.of(), who -> node.restartWorker(id, who));
    }

    @Override
    public CompletionStage<List<Outcome<StartResult>>> restartWorkers(
            WorkerSelector selector, RestartOptions options, Caller caller) {
        return gate.changeLater(
                Operation.RESTART_WORKERS,
                caller,
                text(selector),
                options == null ? List.of() : named(options.stop()),
                who -> node.restartWorkers(selector, options, who));
    }

    @Override
    public CompletionStage<WorkerInfo> scaleWorker(WorkerId id, ScaleOptions options, Caller caller) {
        List<String> keys = new ArrayList<>(List.of("instances"));
        addIf(options != null && options.once(), "once", keys);
        return gate.changeLater(Operation.SCALE_WORKER, caller, id, keys, who -> node.scaleWorker(id, options, who));
    }

    @Override
    public CompletionStage<Void> signalWorker(WorkerId id, Signal signal, Caller caller) {
        return gate.changeLater(
                Operation.SIGNAL_WORKER, caller, id, List.of("signal"), who -> node.signalWorker(id, signal, who));
    }

    @Override
    public CompletionStage<Void> writeInput(WorkerId id, byte[] data, InputEnd end, Caller caller) {
        return gate.changeInPieces(
                Operation.WRITE_WORKER_INPUT,
                caller,
                id,
                end == InputEnd.GOES_ON,
                who -> node.writeInput(id, data, end, who));
    }

    @Override
    public CompletionStage<WorkerAnswer> callWorker(
            WorkerId id, String operation, Map<String, ? extends @Nullable Object> arguments, Caller caller) {
        return gate.changeLater(
                Operation.CALL_WORKER,
                caller,
                id,
                arguments == null ? List.of() : Audit.keys(arguments),
                who -> node.callWorker(id, operation, arguments, who));
    }

    /** The audit log has neither program nor arguments: the node's own log names the program. */
    @Override
    public CompletionStage<CommandExit> execWorker(
            WorkerId id, CommandSpec command, CommandListener listener, Caller caller) {
        List<String> keys = new ArrayList<>(List.of("command"));
        addIf(command != null && command.timeout() != null, "timeout", keys);
        addIf(command != null && command.openInput(), "input", keys);
        return gate.changeLater(
                Operation.EXEC_WORKER, caller, id, keys, who -> node.execWorker(id, command, listener, who));
    }

    @Override
    public CompletionStage<Void> forgetWorker(WorkerId id, Caller caller) {
        return gate.changeLater(Operation.FORGET_WORKER, caller, id, List.of(), who -> node.forgetWorker(id, who));
    }

    @Override
    public CompletionStage<StartResult> saveWorker(WorkerSpec spec, Caller caller) {
        return gate.changeLater(Operation.SAVE_WORKER, caller, id(spec), keys(spec), who -> node.saveWorker(spec, who));
    }

    @Override
    public CompletionStage<Void> deleteWorker(WorkerId id, Caller caller) {
        return gate.changeLater(Operation.DELETE_WORKER, caller, id, List.of(), who -> node.deleteWorker(id, who));
    }

    @Override
    public CompletionStage<WorkerExit> awaitExit(WorkerId id) {
        return gate.readLater(Operation.WAIT_WORKER, () -> node.awaitExit(id));
    }

    @Override
    public List<LogEntry> getWorkerLog(WorkerId id, int limit) {
        return gate.read(Operation.GET_WORKER_LOG, () -> node.getWorkerLog(id, limit));
    }

    @Override
    public CompletionStage<LogMatches> searchWorkerLog(WorkerId id, LogQuery query) {
        return gate.readLater(Operation.SEARCH_WORKER_LOG, () -> node.searchWorkerLog(id, query));
    }

    @Override
    public Subscription follow(WorkerId id, int backlog, LogListener listener) {
        return gate.read(Operation.FOLLOW_WORKER_LOG, () -> node.follow(id, backlog, listener));
    }

    @Override
    public Subscription followAfter(WorkerId id, long after, LogListener listener) {
        return gate.read(Operation.FOLLOW_WORKER_LOG, () -> node.followAfter(id, after, listener));
    }

    @Override
    public EventPage getEvents(@Nullable Long after) {
        return gate.read(Operation.GET_EVENTS, () -> node.getEvents(after));
    }

    @Override
    public Subscription followEvents(EventListener listener) {
        return gate.read(Operation.FOLLOW_EVENTS, () -> node.followEvents(listener));
    }

    @Override
    public Subscription followEvents(long after, EventListener listener) {
        return gate.read(Operation.FOLLOW_EVENTS, () -> node.followEvents(after, listener));
    }

    @Override
    public List<RemoteSession> getSessions() {
        return gate.read(Operation.GET_SESSIONS, node::getSessions);
    }

    @Override
    public CompletionStage<Void> endSession(long id, boolean force, Caller caller) {
        return gate.changeLater(Operation.END_SESSION, caller, id, List.of(), who -> node.endSession(id, force, who));
    }

    /** Written into the audit log where it begins, since triggers and the framework begin it too. */
    @Override
    public CompletionStage<ShutdownInfo> shutdown(ShutdownRequest request, Caller caller) {
        return gate.changeElsewhere(Operation.SHUTDOWN, caller, null, who -> node.shutdown(request, who));
    }

    private static @Nullable WorkerId id(@Nullable WorkerSpec spec) {
        return spec == null ? null : spec.id();
    }

    private static Collection<String> keys(@Nullable WorkerSpec spec) {
        return spec == null ? List.of() : Audit.keys(spec.options());
    }

    private static @Nullable String text(@Nullable WorkerSelector selector) {
        return selector == null
                ? null
                : String.join(" ", selector.patterns())
                        + (selector.types().isEmpty() ? "" : " of " + String.join(", ", selector.types()));
    }

    /** What is not as in the worker's own options. */
    private static Collection<String> named(@Nullable StopOptions options) {
        List<String> keys = new ArrayList<>();
        if (options != null) {
            addIf(options.mode() == StopMode.KILL, "kill", keys);
            addIf(options.timeout() != null, "timeout", keys);
            addIf(options.signal() != null, "signal", keys);
            addIf(options.once(), "once", keys);
        }
        return keys;
    }

    private static void addIf(boolean named, String key, List<String> keys) {
        if (named) {
            keys.add(key);
        }
    }
}
