package io.millwright.testkit;

import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.WorkerAnswer;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.channel.ChannelHost;
import io.millwright.controller.api.channel.ChannelListener;
import io.millwright.controller.api.channel.ExpectedRun;
import io.millwright.controller.api.channel.ReadyInfo;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Control channels without a router, for tests of native worker types: nothing is carried anywhere, a test says itself what a worker
 * would do over its channel. Register it as a service {@link ChannelHost}, with a ranking above that of others if there are any, or give
 * it to what is tested. Thread-safe; nothing blocks.
 */
public final class FakeChannels implements ChannelHost {
    /**
     * A call of an operation.
     *
     * @param worker the worker that was called
     * @param operation the operation's name
     * @param arguments what it was called with
     */
    public record Call(WorkerId worker, String operation, Map<String, ? extends @Nullable Object> arguments) {}

    private record Channel(ExpectedRun run, ChannelListener listener) {}

    private final @Nullable ReadyInfo readyAtOnce;
    private final Map<WorkerId, Channel> channels = new LinkedHashMap<>();
    private final List<Call> calls = new ArrayList<>();
    private final Map<String, Function<Call, ? extends @Nullable Object>> answers = new LinkedHashMap<>();
    private long sessions;

    private FakeChannels(@Nullable ReadyInfo readyAtOnce) {
        this.readyAtOnce = readyAtOnce;
    }

    /**
     * Channels on which nothing happens unless the test says so.
     *
     * @return without a worker
     */
    public static FakeChannels silent() {
        return new FakeChannels(null);
    }

    /**
     * Channels on which each run joins and is ready as soon as it is expected, whatever its process does.
     *
     * @param info what each run says of itself
     * @return without a worker
     */
    public static FakeChannels ready(ReadyInfo info) {
        return new FakeChannels(info);
    }

    /**
     * Answers the calls of an operation; of others it is said that the worker does not offer them.
     *
     * @param operation the operation's name
     * @param answer makes the answer, values as in JSON; what it throws is the failure of the call
     */
    public synchronized void answer(String operation, Function<Call, ? extends @Nullable Object> answer) {
        answers.put(operation, answer);
    }

    /** The runs that may join now, in the order in which they were expected. */
    public synchronized Collection<ExpectedRun> expected() {
        return channels.values().stream().map(Channel::run).toList();
    }

    /** The calls so far. */
    public synchronized List<Call> calls() {
        return List.copyOf(calls);
    }

    /**
     * The run of a worker joins, or joins again.
     *
     * @param worker one of which a run is expected
     * @throws IllegalStateException if none is
     */
    public void join(WorkerId worker) {
        String session;
        synchronized (this) {
            session = Long.toString(++sessions);
        }
        listener(worker).up(session);
    }

    /**
     * The run of a worker says that it is ready.
     *
     * @param worker one of which a run is expected, and has joined
     * @param info what it says of itself
     * @throws IllegalStateException if none is expected
     */
    public void ready(WorkerId worker, ReadyInfo info) {
        listener(worker).ready(info);
    }

    /**
     * The run of a worker loses its channel.
     *
     * @param worker one of which a run is expected, and has joined
     * @param reason why, for people
     * @throws IllegalStateException if none is expected
     */
    public void lose(WorkerId worker, String reason) {
        listener(worker).lost(reason);
    }

    private synchronized ChannelListener listener(WorkerId worker) {
        return Optional.ofNullable(channels.get(worker))
                .orElseThrow(() -> new IllegalStateException(
                        "no run of worker '" + worker + "' is expected; expected are " + channels.keySet()))
                .listener();
    }

    @Override
    public void expect(ExpectedRun run, ChannelListener listener) {
        synchronized (this) {
            channels.put(run.worker(), new Channel(run, listener));
        }
        if (readyAtOnce != null) {
            join(run.worker());
            listener.ready(readyAtOnce);
        }
    }

    @Override
    public synchronized void forget(ExpectedRun run) {
        Channel channel = channels.get(run.worker());
        if (channel != null && channel.run().equals(run)) {
            channels.remove(run.worker());
        }
    }

    @Override
    public CompletionStage<WorkerAnswer> call(
            ExpectedRun run, String operation, Map<String, ? extends @Nullable Object> arguments) {
        Call call = new Call(run.worker(), operation, arguments);
        Function<Call, ? extends @Nullable Object> answer;
        synchronized (this) {
            calls.add(call);
            answer = answers.get(operation);
        }
        if (answer == null) {
            return CompletableFuture.failedFuture(new NodeException(
                    ErrorCode.FEATURE_UNAVAILABLE, "worker '" + run.worker() + "' does not offer '" + operation + "'"));
        }
        try {
            return CompletableFuture.completedFuture(WorkerAnswer.of(run.worker(), answer.apply(call)));
        } catch (RuntimeException fault) {
            return CompletableFuture.failedFuture(fault);
        }
    }

    /** An address at which there is nothing. */
    @Override
    public Map<String, ? extends @Nullable Object> address(ExpectedRun run) {
        return Map.of("realm", "test", "prefix", "test", "socket", "/nonexistent", "serializers", List.of("json"));
    }
}
