package io.millwright.controller.internal.worker;

import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.WorkerAnswer;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.channel.ChannelHost;
import io.millwright.controller.api.channel.ExpectedRun;
import io.millwright.controller.api.channel.ReadyInfo;
import io.millwright.controller.api.worker.OptionValues;
import io.millwright.controller.internal.launch.BirthLine;
import io.millwright.controller.internal.launch.Planner;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Operations that runs offer over their control channels, asked for by callers and by the node: {@code shutdown}, {@code configure} and the
 * worker's own. Called in the controller loop; the host is asked elsewhere.
 */
public final class ChannelOperations {
    private static final Logger LOG = LoggerFactory.getLogger(Channels.class);
    private static final String CONFIGURE = "configure";

    /** How the reason of a worker begins that did not take what was changed in place. */
    public static final String NOT_TAKEN = "what is changed in place was not taken: ";

    private final ControllerLoop loop;
    private final Planner planner;
    private final Channels.Calls calls;

    /**
     * Operations of all runs.
     *
     * @param planner has a type prepare what changes in place
     * @param calls calls the host
     */
    ChannelOperations(ControllerLoop loop, Planner planner, Channels.Calls calls) {
        this.loop = loop;
        this.planner = planner;
        this.calls = calls;
    }

    /**
     * Calls an operation that a run offers.
     *
     * @return completed with the answer or a {@link NodeException}, on any thread
     * @throws NodeException if it cannot be asked
     */
    public CompletableFuture<WorkerAnswer> call(
            WorkerId id, Channel channel, String operation, Map<String, ? extends @Nullable Object> arguments) {
        ReadyInfo ready = channel.ready;
        String why = ready == null
                ? "it is not ready yet"
                : !channel.isUp()
                        ? "its control channel is lost: " + channel.lost
                        : ready.operations().contains(operation) ? null : "it does not offer it; " + offers(ready);
        if (why != null) {
            throw unavailable(id, operation, why);
        }
        return ask(id, channel, operation, arguments);
    }

    private static String offers(ReadyInfo ready) {
        return ready.operations().isEmpty()
                ? "it offers no operation"
                : "it offers " + String.join(", ", ready.operations());
    }

    private static NodeException unavailable(WorkerId id, String operation, String why) {
        return new NodeException(
                ErrorCode.FEATURE_UNAVAILABLE, "worker '" + id + "' cannot be asked for '" + operation + "': " + why);
    }

    /** Asks a run to end itself; the channel is up. */
    CompletableFuture<WorkerAnswer> shutDown(Worker worker, Channel channel) {
        return ask(worker.id, channel, "shutdown", Map.of());
    }

    /**
     * Tells a run of options of its type that have changed in place, if it is ready and offers {@code configure}: when its type has planned
     * with them, or as soon as its channel is up again.
     */
    public void tellOptions(Worker worker) {
        Run run = worker.run;
        Channel channel = run == null ? null : run.channel;
        OptionValues options = worker.options;
        if (run == null
                || channel == null
                || options == null
                || channel.telling
                || !channel.isUp()
                || !offers(channel, CONFIGURE)) {
            return;
        }
        Map<String, @Nullable Object> now = BirthLine.own(channel.own, options);
        if (now.equals(channel.told)) {
            return;
        }
        channel.telling = true;
        // Its type prepares what they name, as for a start. What is wrong with them the worker says itself.
        planner.admit(worker.definition.spec)
                .whenComplete((admission, fault) -> loop.execute(() -> tell(worker, run, channel, now)));
    }

    private void tell(Worker worker, Run run, Channel channel, Map<String, @Nullable Object> now) {
        if (worker.run != run || !channel.isUp()) {
            channel.telling = false;
            return;
        }
        String session = channel.session;
        ask(worker.id, channel, CONFIGURE, Map.of("options", now)).whenComplete((answer, fault) -> {
            channel.telling = false;
            // The run may be back already when the call fails that its lost session had.
            boolean lost = fault != null && !Objects.equals(channel.session, session);
            if (!lost) {
                channel.told = now;
            }
            if (fault != null && !lost && worker.run == run) {
                worker.reason = NOT_TAKEN + RunLauncher.message(fault);
                LOG.error("worker {}: {}", worker.id, worker.reason);
                worker.publishView();
            }
            tellOptions(worker);
        });
    }

    private static boolean offers(Channel channel, String operation) {
        ReadyInfo ready = channel.ready;
        return ready != null && ready.operations().contains(operation);
    }

    private CompletableFuture<WorkerAnswer> ask(
            WorkerId id, Channel channel, String operation, Map<String, ? extends @Nullable Object> arguments) {
        CompletableFuture<WorkerAnswer> result = new CompletableFuture<>();
        ChannelHost asked = channel.host;
        if (asked == null) {
            result.completeExceptionally(unavailable(id, operation, Channels.NO_HOST));
            return result;
        }
        channel.calls.add(result);
        ExpectedRun run = channel.expected;
        calls.call(Channels.HOST, () -> asked.call(run, operation, arguments))
                .thenCompose(answer -> answer)
                .whenComplete((answer, fault) -> loop.execute(() -> {
                    channel.calls.remove(result);
                    if (fault == null) {
                        result.complete(answer);
                    } else {
                        result.completeExceptionally(failure(id, operation, fault));
                    }
                }));
        return result;
    }

    private static NodeException failure(WorkerId id, String operation, Throwable fault) {
        Throwable cause = fault instanceof CompletionException && fault.getCause() != null ? fault.getCause() : fault;
        return cause instanceof NodeException known
                ? known
                : new NodeException(
                        ErrorCode.INTERNAL, "worker '" + id + "' could not be asked for '" + operation + "': " + cause);
    }

    /** Calls whose answers cannot come any more are answered. */
    static void failAll(WorkerId id, Channel channel, ErrorCode code, String why) {
        List<CompletableFuture<WorkerAnswer>> open = List.copyOf(channel.calls);
        channel.calls.clear();
        NodeException lost = new NodeException(code, "worker '" + id + "' has not answered: " + why);
        open.forEach(call -> call.completeExceptionally(lost));
    }
}
