package io.millwright.shell.gogo.internal.doctor;

import io.millwright.controller.api.NodeController;
import io.millwright.controller.api.NodeController.Scope;
import io.millwright.controller.api.NodeState;
import io.millwright.controller.api.NodeStatus;
import io.millwright.controller.api.WorkerInfo;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.api.WorkerTypeInfo;
import io.millwright.shell.gogo.internal.text.Texts;
import io.millwright.shell.gogo.internal.text.WorkerViews;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds what is wrong with worker types, workers and the process backend. Reads the node only. Thread-safe. */
final class NodeCheck {
    private final NodeController node;

    NodeCheck(NodeController node) {
        this.node = node;
    }

    List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        NodeStatus status = node.getStatus();
        if (status.state() == NodeState.STOPPING) {
            findings.add(Finding.info("node " + status.nodeId(), "is shutting down", "wait until it is gone"));
        }
        backend(status.backend(), findings);
        List<WorkerTypeInfo> types = node.getWorkerTypes();
        types(types, findings);
        Set<String> offered = types.stream().map(WorkerTypeInfo::type).collect(Collectors.toSet());
        Map<String, List<String>> remarks = new LinkedHashMap<>();
        for (WorkerInfo worker : node.listWorkers(Scope.ALL)) {
            worker(worker, offered, findings);
            if (worker.status() == WorkerState.STARTED && worker.reason() != null) {
                remarks.computeIfAbsent(worker.reason(), reason -> new ArrayList<>())
                        .add(worker.id().value());
            }
        }
        // What many have in common is said once.
        remarks.forEach((remark, ids) -> findings.add(Finding.warning(
                ids.size() == 1 ? "worker " + ids.get(0) : "workers " + String.join(", ", ids),
                remark,
                "see worker:info " + ids.get(0))));
        return findings;
    }

    /** The description of a backend that is not the wanted one says so in words. */
    private static void backend(String description, List<Finding> findings) {
        String text = description.toLowerCase(Locale.ROOT);
        if (Stream.of("not in use", "instead of", "unavailable", "not available", "because", "without", "fallback")
                .anyMatch(text::contains)) {
            findings.add(Finding.warning(
                    "process backend",
                    "works with less than it could: " + description,
                    "remove the reason if the machine allows it, then restart the node"));
        }
    }

    private static void types(List<WorkerTypeInfo> types, List<Finding> findings) {
        if (types.isEmpty()) {
            findings.add(Finding.error(
                    "worker types",
                    "there is none: no worker can be started",
                    "install a bundle that offers one, for example io.millwright.worker.guest"));
        }
        for (WorkerTypeInfo type : types) {
            String subject = "worker type " + type.type() + " of bundle " + type.bundle() + " " + type.version();
            String reason = type.reason() == null ? "no reason given" : type.reason();
            if (type.shadowed()) {
                findings.add(Finding.info(
                        subject, "is shadowed: " + reason, "remove one of the two bundles if both are not meant"));
            } else if (!type.usable()) {
                findings.add(Finding.error(
                        subject,
                        "cannot be used: " + reason,
                        "remove the reason; until then its workers do not start"));
            }
        }
    }

    private static void worker(WorkerInfo worker, Set<String> offered, List<Finding> findings) {
        boolean failed = worker.status() == WorkerState.FAILED;
        boolean waiting = worker.status() == WorkerState.BACKOFF;
        boolean typeMissing = !offered.contains(worker.type());
        String subject = "worker " + worker.id();
        if (typeMissing && !worker.status().equals(WorkerState.EXITED)) {
            Finding.Severity severity = failed || waiting ? Finding.Severity.ERROR : Finding.Severity.WARNING;
            findings.add(new Finding(
                    severity,
                    subject,
                    "is of type " + worker.type() + ", which no bundle offers" + past(worker),
                    "install the bundle of that type"));
        } else if (failed) {
            findings.add(Finding.error(
                    subject,
                    "could not be started" + past(worker),
                    "see worker:log " + worker.id() + ", then worker:start " + worker.id()));
        } else if (waiting) {
            String next = worker.nextStart() == null ? "" : "; next start at " + Texts.time(worker.nextStart());
            findings.add(Finding.warning(
                    subject,
                    "waits for its next start" + past(worker) + next,
                    "see worker:log " + worker.id() + ", or worker:stop " + worker.id()));
        }
    }

    private static String past(WorkerInfo worker) {
        String reason = worker.reason() == null ? "" : ": " + worker.reason();
        String exit = worker.exit() == null ? "" : "; last exit: " + WorkerViews.exit(worker.exit());
        return reason + exit;
    }
}
