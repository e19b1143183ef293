package io.millwright.controller.internal.node;

import io.millwright.controller.api.Finding;
import io.millwright.controller.api.Finding.Severity;
import io.millwright.controller.api.NodeController;
import io.millwright.controller.api.NodeController.Scope;
import io.millwright.controller.api.WaitReason;
import io.millwright.controller.api.WorkerExit.ExitClass;
import io.millwright.controller.api.WorkerHealth;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerInfo;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.api.WorkerTypeInfo;
import io.millwright.controller.api.WorkerWait;
import io.millwright.controller.internal.options.NativeOptions;
import io.millwright.controller.internal.options.ScheduleOptions;
import io.millwright.controller.internal.watch.Watching;
import io.millwright.controller.internal.worker.ChannelOperations;
import io.millwright.controller.internal.worker.Confined;
import io.millwright.controller.internal.worker.WorkerView;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What is wrong with workers: one finding for all that have the same trouble. For one thread. */
final class WorkerFindings {
    private static final int NAMED = 5;
    /** How the reason of a worker begins whose configuration, or what was changed of it in place, was refused. */
    private static final List<String> REFUSED = List.of(
            "refused: ", "its changed configuration was refused: ", Confined.REFUSED, ChannelOperations.NOT_TAKEN);

    /** Knows of workers what their information does not tell. */
    interface Facts {
        /** What there is to say of a worker that is restarted at once again and again; {@code null} of all others. */
        @Nullable
        String hotLoop(WorkerId id);

        /** What is lost of a worker's log file, or why it cannot be written; {@code null} if nothing is wrong. */
        @Nullable
        String trouble(WorkerId id);

        /** Whether a configuration asks for a worker. */
        boolean isConfigured(WorkerId id);

        /** Whether a worker, other than those of callers, is there for its history alone: its configuration was deleted. */
        boolean isGivenUp(WorkerId id);
    }

    /**
     * A kind of trouble.
     *
     * @param one what is said of one worker, before its own words
     * @param many the same of several
     * @param remedy what to do; {@code ID} stands for the worker
     */
    private record Trouble(Severity severity, String one, String many, String remedy) {}

    private static final Trouble EXPOSED = new Trouble(
            Severity.WARNING,
            "may do with the node what an operator may (expose_controller)",
            "may do with the node what an operator may (expose_controller)",
            "set expose_controller to false unless the program of ID is trusted like an operator");

    private static final String ROUTER = "router";

    private static final Trouble STRAY = new Trouble(
            Severity.WARNING,
            "is to connect to a router that is none",
            "are to connect to a router that is none",
            "configure a worker of type router with that id, or correct connect.router of ID");
    private static final Trouble HALTED =
            new Trouble(Severity.WARNING, "", "have halted processes", "worker:signal ID CONT lets it go on");

    private static final Trouble COMPONENTS = new Trouble(
            Severity.ERROR,
            "",
            "have components that have failed",
            "see worker:component list ID; correct what the trace says, then worker:component restart ID COMPONENT");

    private static final Trouble ENDED = new Trouble(
            Severity.ERROR,
            "has ended with an error and is not restarted",
            "have ended with an error and are not restarted",
            "see worker:log ID, then worker:start ID");

    private static final Trouble LOOP = new Trouble(
            Severity.ERROR,
            "is restarted at once again and again",
            "are restarted at once again and again",
            "see worker:log ID; give it restart.delay and restart.max above 0, or stop it (worker:stop ID)");

    private record Case(WorkerInfo worker, String words) {}

    private final NodeController node;
    private final Facts facts;
    private final Map<Trouble, List<Case>> cases = new LinkedHashMap<>();

    WorkerFindings(NodeController node, Facts facts) {
        this.node = node;
        this.facts = facts;
    }

    List<Finding> all() {
        Set<String> offered =
                node.getWorkerTypes().stream().map(WorkerTypeInfo::type).collect(Collectors.toSet());
        List<WorkerInfo> workers = node.listWorkers(Scope.ALL);
        for (WorkerInfo worker : workers) {
            if (worker.isGroup()) {
                continue;
            }
            String lost = facts.trouble(worker.id());
            // Nobody asks for it any more, so nothing of it is to be mended.
            if (worker.status() != WorkerState.FAILED || !facts.isGivenUp(worker.id())) {
                examine(worker, offered, lost);
            }
            if (worker.status() != WorkerState.EXITED
                    && Boolean.TRUE.equals(worker.options().get(NativeOptions.EXPOSE_CONTROLLER))) {
                add(EXPOSED, worker, "");
            }
            connect(worker, workers);
            String halted = HaltedProcess.fact(worker.pid());
            if (halted != null) {
                add(HALTED, worker, halted);
            }
            if (lost != null) {
                add(
                        new Trouble(
                                Severity.WARNING,
                                "",
                                "have log files that lost lines or cannot be written",
                                "make room, or put the file right; lines that come then are written again"),
                        worker,
                        lost);
            }
        }
        return cases.entrySet().stream()
                .map(entry -> finding(entry.getKey(), entry.getValue()))
                .toList();
    }

    /** Whether the router that a worker is to have a session on is one. */
    private void connect(WorkerInfo worker, List<WorkerInfo> workers) {
        Object router = worker.options().get(NativeOptions.CONNECT_ROUTER);
        if (router == null || worker.status() == WorkerState.EXITED) {
            return;
        }
        WorkerInfo other = workers.stream()
                .filter(one -> one.id().value().equals(router))
                .findFirst()
                .orElse(null);
        if (other == null || other.isGroup() || !other.type().equals(ROUTER)) {
            String words = other == null
                    ? "there is no worker '" + router + "'"
                    : "'" + router + "' is " + (other.isGroup() ? "a group" : "of type " + other.type());
            add(STRAY, worker, words);
        }
    }

    /** Whether a wait is what the worker's options ask for, and nothing is the matter. */
    private static boolean isMeant(@Nullable WorkerWait wait) {
        return wait != null
                && (wait.reason() == WaitReason.SCHEDULE || wait.reason() == WaitReason.DEMAND && wait.until() == null);
    }

    /** How the last run of a worker ended that waits for its next time; {@code null} if it was good, or there was none. */
    private static @Nullable String lastFailure(WorkerInfo worker) {
        boolean waits = worker.waiting() != null && worker.waiting().reason() == WaitReason.SCHEDULE;
        Object schedule = waits ? worker.inForce().get(ScheduleOptions.SCHEDULE) : null;
        Object last = schedule instanceof Map<?, ?> shown ? shown.get("lastResult") : null;
        return last instanceof String text && text.startsWith("error") ? text : null;
    }

    private void examine(WorkerInfo worker, Set<String> offered, @Nullable String lost) {
        boolean failed = worker.status() == WorkerState.FAILED;
        boolean waiting = worker.status() == WorkerState.BACKOFF;
        String why = String.join("; ", worker.why());
        String loop = facts.hotLoop(worker.id());
        if (loop != null) {
            add(LOOP, worker, loop);
        } else if (!offered.contains(worker.type()) && worker.status() != WorkerState.EXITED) {
            add(
                    new Trouble(
                            failed || waiting ? Severity.ERROR : Severity.WARNING,
                            "is of type " + worker.type() + ", which no bundle offers",
                            "are of type " + worker.type() + ", which no bundle offers",
                            "install the bundle of that type"),
                    worker,
                    why);
        } else if (failed) {
            add(
                    new Trouble(
                            Severity.ERROR,
                            "could not be started",
                            "could not be started",
                            "see worker:why ID, then worker:start ID"),
                    worker,
                    why);
        } else if (waiting && lastFailure(worker) != null) {
            add(
                    new Trouble(
                            Severity.WARNING,
                            "its last run failed",
                            "have failed in their last runs",
                            "see worker:log ID; worker:start ID runs it before its next time"),
                    worker,
                    String.valueOf(lastFailure(worker)));
        } else if (waiting && !isMeant(worker.waiting())) {
            add(
                    new Trouble(
                            Severity.WARNING,
                            "waits for its next start",
                            "wait for their next start",
                            "see worker:why ID, or worker:stop ID"),
                    worker,
                    why);
        } else if (worker.health() != null && worker.health().state() == WorkerHealth.State.UNHEALTHY) {
            add(
                    new Trouble(
                            Severity.ERROR, "is not well", "are not well", "see worker:log ID, or worker:restart ID"),
                    worker,
                    why);
        } else if (worker.reason() != null && REFUSED.stream().anyMatch(worker.reason()::startsWith)) {
            add(
                    new Trouble(
                            Severity.ERROR,
                            "is not as its configuration asks",
                            "are not as their configurations ask",
                            "correct the configuration"),
                    worker,
                    worker.reason());
        } else if (hasGivenUp(worker)) {
            add(ENDED, worker, why);
        } else if (worker.reason() != null && worker.reason().contains("not watched")) {
            add(
                    new Trouble(
                            Severity.ERROR,
                            "",
                            "are not watched though their options ask for it",
                            "remove the reason; it is tried again twice a minute"),
                    worker,
                    worker.reason());
        } else if (worker.reason() != null && worker.reason().startsWith(WorkerView.COMPONENTS)) {
            add(COMPONENTS, worker, worker.reason());
        } else if (worker.status() == WorkerState.STARTED
                && worker.reason() != null
                && !worker.reason().startsWith(WorkerView.SAYS)
                && !worker.reason().equals(lost)
                && !worker.reason().contains(WorkerView.SKIPPED)
                && !worker.reason().startsWith(Watching.RESTARTED)) {
            add(new Trouble(Severity.WARNING, worker.reason(), worker.reason(), "see worker:why ID"), worker, "");
        }
    }

    /** Whether a worker that a configuration asks for has ended with an error, and nothing starts it again. */
    private boolean hasGivenUp(WorkerInfo worker) {
        return worker.status() == WorkerState.EXITED
                && worker.exit() != null
                && worker.exit().exitClass() == ExitClass.ERROR
                && facts.isConfigured(worker.id());
    }

    private void add(Trouble trouble, WorkerInfo worker, String words) {
        cases.computeIfAbsent(trouble, none -> new ArrayList<>()).add(new Case(worker, words));
    }

    private static Finding finding(Trouble trouble, List<Case> all) {
        List<WorkerId> ids = all.stream().map(one -> one.worker().id()).toList();
        Case first = all.get(0);
        String id = first.worker().id().value();
        if (all.size() == 1) {
            String what = trouble.one().isEmpty() || first.words().isEmpty()
                    ? trouble.one() + first.words()
                    : trouble.one() + ": " + first.words();
            return Finding.of(
                            trouble.severity(),
                            "worker " + id,
                            what,
                            trouble.remedy().replace("ID", id))
                    .about(ids);
        }
        String some = ids.stream().limit(NAMED).map(WorkerId::value).collect(Collectors.joining(", "))
                + (ids.size() > NAMED ? " and " + (ids.size() - NAMED) + " more" : "");
        String example = first.words().isEmpty() ? "" : "; " + id + ": " + first.words();
        return Finding.of(
                        trouble.severity(),
                        all.size() + " workers",
                        trouble.many() + ": " + some + example,
                        trouble.remedy().replace("ID", "ID for each"))
                .about(ids);
    }
}
