package io.millwright.controller.internal.worker;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls of the host of control channels that come one after the other for each worker: what it is to expect and to forget. Called in the
 * controller loop, and {@link #finish} by the thread that ends the node, after the loop.
 */
final class SerialCalls {
    private static final Logger LOG = LoggerFactory.getLogger(Channels.class);

    private final Channels.Calls calls;
    /** What the host is being told. */
    private final Set<CompletableFuture<?>> underWay = ConcurrentHashMap.newKeySet();

    SerialCalls(Channels.Calls calls) {
        this.calls = calls;
    }

    /** Calls the host once what it was told of the worker before is done, well or not. */
    <T> CompletableFuture<T> call(Worker worker, Callable<T> call) {
        CompletableFuture<T> next =
                worker.told.handle((done, fault) -> true).thenCompose(before -> calls.call(Channels.HOST, call));
        worker.told = next;
        underWay.add(next);
        next.whenComplete((done, fault) -> underWay.remove(next));
        return next;
    }

    /**
     * Blocks until the host was told all that it is to be told, which is quick; when the loop has ended.
     *
     * @param most how long at most
     */
    void finish(Duration most) {
        try {
            CompletableFuture.allOf(underWay.toArray(CompletableFuture[]::new))
                    .handle((done, fault) -> true)
                    .get(most.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("{} was not told of all runs that have ended: {}", Channels.HOST, e.toString());
        }
    }
}
