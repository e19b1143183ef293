package io.millwright.controller.internal.node;

import io.millwright.controller.api.Finding;
import io.millwright.controller.api.NodeController;
import io.millwright.controller.api.NodeState;
import io.millwright.controller.api.NodeStatus;
import io.millwright.controller.api.Problem;
import io.millwright.controller.api.WorkerTypeInfo;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Examines the node: what is not as it should be, and what to do about it. Reads snapshots and files. Thread-safe. */
final class Doctor {
    private final NodeController node;
    private final Supplier<List<Sources.Report>> sources;
    private final Supplier<List<String>> plugins;
    private final WorkerFindings.Facts workers;
    private final Collection<Supplier<List<Finding>>> others;

    /**
     * A doctor.
     *
     * @param node the node it examines
     * @param sources asks the sources of configurations there are
     * @param plugins says what is wrong with plug-ins, a sentence each
     * @param workers knows what is wrong with a worker's log, and whether it is configured
     * @param others examine what else there is
     */
    Doctor(
            NodeController node,
            Supplier<List<Sources.Report>> sources,
            Supplier<List<String>> plugins,
            WorkerFindings.Facts workers,
            Collection<Supplier<List<Finding>>> others) {
        this.node = node;
        this.sources = sources;
        this.plugins = plugins;
        this.workers = workers;
        this.others = others;
    }

    /** Everything, the worst first. */
    List<Finding> examine() {
        List<Finding> findings = new ArrayList<>();
        NodeStatus status = node.getStatus();
        guarded("node", findings, () -> node(status));
        guarded("worker types", findings, () -> types(node.getWorkerTypes()));
        guarded("plug-ins", findings, this::plugins);
        guarded("workers", findings, () -> new WorkerFindings(node, workers).all());
        guarded("configurations", findings, this::configurations);
        guarded("node directory", findings, () -> new DirectoryFindings(status.directory()).all());
        others.forEach(other -> guarded("framework", findings, other));
        findings.sort(Comparator.comparing(Finding::severity));
        return List.copyOf(findings);
    }

    /** One part that fails, because something goes away meanwhile, does not hide the others. */
    private static void guarded(String part, List<Finding> findings, Supplier<List<Finding>> check) {
        try {
            findings.addAll(check.get());
        } catch (RuntimeException | LinkageError e) {
            findings.add(Finding.warning(part, "could not be examined: " + e, "try again; the log may say more"));
        }
    }

    private static List<Finding> node(NodeStatus status) {
        List<Finding> findings = new ArrayList<>();
        if (status.state() == NodeState.STOPPING) {
            findings.add(Finding.info("node " + status.nodeId(), "is shutting down", "wait until it is gone"));
        }
        // the description of a backend that is not the wanted one says so in words
        String text = status.backend().toLowerCase(Locale.ROOT);
        if (Stream.of("not in use", "instead of", "unavailable", "not available", "because", "without", "fallback")
                .anyMatch(text::contains)) {
            findings.add(Finding.warning(
                    "process backend",
                    "works with less than it could: " + status.backend(),
                    "remove the reason if the machine allows it, then restart the node"));
        }
        return findings;
    }

    private static List<Finding> types(List<WorkerTypeInfo> types) {
        List<Finding> findings = new ArrayList<>();
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
        return findings;
    }

    private List<Finding> plugins() {
        return plugins.get().stream()
                .map(sentence -> Finding.error(
                        "plug-in",
                        sentence,
                        "correct the bundle that offers it, or what is configured, then start it again"))
                .toList();
    }

    private List<Finding> configurations() {
        List<Finding> findings = new ArrayList<>();
        for (Sources.Report source : sources.get()) {
            for (Problem problem : source.problems()) {
                findings.add(Finding.error(
                        "configuration " + source.name(),
                        "was refused: " + problem,
                        "correct it; until then what was in force before stays in force"));
            }
        }
        return findings;
    }
}
