package io.millwright.testkit;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.NodeController;
import io.millwright.controller.api.NodeEvent;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.StartResult;
import io.millwright.controller.api.StopOptions;
import io.millwright.controller.api.StopResult;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerInfo;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.api.event.EventProperties;
import io.millwright.testkit.Check.Broken;
import io.millwright.testkit.Samples.Sample;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/** One worker on a running node, killed and forgotten when this is closed. For one thread. */
@SuppressWarnings("try")
final class LiveWorker implements AutoCloseable {
    static final Caller ME = Caller.api("testkit");
    private final TypeUnderTest subject;
    private final NodeController controller;
    private final Duration patience;
    private final WorkerId id;

    LiveWorker(TypeUnderTest subject, LiveNode node) {
        this.subject = subject;
        this.controller = node.controller();
        this.patience = node.patience();
        this.id = new WorkerId(
                "conformance-" + Long.toString(ThreadLocalRandom.current().nextLong(1L << 40), 36));
    }

    /** The node refused; unchecked, for it is often what is hoped for. */
    static final class Refusal extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final NodeException error;

        Refusal(String what, NodeException error) {
            super("The node refused " + what + ": " + error.getMessage(), error);
            this.error = error;
        }

        NodeException error() {
            return error;
        }
    }

    WorkerId id() {
        return id;
    }

    WorkerSpec spec(Sample sample, Map<String, Object> more) {
        Map<String, Object> options = new HashMap<>(sample.options());
        options.putAll(more);
        return WorkerSpec.of(id, subject.name, options);
    }

    StartResult start(Sample sample, Map<String, Object> more) throws Broken, InterruptedException {
        return await("the start of '" + sample.name() + "'", controller.startWorker(spec(sample, more), ME));
    }

    StopResult stop(StopOptions mode) throws Broken, InterruptedException {
        return await("the stop", controller.stopWorker(id, mode, ME));
    }

    WorkerInfo info() {
        return controller.getWorker(id, NodeController.Detail.PLAIN);
    }

    /** The result of an operation of the node; its refusal as a {@link Refusal}. */
    <T> T await(String what, CompletionStage<T> stage) throws Broken, InterruptedException {
        try {
            return stage.toCompletableFuture().get(patience.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof NodeException error) {
                throw new Refusal(what, error);
            }
            throw new Broken("The node failed at " + what + ": " + e.getCause() + ".");
        } catch (TimeoutException e) {
            throw new Broken("The node did not finish " + what + " within " + patience.toSeconds() + " seconds.");
        }
    }

    void eventually(String what, Predicate<WorkerInfo> condition) throws Broken, InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!condition.test(info())) {
            if (System.nanoTime() - deadline > 0) {
                throw new Broken("The worker was not " + what + " within " + patience.toSeconds() + " seconds; it is "
                        + info().toMap() + ".");
            }
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    /** Its events once that one has come, as the last words of their topics. */
    List<String> events(String last) throws Broken, InterruptedException {
        eventually("reported as " + last, info -> words().contains(last));
        return words();
    }

    private List<String> words() {
        List<String> words = new ArrayList<>();
        for (NodeEvent event : controller.getEvents()) {
            if (id.value().equals(event.properties().get(EventProperties.WORKER_ID))) {
                words.add(event.topic().substring(event.topic().lastIndexOf('/') + 1));
            }
        }
        return words;
    }

    @Override
    public void close() throws Broken, InterruptedException {
        try {
            await("the last stop", controller.stopWorker(id, StopOptions.KILL, ME));
        } catch (Refusal refusal) {
            if (refusal.error().code() != ErrorCode.WORKER_NOT_RUNNING
                    && refusal.error().code() != ErrorCode.NO_SUCH_WORKER) {
                throw refusal;
            }
        }
        try {
            await("forgetting the worker", controller.forgetWorker(id, ME).thenApply(nothing -> true));
        } catch (Refusal refusal) {
            if (refusal.error().code() != ErrorCode.NO_SUCH_WORKER) {
                throw refusal;
            }
        }
    }
}
