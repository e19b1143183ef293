package io.millwright.controller.internal.launch;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

/** Calls code of plug-ins away from the controller loop, each call bounded in time. */
public interface PluginCalls {
    /**
     * Calls plug-in code.
     *
     * @param what what it is, for the message when it is late, for example {@code worker type 'guest'}; calls of one plug-in
     *     have one name
     * @param call the code
     * @param <T> its result
     * @return completed with the result, exceptionally with what it threw, or with a {@link
     *     java.util.concurrent.TimeoutException}
     */
    <T> CompletableFuture<T> call(String what, Callable<T> call);

    /**
     * Calls plug-in code that may take long and must not wait for others, with a limit of its own.
     *
     * @param what what it is, for the message when it is late
     * @param most the longest this call may take, positive
     * @param call the code
     * @param <T> its result
     * @return completed with the result, exceptionally with what it threw, or with a {@link
     *     java.util.concurrent.TimeoutException}
     */
    <T> CompletableFuture<T> alone(String what, Duration most, Callable<T> call);
}
