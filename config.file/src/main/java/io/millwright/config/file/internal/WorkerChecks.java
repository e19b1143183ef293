package io.millwright.config.file.internal;

import io.millwright.controller.api.NodeController;
import io.millwright.controller.api.NodeController.CheckDepth;
import io.millwright.controller.api.Problem;
import io.millwright.controller.api.WorkerSpec;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Has the controller check options, those of many workers at the same time. For one document and one thread. */
final class WorkerChecks {
    private static final int IN_FLIGHT = 64;
    /** Far more than the five seconds the controller gives a worker type. */
    private static final int PATIENCE_SECONDS = 60;

    private final NodeController controller;
    private final CheckDepth depth;
    private final Semaphore free = new Semaphore(IN_FLIGHT);
    private boolean givenUp;
    private final Collection<Problem> found = new ConcurrentLinkedQueue<>();

    WorkerChecks(NodeController controller, CheckDepth depth) {
        this.controller = controller;
        this.depth = depth;
    }

    /** Checks the node's own options. */
    void check(Options options, int line) {
        record(options, "controller", line, controller.checkNodeOptions(options.values()), null);
    }

    /** Begins the check of a worker; blocks while too many are under way. */
    void check(NodeDocument.Worker worker, Options options) {
        if (!acquire(1)) {
            return;
        }
        CompletionStage<List<Problem>> answer;
        try {
            answer = controller.check(WorkerSpec.of(worker.id(), worker.type(), options.values()), depth);
        } catch (RuntimeException e) {
            finish(worker, options, null, e);
            return;
        }
        answer.whenComplete((problems, fault) -> finish(worker, options, problems, fault));
    }

    /** All that was found; blocks until the last answer is there. */
    List<Problem> finish() {
        acquire(IN_FLIGHT);
        return List.copyOf(found);
    }

    private void finish(
            NodeDocument.Worker worker, Options options, @Nullable List<Problem> problems, @Nullable Throwable fault) {
        try {
            record(options, worker.path(), worker.line(), problems, fault);
        } finally {
            free.release();
        }
    }

    private void record(
            Options options, String path, int line, @Nullable List<Problem> problems, @Nullable Throwable fault) {
        if (problems == null) {
            found.add(Problem.of(path, line, "could not be checked: " + fault, Problem.Kind.DEFINITION));
            return;
        }
        List<Problem> relevant = problems.stream()
                .filter(p -> depth == CheckDepth.FULL || p.kind() == Problem.Kind.DEFINITION)
                .toList();
        relevant.forEach(p -> found.add(options.locate(p)));
    }

    private boolean acquire(int permits) {
        if (givenUp) {
            return false;
        }
        String why = "in " + PATIENCE_SECONDS + " seconds";
        try {
            if (free.tryAcquire(permits, PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                return true;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            why = "before it was interrupted";
        }
        givenUp = true;
        found.add(Problem.definition("workers", "the controller did not answer " + why + "; the check is given up"));
        return false;
    }
}
