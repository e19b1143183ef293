package io.millwright.controller.internal.process;

import io.millwright.controller.api.Signal;
import io.millwright.controller.internal.process.backend.BackendFixture;
import io.millwright.controller.internal.process.backend.Kind;
import io.millwright.controller.internal.process.backend.Running;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Prints what processes cost on each backend: {@code [COUNT]}. A main program, no test. */
final class SpawnBench {
    private SpawnBench() {}

    public static void main(String[] args) throws IOException {
        int count = args.length > 0 ? Integer.parseInt(args[0]) : 1000;
        for (Kind kind : Kind.values()) {
            Path directory = Files.createTempDirectory("bench");
            try (ProcessBackend backend = kind.open(BackendFixture.nonce(), directory, Duration.ofSeconds(1))) {
                run(backend, 50, false);
                run(backend, count, true);
                flood(backend);
            }
            try (var files = Files.walk(directory)) {
                files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
            }
        }
    }

    private static void run(ProcessBackend backend, int count, boolean print) throws IOException {
        List<Running> all = new ArrayList<>();
        long[] spawns = new long[count];
        long begun = System.nanoTime();
        for (int i = 0; i < count; i++) {
            long before = System.nanoTime();
            all.add(Running.start(backend, "w" + i, Running.plan("/bin/sleep", "300")));
            spawns[i] = System.nanoTime() - before;
        }
        long started = System.nanoTime() - begun;
        int threads = Thread.activeCount();
        // A crash: killed, seen, found to have left nothing.
        int crashes = Math.min(100, count / 2);
        long[] exits = new long[crashes];
        long[] settled = new long[crashes];
        for (int i = 0; i < crashes; i++) {
            WorkerProcess process = all.get(i).process();
            long before = System.nanoTime();
            process.signalMain(Signal.KILL);
            all.get(i).exit.join();
            exits[i] = System.nanoTime() - before;
            process.groupGone()
                    .thenCompose(gone -> process.endTree())
                    .toCompletableFuture()
                    .join();
            settled[i] = System.nanoTime() - before;
        }
        long before = System.nanoTime();
        for (Running running : all.subList(crashes, count)) {
            running.process().signalGroup(Signal.TERM);
        }
        for (Running running : all) {
            running.exit.join();
            running.process().groupGone().toCompletableFuture().join();
            running.process().endTree().toCompletableFuture().join();
            running.drained.join();
        }
        long stopped = System.nanoTime() - before;
        if (print) {
            System.out.printf(
                    "%s%n  spawn of %d: %.0f ms, p50 %.2f, p99 %.2f; threads %d%n"
                            + "  kill to exit p50 %.2f p99 %.2f, to nothing left p50 %.2f p99 %.2f ms%n"
                            + "  stop of %d at once: %.0f ms%n",
                    backend.description(),
                    count,
                    started / 1e6,
                    at(spawns, 50),
                    at(spawns, 99),
                    threads,
                    at(exits, 50),
                    at(exits, 99),
                    at(settled, 50),
                    at(settled, 99),
                    count - crashes,
                    stopped / 1e6);
        }
    }

    private static void flood(ProcessBackend backend) throws IOException {
        AtomicLong bytes = new AtomicLong();
        Running running = new Running();
        long begun = System.nanoTime();
        running.spawn(
                backend,
                "flood",
                Running.plan("/bin/sh", "-c", "exec head -c 2000000000 /dev/zero"),
                new Launch.Output.Pipe(new OutputSink() {
                    @Override
                    public void accept(ByteBuffer some) {
                        bytes.addAndGet(some.remaining());
                    }

                    @Override
                    public void end() {}
                }),
                new Launch.Output.Drop());
        running.drained.join();
        running.process().groupGone().toCompletableFuture().join();
        System.out.printf("  output: %.0f MB/s%n", bytes.get() * 1e3 / (System.nanoTime() - begun));
    }

    private static double at(long[] nanos, int percent) {
        long[] sorted = nanos.clone();
        Arrays.sort(sorted);
        return sorted[(sorted.length - 1) * percent / 100] / 1e6;
    }
}
