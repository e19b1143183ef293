package io.millwright.controller.internal.process.portable;

import io.millwright.controller.internal.process.Launch;
import io.millwright.controller.internal.process.Launch.Output;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The output streams of one launch with the threads that read them. {@link #start} is called once. */
final class Outputs {
    private static final Logger LOG = LoggerFactory.getLogger(Outputs.class);

    private record Piped(StreamPump pump, Function<Process, InputStream> stream) {}

    private final Launch launch;
    private final List<Piped> piped = new ArrayList<>();
    private final AtomicInteger open;
    private final CompletableFuture<Void> drained = new CompletableFuture<>();

    Outputs(Launch launch) {
        this.launch = launch;
        add(launch.stdout(), "out", Process::getInputStream);
        add(launch.stderr(), "err", Process::getErrorStream);
        open = new AtomicInteger(piped.size());
        if (piped.isEmpty()) {
            drained.complete(null);
        }
    }

    private void add(Output output, String role, Function<Process, InputStream> stream) {
        if (output instanceof Output.Pipe pipe) {
            String name = "millwright-io-" + launch.id() + '-' + role;
            piped.add(new Piped(new StreamPump(name, pipe.sink(), this::pumpEnded), stream));
        }
    }

    private void pumpEnded() {
        if (open.decrementAndGet() == 0) {
            drained.complete(null);
        }
    }

    /** Completed when all piped output is at its end and was given to the sinks. */
    CompletableFuture<Void> drained() {
        return drained;
    }

    /**
     * Starts the process and the reading.
     *
     * <p>The first reader itself starts the process: so it holds the stream before even the shortest process can end and the
     * JDK close it (it begins with the first stream), and lets go of it only when the other one is held too.
     *
     * @throws IOException if the process cannot be started
     * @throws OutOfMemoryError if there is no memory or no thread left; the process may run
     */
    Process start(ProcessBuilder builder) throws IOException {
        Process process = piped.isEmpty() ? builder.start() : startReading(builder);
        close(launch.stdout(), process.getInputStream());
        close(launch.stderr(), process.getErrorStream());
        return process;
    }

    private Process startReading(ProcessBuilder builder) throws IOException {
        CompletableFuture<Process> started = new CompletableFuture<>();
        CountDownLatch held = new CountDownLatch(piped.size() - 1);
        try {
            for (Piped other : piped.subList(1, piped.size())) {
                thread(other, () -> read(other, started.join(), held::countDown));
            }
            Piped first = piped.get(0);
            thread(first, () -> {
                try {
                    Process process = builder.start();
                    read(first, process, () -> {
                        started.complete(process);
                        await(held);
                    });
                } catch (IOException | RuntimeException | Error e) {
                    started.completeExceptionally(e);
                }
            });
        } catch (OutOfMemoryError e) {
            started.completeExceptionally(e);
        }
        try {
            return started.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof IOException cause) {
                throw cause;
            }
            if (e.getCause() instanceof OutOfMemoryError cause) {
                throw cause;
            }
            throw e;
        }
    }

    private static void read(Piped piped, Process process, Runnable held) {
        piped.pump.run(piped.stream.apply(process), held);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void thread(Piped piped, Runnable task) {
        Thread thread = new Thread(
                () -> {
                    try {
                        task.run();
                    } catch (CompletionException e) {
                        LOG.debug("not started, so nothing to read", e);
                    }
                },
                piped.pump.name());
        thread.setDaemon(true);
        thread.start();
    }

    private static void close(Output output, InputStream stream) {
        if (output instanceof Output.Closed) {
            try {
                stream.close();
            } catch (IOException e) {
                LOG.debug("closing the output of a process", e);
            }
        }
    }

    /** Ends the sinks although the streams are not at their end. */
    void abandon(Executor executor) {
        piped.forEach(each -> each.pump.abandon(executor));
    }
}
