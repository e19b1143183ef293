package io.millwright.controller.internal.simulation;

import io.millwright.controller.internal.launch.PluginCalls;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Calls of plug-ins, each of which happens when the choices say so. */
final class SimulatedPlugins implements PluginCalls {
    /** What a plug-in throws that does not come back. */
    static final class Hangs extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final Consumer<Runnable> happenings;
    private final BiConsumer<Duration, Runnable> timers;

    /**
     * Calls nothing yet.
     *
     * @param happenings takes what happens at some time
     * @param timers takes what happens after a time
     */
    SimulatedPlugins(Consumer<Runnable> happenings, BiConsumer<Duration, Runnable> timers) {
        this.happenings = happenings;
        this.timers = timers;
    }

    @Override
    public <T> CompletableFuture<T> call(String what, Callable<T> call) {
        return alone(what, LIMIT, call);
    }

    @Override
    public <T> CompletableFuture<T> alone(String what, Duration most, Callable<T> call) {
        CompletableFuture<T> result = new CompletableFuture<>();
        happenings.accept(() -> {
            try {
                result.complete(call.call());
            } catch (Hangs late) {
                timers.accept(most, () -> result.completeExceptionally(new TimeoutException(what + " hangs")));
            } catch (Throwable fault) {
                result.completeExceptionally(fault);
            }
        });
        return result;
    }
}
