package io.millwright.controller.internal.node;

import static org.awaitility.Awaitility.await;

import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.WorkerAnswer;
import io.millwright.controller.api.channel.ChannelHost;
import io.millwright.controller.api.channel.ChannelListener;
import io.millwright.controller.api.channel.ExpectedRun;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** Carries control channels in a test, which says itself when a run joins, is ready or is lost. */
final class FakeChannelHost implements ChannelHost {
    /** The runs that are expected, by worker. */
    final Map<String, ExpectedRun> expected = new ConcurrentHashMap<>();
    /** All that were ever expected. */
    final List<ExpectedRun> seen = new CopyOnWriteArrayList<>();

    final List<String> calls = new CopyOnWriteArrayList<>();
    private final Map<ExpectedRun, ChannelListener> listeners = new ConcurrentHashMap<>();
    /** Answers calls of operations. */
    volatile Function<String, CompletionStage<WorkerAnswer>> answers = operation ->
            CompletableFuture.failedFuture(new NodeException(ErrorCode.FEATURE_UNAVAILABLE, "does not offer it"));

    @Override
    public void expect(ExpectedRun run, ChannelListener listener) {
        seen.add(run);
        listeners.put(run, listener);
        expected.put(run.worker().value(), run);
    }

    @Override
    public void forget(ExpectedRun run) {
        expected.remove(run.worker().value(), run);
    }

    @Override
    public CompletionStage<WorkerAnswer> call(ExpectedRun run, String operation, Map<String, ?> arguments) {
        calls.add(run.worker() + " " + operation + " " + arguments);
        return answers.apply(operation);
    }

    @Override
    public Map<String, ?> address(ExpectedRun run) {
        return Map.of("realm", "r", "prefix", "p", "socket", "/s", "serializers", List.of("json"));
    }

    /** What hears of the channel of the run that is expected of a worker; waits for it. */
    ChannelListener of(String worker) {
        await().until(() -> expected.containsKey(worker));
        return listeners.get(expected.get(worker));
    }
}
