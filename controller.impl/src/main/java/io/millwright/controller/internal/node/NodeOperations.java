package io.millwright.controller.internal.node;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.ChangePlanner;
import io.millwright.controller.api.CommandExit;
import io.millwright.controller.api.CommandListener;
import io.millwright.controller.api.CommandSpec;
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
import io.millwright.controller.api.Outcome;
import io.millwright.controller.api.Problem;
import io.millwright.controller.api.RestartOptions;
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
import io.millwright.controller.api.WorkerSelector;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.api.WorkerTypeInfo;
import io.millwright.controller.api.monitor.SystemMonitor;
import io.millwright.controller.api.monitor.SystemSampler;
import io.millwright.controller.api.process.ProcessOperations;
import io.millwright.controller.api.remote.RemoteSession;
import io.millwright.controller.internal.launch.TypePlanner;
import io.millwright.controller.internal.log.WorkerLog;
import io.millwright.controller.internal.options.InstanceOptions;
import io.millwright.controller.internal.worker.Groups.Group;
import io.millwright.controller.internal.worker.Worker;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The node's operations as callers see them: reads answer from snapshots, changes are given to the controller loop. */
public final class NodeOperations implements NodeController {
    private static final Logger LOG = LoggerFactory.getLogger(NodeOperations.class);

    private final Node node;
    private final Queries queries;
    private final BulkOperations bulk;
    private final Plans plans;
    private final WorkerOperations single;
    private final OwnFigures ownFigures;
    private final GroupOperations groups;
    private final Supplier<String> publicKey;
    private final List<Supplier<List<Finding>>> examiners;

    /**
     * Puts the operations over a node.
     *
     * @param node the node
     * @param publicKey gets the node's public key; may block
     */
    public NodeOperations(Node node, Supplier<String> publicKey) {
        this(node, publicKey, List.of());
    }

    /**
     * Puts the operations over a node in a framework.
     *
     * @param node the node
     * @param publicKey gets the node's public key; may block
     * @param examiners find what is wrong around the node; may block for a second
     */
    public NodeOperations(Node node, Supplier<String> publicKey, List<Supplier<List<Finding>>> examiners) {
        this.node = node;
        this.examiners = examiners;
        this.publicKey = publicKey;
        this.queries = new Queries(node, publicKey);
        this.bulk = new BulkOperations(node.core);
        this.single = new WorkerOperations(node.core);
        this.ownFigures = new OwnFigures(single);
        this.groups = new GroupOperations(node.core, bulk, single);
        this.plans = new Plans(node, bulk, groups);
    }

    @Override
    public NodeStatus getStatus() {
        return queries.status();
    }

    @Override
    public SystemSampler newSystemSampler() {
        SystemMonitor monitor = node.parts.bound.monitor();
        if (monitor == null) {
            throw new NodeException(
                    ErrorCode.FEATURE_UNAVAILABLE,
                    "no system monitor is installed; install the bundle io.millwright.monitor.oshi");
        }
        return monitor.newSampler();
    }

    @Override
    public ProcessOperations getProcess() {
        return node.parts.process;
    }

    @Override
    public String getPublicKey() {
        return publicKey.get();
    }

    @Override
    public List<WorkerTypeInfo> getWorkerTypes() {
        return queries.types();
    }

    @Override
    public List<WorkerId> getWorkers(Collection<String> types) {
        return queries.live(types);
    }

    @Override
    public List<WorkerInfo> listWorkers(Scope scope, Detail detail) {
        return queries.list(scope, detail);
    }

    @Override
    public WorkerInfo getWorker(WorkerId id, Detail detail) {
        return ownFigures.added(queries.worker(id, detail));
    }

    @Override
    public HistoryPage getHistory(HistoryQuery query) {
        return node.core.registry.history(query);
    }

    @Override
    public CompletionStage<List<Problem>> check(WorkerSpec spec, CheckDepth depth) {
        if (InstanceOptions.isGroup(spec)) {
            List<Problem> problems = InstanceOptions.problems(spec);
            return problems.isEmpty() ? checkAll(spec, depth) : CompletableFuture.completedFuture(problems);
        }
        String unknown = node.planner.noSuchType(spec.type());
        if (depth == CheckDepth.FULL) {
            return node.planner.admit(spec).thenApply(admission -> TypePlanner.problems(admission, unknown));
        }
        return node.planner
                .read(spec)
                .thenApply(reading ->
                        reading.typeKnown() ? reading.problems() : List.of(Problem.environment("type", unknown)))
                .exceptionally(TypePlanner::problems);
    }

    /** What is wrong with any instance, once; the texts may have the number of the instance in them. */
    private CompletionStage<List<Problem>> checkAll(WorkerSpec group, CheckDepth depth) {
        List<CompletableFuture<List<Problem>>> each = InstanceOptions.all(group).stream()
                .map(one -> check(one, depth).toCompletableFuture())
                .toList();
        return CompletableFuture.allOf(each.toArray(CompletableFuture[]::new)).thenApply(nothing -> each.stream()
                .flatMap(one -> one.join().stream())
                .distinct()
                .toList());
    }

    @Override
    public List<Problem> checkNodeOptions(Map<String, ?> options) {
        return node.checkOptions(options).problems();
    }

    @Override
    public ChangePlanner getPlanner() {
        return plans;
    }

    @Override
    public CompletionStage<StartResult> startWorker(WorkerSpec spec, Caller caller, Consumer<StartProgress> progress) {
        return InstanceOptions.isGroup(argument(spec, "spec"))
                ? groups.start(spec, caller, progress)
                : inLoop(result -> node.core.starter.call(spec, caller, progress, result));
    }

    @Override
    public CompletionStage<List<Outcome<StartResult>>> startWorkers(WorkerSelector selector, Caller caller) {
        return bulk.start(selector, caller);
    }

    @Override
    public CompletionStage<StopResult> stopWorker(WorkerId id, StopOptions options, Caller caller) {
        if (groups.find(id) != null) {
            return groups.stop(id, argument(options, "options"), caller);
        }
        return inLoop(result -> node.core.stopper.stop(id, argument(options, "options"), caller, result));
    }

    @Override
    public CompletionStage<List<Outcome<StopResult>>> stopWorkers(
            WorkerSelector selector, StopOptions options, Caller caller) {
        return bulk.stop(selector, options, caller);
    }

    @Override
    public CompletionStage<StartResult> restartWorker(WorkerId id, Caller caller) {
        if (groups.find(id) != null) {
            return groups.restart(id, caller);
        }
        return inLoop(result -> {
            Worker worker = node.core.registry.find(id);
            WorkerSpec next = worker == null ? null : node.core.configuredWorkers.notTaken(worker);
            node.core.stopper.restartAnew(id, next, StopOptions.GRACEFUL, caller, result);
        });
    }

    @Override
    public CompletionStage<List<Outcome<StartResult>>> restartWorkers(
            WorkerSelector selector, RestartOptions options, Caller caller) {
        return bulk.restart(selector, options, caller);
    }

    @Override
    public CompletionStage<WorkerInfo> scaleWorker(WorkerId id, ScaleOptions options, Caller caller) {
        return groups.scale(id, argument(options, "options"), caller)
                .thenApply(done -> queries.worker(id, Detail.PLAIN));
    }

    @Override
    public CompletionStage<Void> signalWorker(WorkerId id, Signal signal, Caller caller) {
        Group group = groups.find(id);
        return group == null ? single.signal(id, signal, caller) : groups.signal(group, signal, caller);
    }

    @Override
    public CompletionStage<Void> writeInput(WorkerId id, byte[] data, InputEnd end, Caller caller) {
        groups.requireOne(id);
        return single.write(id, argument(data, "data").clone(), end, caller);
    }

    @Override
    public CompletionStage<WorkerAnswer> callWorker(
            WorkerId id, String operation, Map<String, ? extends @Nullable Object> arguments, Caller caller) {
        groups.requireOne(id);
        return single.call(id, argument(operation, "operation"), argument(arguments, "arguments"), caller);
    }

    @Override
    public CompletionStage<CommandExit> execWorker(
            WorkerId id, CommandSpec command, CommandListener listener, Caller caller) {
        groups.requireOne(id);
        CompletableFuture<CommandExit> result = new CompletableFuture<>();
        node.core.execs.begin(id, argument(command, "command"), argument(listener, "listener"), caller, result);
        return result;
    }

    @Override
    public CompletionStage<Void> forgetWorker(WorkerId id, Caller caller) {
        Group group = groups.find(id);
        return group == null ? single.forget(id, caller) : groups.forget(group, caller);
    }

    @Override
    public CompletionStage<StartResult> saveWorker(WorkerSpec spec, Caller caller) {
        return node.core.saved.save(spec, caller);
    }

    @Override
    public CompletionStage<Void> deleteWorker(WorkerId id, Caller caller) {
        return node.core.saved.delete(id, caller);
    }

    @Override
    public List<Finding> doctor() {
        List<Supplier<List<Finding>>> others = new ArrayList<>(examiners);
        others.add(node.parts.state::findings);
        others.add(node::auditFindings);
        others.add(OpenFileFindings::all);
        others.add(() -> NodeLogFindings.all(node.parts.directory.path()));
        others.add(UnitFindings::all);
        others.add(ClassArchiveFindings::all);
        others.add(() -> GroupFindings.all(
                listWorkers(Scope.ALL), node.core.supervisor.confined().groups().left()));
        others.add(() -> RolloutFindings.all(listWorkers(Scope.ALL)));
        others.add(node.findingSources()::all);
        return new Doctor(this, () -> node.sources().reports(), node::pluginProblems, facts(), others).examine();
    }

    @Override
    public CompletionStage<Void> rotateLog(WorkerId id, Caller caller) {
        return CompletableFuture.runAsync(
                () -> {
                    Group group = groups.find(id);
                    List<Worker> workers = group == null ? List.of(node.core.registry.get(id)) : groups.members(group);
                    for (Worker worker : workers) {
                        LOG.info("the log of worker {} is rotated, asked by {}", worker.id, caller);
                        worker.log.rotate();
                    }
                },
                node.parts.threads.followers);
    }

    @Override
    public CompletionStage<Integer> reopenLogs(Caller caller) {
        return CompletableFuture.supplyAsync(
                () -> {
                    Collection<Worker> workers = List.copyOf(node.core.registry.all());
                    LOG.info("logs of {} workers go to the files of their names, asked by {}", workers.size(), caller);
                    workers.forEach(worker -> worker.log.letGo());
                    return workers.size();
                },
                node.parts.threads.followers);
    }

    @Override
    public CompletionStage<WorkerExit> awaitExit(WorkerId id) {
        Group group = groups.find(id);
        return group == null ? single.awaitExit(id) : groups.awaitExit(group);
    }

    @Override
    public List<LogEntry> getWorkerLog(WorkerId id, int limit) {
        if (limit < 1) {
            throw new NodeException(ErrorCode.INVALID_ARGUMENT, "limit must be at least 1, is " + limit);
        }
        Group group = groups.find(id);
        return group == null ? node.core.registry.get(id).log.tail(limit) : groups.log(group, limit);
    }

    @Override
    public CompletionStage<LogMatches> searchWorkerLog(WorkerId id, LogQuery query) {
        CompletableFuture<LogMatches> answer = new CompletableFuture<>();
        try {
            groups.requireOne(id);
            WorkerLog log = node.core.registry.get(id).log;
            node.parts.threads.followers.execute(() -> {
                try {
                    answer.complete(log.search(query));
                } catch (RuntimeException | Error fault) {
                    answer.completeExceptionally(fault);
                }
            });
        } catch (NodeException unknown) {
            answer.completeExceptionally(unknown);
        }
        return answer;
    }

    @Override
    public Subscription follow(WorkerId id, int backlog, LogListener listener) {
        if (backlog < 0) {
            throw new NodeException(ErrorCode.INVALID_ARGUMENT, "backlog must not be negative, is " + backlog);
        }
        groups.requireOne(id);
        return node.core.registry.get(id).log.follow(backlog, listener, node.parts.threads.followers);
    }

    @Override
    public Subscription followAfter(WorkerId id, long after, LogListener listener) {
        groups.requireOne(id);
        return node.core.registry.get(id).log.followAfter(after, listener, node.parts.threads.followers);
    }

    @Override
    public EventPage getEvents(@Nullable Long after) {
        return node.parts.publisher.after(after);
    }

    @Override
    public Subscription followEvents(EventListener listener) {
        return node.parts.publisher.follow(listener);
    }

    @Override
    public Subscription followEvents(long after, EventListener listener) {
        return node.parts.publisher.followAfter(after, listener);
    }

    @Override
    public List<RemoteSession> getSessions() {
        return node.parts.bound.sessions.all();
    }

    @Override
    public CompletionStage<Void> endSession(long id, boolean force, Caller caller) {
        return CompletableFuture.runAsync(
                () -> node.parts.bound.sessions.end(id, force, caller), node.parts.threads.followers);
    }

    @Override
    public CompletionStage<ShutdownInfo> shutdown(ShutdownRequest request, Caller caller) {
        if (!request.restart()) {
            return node.shutdown(request, caller);
        }
        return node.sources().ask().thenCompose(reports -> {
            NodeException refusal = refuseRestart(reports);
            return refusal == null ? node.shutdown(request, caller) : CompletableFuture.failedFuture(refusal);
        });
    }

    /** A node that would not boot again goes on. */
    private static @Nullable NodeException refuseRestart(List<Sources.Report> reports) {
        for (Sources.Report report : reports) {
            if (report.required() && !report.problems().isEmpty()) {
                return new NodeException(
                        ErrorCode.INVALID_CONFIGURATION,
                        "the node is not restarted: " + report.name()
                                + " is refused, and the node would not start again with it; correct it first",
                        report.problems(),
                        List.of(),
                        null,
                        null);
            }
        }
        return null;
    }

    /** An argument that must be there, whatever a caller without null checks hands over. */
    static <T> T argument(@Nullable T value, String name) {
        if (value == null) {
            throw new NodeException(ErrorCode.INVALID_ARGUMENT, name + " is missing (null)");
        }
        return value;
    }

    private <T> CompletableFuture<T> inLoop(Consumer<CompletableFuture<T>> task) {
        return single.inLoop(task);
    }

    private WorkerFindings.Facts facts() {
        return new WorkerFindings.Facts() {
            @Override
            public @Nullable String trouble(WorkerId id) {
                Worker worker = node.core.registry.find(id);
                return worker == null ? null : worker.log.trouble();
            }

            @Override
            public @Nullable String hotLoop(WorkerId id) {
                Worker worker = node.core.registry.find(id);
                return worker == null ? null : worker.view.hotLoop(node.core.loop.now());
            }

            @Override
            public boolean isConfigured(WorkerId id) {
                Worker worker = node.core.registry.find(id);
                return worker != null && worker.isConfigured();
            }

            @Override
            public boolean isGivenUp(WorkerId id) {
                Worker worker = node.core.registry.find(id);
                return worker != null && worker.definition.isGivenUp();
            }
        };
    }
}
