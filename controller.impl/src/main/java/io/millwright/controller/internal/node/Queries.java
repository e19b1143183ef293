package io.millwright.controller.internal.node;

import io.millwright.controller.api.LogEntry;
import io.millwright.controller.api.NodeController.Detail;
import io.millwright.controller.api.NodeController.Scope;
import io.millwright.controller.api.NodeStatus;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerInfo;
import io.millwright.controller.api.WorkerStats;
import io.millwright.controller.api.WorkerTypeInfo;
import io.millwright.controller.api.monitor.ProcessStats;
import io.millwright.controller.api.monitor.SystemMonitor;
import io.millwright.controller.api.worker.Fingerprint;
import io.millwright.controller.api.worker.OptionDefinition;
import io.millwright.controller.api.worker.WorkerCapability;
import io.millwright.controller.internal.launch.WorkerTypes;
import io.millwright.controller.internal.options.CgroupOptions;
import io.millwright.controller.internal.options.CommonOptions;
import io.millwright.controller.internal.options.NativeOptions;
import io.millwright.controller.internal.worker.Groups.Group;
import io.millwright.controller.internal.worker.Moment;
import io.millwright.controller.internal.worker.OperatorWords;
import io.millwright.controller.internal.worker.Worker;
import io.millwright.controller.internal.worker.WorkerView;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Answers questions from snapshots; touches no state of the loop. Thread-safe. */
final class Queries {
    private final Node node;
    private final Supplier<String> publicKey;

    Queries(Node node, Supplier<String> publicKey) {
        this.node = node;
        this.publicKey = publicKey;
    }

    NodeStatus status() {
        Map<String, Integer> byType = new TreeMap<>();
        int live = 0;
        for (Worker worker : node.core.registry.all()) {
            WorkerView view = worker.view;
            if (view.state().isLive()) {
                live++;
                byType.merge(view.type(), 1, Integer::sum);
            }
        }
        String title = node.parts.options.settings().title();
        return NodeStatus.builder(
                        title == null ? node.parts.product : title + " (" + node.parts.product + ")",
                        node.parts.started.at(),
                        node.parts.directory.path(),
                        node.core.nodeId(),
                        node.core.state())
                .life(node.parts.life)
                .uptime(node.parts.started.until(node.core.loop.now()))
                .controllerPid(ProcessHandle.current().pid())
                .runningWorkers(live)
                .workersByType(byType)
                .publicKey(publicKey.get())
                .workerTypes(node.parts.types.names())
                .backend(node.parts.backend.description())
                .backendKind(node.parts.backend.kind())
                .build();
    }

    List<WorkerId> live(Collection<String> types) {
        List<WorkerId> ids = new ArrayList<>();
        for (Worker worker : node.core.registry.all()) {
            WorkerView view = worker.view;
            if (view.state().isLive() && (types.isEmpty() || types.contains(view.type()))) {
                ids.add(view.id());
            }
        }
        return List.copyOf(ids);
    }

    List<WorkerInfo> list(Scope scope, Detail detail) {
        Map<Worker, WorkerView> wanted = new LinkedHashMap<>();
        for (Worker worker : node.core.registry.all()) {
            WorkerView view = worker.view;
            if (scope == Scope.ALL || view.state().isLive()) {
                wanted.put(worker, view);
            }
        }
        boolean figures = detail == Detail.WITH_STATS;
        Map<Long, ProcessStats> processes = figures ? processes(wanted.values()) : Map.of();
        Moment now = node.core.loop.now();
        List<WorkerInfo> infos = new ArrayList<>();
        wanted.forEach((worker, view) -> infos.add(ofGroup(
                worker, view.info(now, figures ? stats(worker, view, processes) : null, remarks(worker, view)))));
        for (Group group : node.core.registry.groups.all()) {
            WorkerInfo info = group(group, now);
            if (scope == Scope.ALL || info.status().isLive()) {
                infos.add(info);
            }
        }
        infos.sort(GroupInfo.IN_ORDER);
        return List.copyOf(infos);
    }

    private List<WorkerInfo> instances(Group group, Moment now) {
        List<WorkerInfo> infos = new ArrayList<>();
        for (WorkerId id : group.instances()) {
            Worker worker = node.core.registry.find(id);
            if (worker != null) {
                infos.add(worker.view
                        .info(now, null, remarks(worker, worker.view))
                        .build());
            }
        }
        return infos;
    }

    /** A worker with the group it is of, and with what an operator said of it. */
    private WorkerInfo ofGroup(Worker record, WorkerInfo.Builder worker) {
        Group group = node.core.registry.groups.of(record.id);
        String pid = record.definition.pid;
        OperatorWords.Word word = pid == null ? null : node.core.words.of(pid);
        return worker.group(group == null ? null : group.id().value())
                .operatorWord(word == null ? null : word.reason())
                .build();
    }

    private WorkerInfo group(Group group, Moment now) {
        OperatorWords.Scale scale = group.pid() == null ? null : node.core.words.scaleOf(group.pid());
        return GroupInfo.of(group, instances(group, now)).toBuilder()
                .operatorWord(scale == null ? null : scale.reason())
                .build();
    }

    /** The figures of all their processes, asked for at once; empty without a monitor. */
    private Map<Long, ProcessStats> processes(Collection<WorkerView> views) {
        SystemMonitor monitor = node.parts.bound.monitor();
        List<Long> pids =
                views.stream().map(WorkerView::pid).filter(Objects::nonNull).toList();
        return monitor == null || pids.isEmpty() ? Map.of() : monitor.processes(pids);
    }

    WorkerInfo worker(WorkerId id, Detail detail) {
        Group group = node.core.registry.groups.find(id);
        if (group != null) {
            return group(group, node.core.loop.now());
        }
        Worker worker = node.core.registry.get(id);
        WorkerView view = worker.view;
        List<String> remarks = remarks(worker, view);
        String reservation = node.parts.backend.reservation();
        boolean enclosed = view.inForce().containsKey(CgroupOptions.PREFIX + "path");
        if (reservation != null && view.pid() != null && !enclosed) {
            remarks.add(reservation);
        }
        String halted = HaltedProcess.remark(id.value(), view.pid());
        if (halted != null) {
            remarks.add(halted);
        }
        return ofGroup(
                worker,
                view.info(
                        node.core.loop.now(),
                        detail == Detail.WITH_STATS ? stats(worker, view, processes(List.of(view))) : null,
                        remarks));
    }

    /** What there is to say of a worker besides what its life says. */
    private List<String> remarks(Worker worker, WorkerView view) {
        List<String> remarks = new ArrayList<>(node.parts.backend.strays(view.id()));
        String lost = worker.log.trouble();
        if (lost != null) {
            remarks.add(lost);
        }
        return remarks;
    }

    private static WorkerStats stats(Worker worker, WorkerView view, Map<Long, ProcessStats> processes) {
        return WorkerStats.of(
                worker.log.traffic(LogEntry.Stream.STDOUT),
                worker.log.traffic(LogEntry.Stream.STDERR),
                worker.log.lostBytes(),
                view.pid() == null ? null : processes.get(view.pid()));
    }

    List<WorkerTypeInfo> types() {
        List<CompletableFuture<WorkerTypeInfo>> asked = new ArrayList<>();
        node.parts.types.all().forEach((type, offers) -> {
            WorkerTypes.Offer serving = node.parts.types.serving(type).orElse(null);
            for (WorkerTypes.Offer offer : offers) {
                asked.add(describe(offer, offer == serving ? null : serving));
            }
        });
        return asked.stream().map(CompletableFuture::join).toList();
    }

    private CompletableFuture<WorkerTypeInfo> describe(WorkerTypes.Offer offer, WorkerTypes.@Nullable Offer serving) {
        String unavailable = offer.unavailable();
        if (unavailable != null) {
            return CompletableFuture.completedFuture(info(offer, serving, Fingerprint.unusable(unavailable)));
        }
        WorkerTypes.Provider provider = offer.provider();
        return node.parts
                .plugins
                .call(provider.what(), provider.service()::fingerprint)
                .thenApply(fingerprint -> info(offer, serving, fingerprint))
                .exceptionally(fault -> info(offer, serving, Fingerprint.unusable(cannotSay(provider, fault))));
    }

    private static String cannotSay(WorkerTypes.Provider provider, Throwable fault) {
        Throwable cause = fault instanceof CompletionException && fault.getCause() != null ? fault.getCause() : fault;
        return cause instanceof TimeoutException
                ? cause.getMessage() + " when it was asked whether it can be used"
                : provider.what() + " does not say whether it can be used: " + cause;
    }

    /** What a type says that its workers can do, and the channel that the controller gives to native ones. */
    private static List<WorkerCapability> capabilities(WorkerTypes.Offer offer, Fingerprint fingerprint) {
        Set<WorkerCapability> all = new TreeSet<>(fingerprint.capabilities());
        if (NativeOptions.areAmong(offer.options())) {
            all.add(WorkerCapability.CHANNEL);
        }
        return List.copyOf(all);
    }

    private static WorkerTypeInfo info(
            WorkerTypes.Offer offer, WorkerTypes.@Nullable Offer serving, Fingerprint fingerprint) {
        WorkerTypes.Provider provider = offer.provider();
        List<String> reasons = new ArrayList<>();
        if (serving != null) {
            WorkerTypes.Provider other = serving.provider();
            reasons.add("shadowed by " + other.bundle() + " " + other.version() + " (ranking " + other.ranking() + ")");
        }
        if (!fingerprint.usable()) {
            reasons.add(Objects.requireNonNullElse(fingerprint.reason(), "the type does not say why"));
        }
        List<OptionDefinition> options = new ArrayList<>(CommonOptions.definitions());
        options.addAll(offer.options());
        return WorkerTypeInfo.builder(
                        provider.type(), provider.bundle(), provider.version().toString())
                .capabilities(capabilities(offer, fingerprint))
                .usable(fingerprint.usable())
                .reason(reasons.isEmpty() ? null : String.join("; ", reasons))
                .shadowed(serving != null)
                .options(options)
                .build();
    }
}
