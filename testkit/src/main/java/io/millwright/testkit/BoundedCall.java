package io.millwright.testkit;

import io.millwright.testkit.Check.Broken;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Calls a type's code as a node does: on another thread, for at most five seconds. The thread has a group of its own, so
 * that threads the code leaves behind are known from all others. For one thread.
 */
final class BoundedCall {
    static final Duration LIMIT = Duration.ofSeconds(5);

    private final ThreadGroup group = new ThreadGroup("millwright-testkit");

    /** The result of the code; what it throws, a null, and being late are told in a sentence. */
    static <T> T of(String what, Callable<@Nullable T> code) throws Broken, InterruptedException {
        return new BoundedCall().call(what, code);
    }

    <T> T call(String what, Callable<@Nullable T> code) throws Broken, InterruptedException {
        CompletableFuture<@Nullable T> result = new CompletableFuture<>();
        Thread thread = new Thread(
                group,
                () -> {
                    try {
                        result.complete(code.call());
                    } catch (Throwable fault) {
                        result.completeExceptionally(fault);
                    }
                },
                "millwright-testkit");
        thread.setDaemon(true);
        thread.start();
        try {
            T value = result.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            thread.join(LIMIT.toMillis());
            if (value == null) {
                throw new Broken(what + " returned null.");
            }
            return value;
        } catch (ExecutionException fault) {
            throw new Broken(what + " threw " + fault.getCause() + ".");
        } catch (TimeoutException late) {
            thread.interrupt();
            throw new Broken(what + " did not answer within " + LIMIT.toSeconds()
                    + " seconds, the time a node gives it; it must be quick.");
        }
    }

    /** The names of threads the code started that still run after a time of grace. */
    List<String> threadsLeft() throws InterruptedException {
        List<String> names = new ArrayList<>();
        long deadline = System.nanoTime() + Duration.ofSeconds(2).toNanos();
        Thread[] threads = new Thread[64];
        int count = group.enumerate(threads);
        for (int i = 0; i < count; i++) {
            threads[i].join(Math.max(1, (deadline - System.nanoTime()) / 1_000_000));
            if (threads[i].isAlive()) {
                names.add(threads[i].getName());
            }
        }
        return names;
    }
}
