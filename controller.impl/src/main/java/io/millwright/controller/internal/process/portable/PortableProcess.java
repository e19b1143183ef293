package io.millwright.controller.internal.process.portable;

import io.millwright.controller.api.Signal;
import io.millwright.controller.api.worker.LaunchPlan;
import io.millwright.controller.internal.process.Enclosure;
import io.millwright.controller.internal.process.Launch;
import io.millwright.controller.internal.process.Leftover;
import io.millwright.controller.internal.process.ProcessListener;
import io.millwright.controller.internal.process.WorkerProcess;
import io.millwright.controller.internal.process.tree.Target;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A process of {@link PortableBackend}. Thread-safe. */
final class PortableProcess implements WorkerProcess {
    private static final Logger LOG = LoggerFactory.getLogger(PortableProcess.class);

    private static final int FIRST_REAL_TIME = 34;

    private final Launch launch;
    private final Process process;
    private final Target target;
    private final ProcessListener listener;
    private final PortableBackend backend;
    private final @Nullable StdinWriter stdin;
    private final Outputs outputs;
    /** Completed when the spawn has succeeded: nothing is told before. */
    private final CompletableFuture<Void> begun = new CompletableFuture<>();

    private final CompletableFuture<Void> gone = new CompletableFuture<>();
    private final List<Leftover> leftBehind = new CopyOnWriteArrayList<>();
    private volatile boolean exited;

    PortableProcess(
            Launch launch,
            Process process,
            Target target,
            ProcessListener listener,
            PortableBackend backend,
            Outputs outputs) {
        this.launch = launch;
        this.process = process;
        this.target = target;
        this.listener = listener;
        this.backend = backend;
        this.outputs = outputs;
        this.stdin = hasInput(launch.plan().input())
                ? new StdinWriter(launch.id().value(), process.getOutputStream())
                : null;
    }

    static boolean hasInput(LaunchPlan.Input input) {
        return input.keepOpen() || input.data().length > 0;
    }

    /** Begins to write and wait. Throws what a lack of memory or threads throws. */
    void begin() {
        if (stdin != null) {
            byte[] data = launch.plan().input().data();
            if (data.length > 0) {
                stdin.write(data).whenComplete((done, error) -> {
                    if (error != null) {
                        LOG.debug("worker '{}': first input not taken: {}", launch.id(), error.getMessage());
                    }
                });
            }
            if (!launch.plan().input().keepOpen()) {
                stdin.close("its options give it a fixed input");
            }
        }
        CompletableFuture<Process> exit = process.onExit();
        exit.thenRun(this::mainExited);
        begun.thenCombine(exit, (nothing, ended) -> ended.exitValue())
                .thenAcceptAsync(value -> listener.exited(ExitCodes.read(value)), backend.events())
                .whenComplete(this::complain);
        begun.thenCombine(outputs.drained(), (nothing, none) -> nothing)
                .thenRunAsync(listener::drained, backend.events())
                .whenComplete(this::complain);
        begun.complete(null);
    }

    private void complain(@Nullable Void nothing, @Nullable Throwable error) {
        if (error != null && !(error.getCause() instanceof RejectedExecutionException)) {
            LOG.error("worker '{}': the controller failed to take an event", launch.id(), error);
        }
    }

    private void mainExited() {
        exited = true;
        if (stdin != null) {
            stdin.refuse("the process has ended");
        }
        backend.tree().groupGone(target).thenRun(() -> {
            backend.gone(target);
            gone.complete(null);
        });
    }

    /** Ends a process whose spawn failed half-way; the listener is not told. */
    void discard() {
        process.destroyForcibly();
        abandonOutput();
        process.onExit().thenRun(this::mainExited);
        endTree().whenComplete((count, error) -> {
            if (error != null) {
                LOG.error("worker '{}': a process that could not be taken over is still alive", launch.id(), error);
            }
        });
    }

    @Override
    public long pid() {
        return target.pid();
    }

    @Override
    public CompletionStage<Boolean> signalGroup(Signal signal) {
        if (!target.grouped()) {
            return signalMain(signal);
        }
        if (gone.isDone()) {
            return CompletableFuture.completedFuture(false);
        }
        if (exited) {
            // The kernel takes signals for zombies too, and an orphan can stay one for seconds: look which are there.
            return backend.tree()
                    .anybodyThere(target)
                    .thenCompose(there -> there ? sendToGroup(signal) : CompletableFuture.completedFuture(false));
        }
        return sendToGroup(signal);
    }

    private CompletableFuture<Boolean> sendToGroup(Signal signal) {
        return remember()
                .thenCompose(noted -> backend.watchdog().signalGroup(shellName(signal), target.pid()))
                // Right after the start there is no group yet: its setsid has not run.
                .thenCompose(sent -> sent || exited ? CompletableFuture.completedFuture(sent) : sendToMain(signal))
                .thenCompose(sent -> sent ? CompletableFuture.completedFuture(true) : refusedOrGone(signal));
    }

    @Override
    public CompletionStage<Boolean> signalMain(Signal signal) {
        return remember()
                .thenCompose(noted -> sendToMain(signal))
                .thenCompose(sent ->
                        sent || !isMainThere() ? CompletableFuture.completedFuture(sent) : refusedOrGone(signal));
    }

    /** Shells do not agree on names for the signals that only Linux has; there their numbers are the same everywhere. */
    private static String shellName(Signal signal) {
        if (!System.getProperty("os.name").equals("Linux")) {
            return signal.text();
        }
        return switch (signal) {
            case STKFLT -> "16";
            default ->
                signal.compareTo(Signal.RTMIN) < 0
                        ? signal.text()
                        : Integer.toString(FIRST_REAL_TIME + signal.ordinal() - Signal.RTMIN.ordinal());
        };
    }

    private boolean isMainThere() {
        return !exited && backend.table().startTime(target.pid()) == target.start();
    }

    private CompletableFuture<Boolean> sendToMain(Signal signal) {
        return isMainThere()
                ? backend.watchdog().signalProcess(shellName(signal), target.pid())
                : CompletableFuture.completedFuture(false);
    }

    /** The shell's kill does not say whether nobody is there or the system refused. */
    private CompletableFuture<Boolean> refusedOrGone(Signal signal) {
        return backend.tree().anybodyThere(target).thenApply(there -> {
            if (there) {
                throw new CompletionException(new IOException("the system refused to send " + signal
                        + " to worker '" + launch.id() + "' (process " + target.pid()
                        + "); does it run as another user, or does /bin/sh not know this signal (kill -l)?"));
            }
            return false;
        });
    }

    @Override
    public CompletionStage<Void> groupGone() {
        return gone.copy();
    }

    @Override
    public CompletionStage<Integer> endTree() {
        Enclosure enclosure = launch.enclosure();
        if (enclosure != null) {
            // One of root's can leave its group.
            process.destroyForcibly();
            return backend.end(enclosure, target, leftBehind::add);
        }
        return backend.tree().endTree(target, leftBehind::add).thenApply(count -> {
            backend.gone(target);
            return count;
        });
    }

    /** What is enclosed need not be remembered. */
    private CompletableFuture<Void> remember() {
        return launch.enclosure() == null ? backend.tree().remember(target) : CompletableFuture.completedFuture(null);
    }

    @Override
    public @Nullable Enclosure enclosure() {
        return launch.enclosure();
    }

    @Override
    public List<Leftover> leftBehind() {
        return List.copyOf(leftBehind);
    }

    @Override
    public CompletionStage<Void> write(byte[] data) {
        if (stdin == null) {
            return CompletableFuture.failedFuture(new IOException(
                    "worker '" + launch.id() + "' has no standard input: its options say that it is closed"));
        }
        return stdin.write(data);
    }

    @Override
    public void closeInput() {
        if (stdin != null) {
            stdin.close("it was ended");
        }
    }

    @Override
    public void abandonOutput() {
        // A thread that reads cannot be asked whether there is more in the pipe.
        backend.later(() -> {
            if (!outputs.drained().isDone()) {
                LOG.warn("worker '{}': its output is still held open by another process; it is let go", launch.id());
                outputs.abandon(backend.events());
            }
        });
        // The JDK would close it only at the end of the output.
        closeInput();
    }
}
