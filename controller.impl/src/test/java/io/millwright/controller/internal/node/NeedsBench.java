package io.millwright.controller.internal.node;

import static io.millwright.controller.internal.node.TestNode.id;

import io.millwright.controller.api.NodeController;
import io.millwright.controller.api.WorkerHealth.State;
import io.millwright.controller.api.WorkerInfo;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.internal.configured.Configured;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Prints what it costs that workers need others, and that they are asked how they are: {@code [PAIRS [SECONDS]]}. A main program, no test. */
final class NeedsBench {
    private static final int ROUNDS = 5;

    private NeedsBench() {}

    public static void main(String[] args) throws Exception {
        int pairs = args.length > 0 ? Integer.parseInt(args[0]) : 500;
        int seconds = args.length > 1 ? Integer.parseInt(args[1]) : 30;
        boot(pairs, false);
        for (int round = 0; round < ROUNDS; round++) {
            System.out.printf(
                    "boot of %d pairs: %d ms without, %d ms with requires%n",
                    pairs, boot(pairs, false), boot(pairs, true));
        }
        System.out.printf("CPU at rest, %d workers: %.3f %% of a core%n", 2 * pairs, rest(2 * pairs, seconds, null));
        Process server = new ProcessBuilder(
                        "python3",
                        "-c",
                        "import socket\ns = socket.create_server(('127.0.0.1', 0), backlog=1000)\n"
                                + "print(s.getsockname()[1], flush=True)\nwhile True: s.accept()[0].close()")
                .start();
        try {
            String asked = server.inputReader().readLine();
            System.out.printf(
                    "CPU with a TCP probe of each every 10 s, %d workers: %.3f %% of a core%n",
                    2 * pairs, rest(2 * pairs, seconds, asked));
        } finally {
            server.destroyForcibly().waitFor();
        }
    }

    private static Configured configured(String worker, Map<String, Object> more) {
        Map<String, Object> options = new HashMap<>(more);
        options.put("executable", "/bin/sleep");
        options.put("arguments", List.of("600"));
        return new Configured("pid-" + worker, "config:" + worker, WorkerSpec.of(id(worker), "guest", options));
    }

    private static long boot(int pairs, boolean needs) throws IOException {
        List<Configured> workers = new ArrayList<>();
        for (int i = 0; i < pairs; i++) {
            workers.add(configured("a" + i, needs ? Map.of("requires", List.of("b" + i)) : Map.of()));
            workers.add(configured("b" + i, Map.of()));
        }
        Path directory = Files.createTempDirectory("bench");
        try (TestNode node = new TestNode(directory)) {
            long before = System.nanoTime();
            start(node, workers);
            return (System.nanoTime() - before) / 1_000_000;
        } finally {
            delete(directory);
        }
    }

    private static void start(TestNode node, List<Configured> workers) {
        CompletableFuture<Boolean> ready = new CompletableFuture<>();
        node.node.core.loop.execute(() -> new Boot(
                        node.node.core.loop,
                        node.node.core.configuredWorkers,
                        node.node.core.dependencies,
                        node.node.core.events,
                        () -> ready.complete(true),
                        cause -> {})
                .begin(workers, 0, false));
        TestNode.get(ready);
    }

    private static double rest(int count, int seconds, @Nullable String port) throws Exception {
        List<Configured> workers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            workers.add(configured("w" + i, port == null ? Map.of() : Map.of("health.tcp", port)));
        }
        Path directory = Files.createTempDirectory("bench");
        try (TestNode node = new TestNode(directory)) {
            start(node, workers);
            Thread.sleep(15_000);
            long cpu = cpu();
            long before = System.nanoTime();
            Thread.sleep(seconds * 1000L);
            double share = 100.0 * (cpu() - cpu) / (System.nanoTime() - before);
            if (port != null) {
                long well = node.controller.listWorkers(NodeController.Scope.LIVE).stream()
                        .map(WorkerInfo::health)
                        .filter(health -> health != null && health.state() == State.HEALTHY)
                        .count();
                System.out.println(well + " are healthy");
            }
            return share;
        } finally {
            delete(directory);
        }
    }

    private static long cpu() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos();
    }

    private static void delete(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        }
    }
}
