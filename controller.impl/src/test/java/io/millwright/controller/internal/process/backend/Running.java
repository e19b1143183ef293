package io.millwright.controller.internal.process.backend;

import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.worker.LaunchPlan;
import io.millwright.controller.internal.process.Launch;
import io.millwright.controller.internal.process.Launch.Output;
import io.millwright.controller.internal.process.OutputSink;
import io.millwright.controller.internal.process.ProcessBackend;
import io.millwright.controller.internal.process.ProcessExit;
import io.millwright.controller.internal.process.ProcessListener;
import io.millwright.controller.internal.process.SystemPath;
import io.millwright.controller.internal.process.WorkerProcess;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A spawned process and all that was told of it. */
public final class Running implements ProcessListener {
    /** Nothing here may take that long; a machine under load may. */
    public static final long LIMIT = 60;

    public final Bytes out = new Bytes();
    public final Bytes err = new Bytes();
    public final CompletableFuture<ProcessExit> exit = new CompletableFuture<>();
    public final CompletableFuture<Void> drained = new CompletableFuture<>();
    public final List<String> surprises = new ArrayList<>();
    private final CompletableFuture<WorkerProcess> process = new CompletableFuture<>();

    /** Collects bytes. */
    public static class Bytes implements OutputSink {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        public final CompletableFuture<Void> end = new CompletableFuture<>();

        @Override
        public synchronized void accept(ByteBuffer more) {
            byte[] copy = new byte[more.remaining()];
            more.get(copy);
            bytes.writeBytes(copy);
        }

        @Override
        public void end() {
            if (!end.complete(null)) {
                throw new IllegalStateException("ended twice");
            }
        }

        public synchronized String text() {
            return bytes.toString(StandardCharsets.UTF_8);
        }
    }

    /** Starts a shell script. */
    public static Running sh(ProcessBackend backend, String id, String script) throws IOException {
        return start(backend, id, plan("/bin/sh", "-c", script));
    }

    public static Running start(ProcessBackend backend, String id, LaunchPlan plan) throws IOException {
        Running running = new Running();
        running.spawn(backend, id, plan, new Output.Pipe(running.out), new Output.Pipe(running.err));
        return running;
    }

    public static LaunchPlan plan(String... command) {
        return LaunchPlan.builder("executable", List.of(command), Path.of("/"))
                .environment(Map.of("PATH", "/usr/local/bin:/usr/bin:/bin"))
                .build();
    }

    public void spawn(ProcessBackend backend, String id, LaunchPlan plan, Output stdout, Output stderr)
            throws IOException {
        Path program = SystemPath.of(plan.command().get(0));
        spawn(backend, new Launch(new WorkerId(id), plan, program, stdout, stderr));
    }

    public void spawn(ProcessBackend backend, Launch launch) throws IOException {
        process.complete(backend.spawn(launch, this));
    }

    @Override
    public void exited(ProcessExit how) {
        if (!exit.complete(how)) {
            surprises.add("exited twice");
        }
    }

    @Override
    public void drained() {
        if (!drained.complete(null)) {
            surprises.add("drained twice");
        }
    }

    public WorkerProcess process() {
        return process.join();
    }

    public ProcessExit exit() {
        return get(exit);
    }

    /** The whole standard output, after its end. */
    public String output() {
        get(drained);
        return out.text();
    }

    /** Waits until the standard output contains a text. */
    public Running awaitOutput(String text) {
        Awaitility.await()
                .atMost(LIMIT, TimeUnit.SECONDS)
                .pollInterval(5, TimeUnit.MILLISECONDS)
                .until(() -> out.text().contains(text));
        return this;
    }

    public static <T> T get(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(LIMIT, TimeUnit.SECONDS).join();
    }
}
