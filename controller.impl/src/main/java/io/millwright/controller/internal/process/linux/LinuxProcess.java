package io.millwright.controller.internal.process.linux;

import com.sun.jna.Pointer;
import io.millwright.controller.api.Signal;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.internal.process.Enclosure;
import io.millwright.controller.internal.process.Launch;
import io.millwright.controller.internal.process.Launch.Output;
import io.millwright.controller.internal.process.Leftover;
import io.millwright.controller.internal.process.OutputSink;
import io.millwright.controller.internal.process.ProcessExit;
import io.millwright.controller.internal.process.ProcessListener;
import io.millwright.controller.internal.process.WorkerProcess;
import io.millwright.controller.internal.process.tree.Target;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A process of {@link LinuxBackend}. Thread-safe. */
final class LinuxProcess implements WorkerProcess, IoLoop.Handler {
    private static final Logger LOG = LoggerFactory.getLogger(LinuxProcess.class);

    private final Launch launch;
    private final int pidfd;
    private final Target target;
    private final ProcessListener listener;
    private final LinuxBackend backend;
    private final @Nullable PipeWriter stdin;
    private final List<PipeReader> readers = new ArrayList<>(2);
    private final AtomicInteger undrained;
    private final CompletableFuture<Void> gone = new CompletableFuture<>();
    private final List<Leftover> leftBehind = new CopyOnWriteArrayList<>();
    private volatile boolean nothingLeft;
    /** What waitpid said; the leader's own. */
    private int status;
    // Guarded by this: a pid must not be signalled once it may be another's.
    private boolean reaped;
    private long token;

    LinuxProcess(Launch launch, Child child, Target target, ProcessListener listener, LinuxBackend backend) {
        this.launch = launch;
        this.pidfd = child.pidfd();
        this.target = target;
        this.listener = listener;
        this.backend = backend;
        this.stdin = child.in() < 0 ? null : new PipeWriter(launch.id().value(), backend.loop(), child.in());
        reader(launch.stdout(), child.out(), "stdout");
        reader(launch.stderr(), child.err(), "stderr");
        this.undrained = new AtomicInteger(readers.size());
    }

    private void reader(Output output, int fd, String role) {
        if (output instanceof Output.Pipe pipe) {
            OutputSink sink = pipe.sink();
            readers.add(new PipeReader(
                    backend.loop(), fd, sink, "worker '" + launch.id() + "', " + role, this::readerEnded));
        }
    }

    private void readerEnded() {
        if (undrained.decrementAndGet() == 0) {
            tell(listener::drained);
        }
    }

    private void tell(Runnable event) {
        try {
            event.run();
        } catch (RuntimeException | Error e) {
            LOG.error("worker '{}': the controller failed to take an event", launch.id(), e);
        }
    }

    /** Begins to read, write and wait. */
    void begin() throws IOException {
        for (PipeReader reader : readers) {
            reader.begin();
        }
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
        synchronized (this) {
            // Last: from here on the end is seen, but not before the token is known.
            token = backend.loop().add(pidfd, LibC.EPOLLIN, this);
        }
        if (readers.isEmpty()) {
            tell(listener::drained);
        }
    }

    /** Ends a process whose spawn failed half-way. The listener may have been told of its output, never of its end. */
    void discard(long scratch) {
        synchronized (this) {
            reaped = true;
            Spawner.end((int) target.pid(), scratch);
            LibC.close(pidfd);
        }
        readers.forEach(PipeReader::discard);
        if (stdin != null) {
            stdin.discard();
        }
    }

    /** The process has ended. */
    @Override
    public void ready(Turn turn) {
        synchronized (this) {
            if (reaped) {
                return;
            }
            int answer = LibC.waitpid((int) target.pid(), turn.usual.address, LibC.WNOHANG);
            if (answer == 0 || (answer < 0 && LibC.errno() == LibC.EINTR)) {
                return;
            }
            if (answer < 0) {
                LOG.error(
                        "worker '{}': somebody else in this JVM took the exit code of process {}; 255 is assumed",
                        launch.id(),
                        target.pid());
                status = 0xff00;
            } else {
                status = new Pointer(turn.usual.address).getInt(0);
            }
            reaped = true;
            backend.loop().forget(token);
            LibC.close(pidfd);
        }
        // First, so that nothing that fails here loses the exit.
        backend.exited(this);
        if (stdin != null) {
            stdin.fail("the process has ended");
        }
    }

    /** Tells of the end, after the orphans were looked at; gives whether its group is gone. For the leader. */
    boolean settle(Adopted.Orphans orphans) {
        ProcessExit exit = Signals.exit(status);
        boolean groupThere = isGroupThere();
        if (!groupThere) {
            // First of all: who hears of the exit asks at once for the rest to be ended, and mostly there is none.
            noteWhatIsLeft(orphans);
        }
        tell(() -> listener.exited(exit));
        if (groupThere) {
            backend.tree().groupGone(target).thenRun(() -> backend.lookAgain(this::groupGone));
        }
        return !groupThere;
    }

    /** Tells that the group is gone, which the backend has noted. */
    void tellGroupGone() {
        gone.complete(null);
    }

    private void groupGone(Adopted.Orphans orphans) {
        noteWhatIsLeft(orphans);
        backend.gone(List.of(target));
        tellGroupGone();
    }

    private void noteWhatIsLeft(Adopted.Orphans orphans) {
        nothingLeft = orphans.complete()
                && !orphans.launches().contains(target.launch())
                && !orphans.groups().contains(target.pid());
    }

    /** The pipes it shares with this JVM. */
    List<String> pipes() {
        List<String> names = new ArrayList<>();
        readers.forEach(reader -> names.add(reader.pipe()));
        if (stdin != null) {
            names.add(stdin.pipe());
        }
        names.removeIf(String::isEmpty);
        return names;
    }

    private boolean isGroupThere() {
        return LibC.kill((int) -target.pid(), 0) == 0 || LibC.errno() != LibC.ESRCH;
    }

    WorkerId worker() {
        return launch.id();
    }

    Target target() {
        return target;
    }

    @Override
    public long pid() {
        return target.pid();
    }

    @Override
    public CompletionStage<Boolean> signalGroup(Signal signal) {
        synchronized (this) {
            if (!reaped && signal == Signal.CONT) {
                // Ends nobody.
                return send(-target.pid(), signal);
            }
        }
        return remember().thenCompose(noted -> signalGroupNow(signal));
    }

    /** What is enclosed need not be remembered. */
    private CompletableFuture<Void> remember() {
        return launch.enclosure() == null ? backend.tree().remember(target) : CompletableFuture.completedFuture(null);
    }

    private CompletionStage<Boolean> signalGroupNow(Signal signal) {
        synchronized (this) {
            if (!reaped) {
                return send(-target.pid(), signal);
            }
        }
        if (gone.isDone()) {
            return CompletableFuture.completedFuture(false);
        }
        // The kernel takes signals for zombies too, and an orphan can stay one for long: look which are there.
        return backend.tree()
                .anybodyThere(target)
                .thenCompose(there -> there && !gone.isDone()
                        ? send(-target.pid(), signal)
                        : CompletableFuture.completedFuture(false));
    }

    @Override
    public CompletionStage<Boolean> signalMain(Signal signal) {
        return remember().thenCompose(noted -> {
            synchronized (this) {
                return reaped ? CompletableFuture.completedFuture(false) : send(target.pid(), signal);
            }
        });
    }

    private CompletableFuture<Boolean> send(long whom, Signal signal) {
        if (LibC.kill((int) whom, Signals.number(signal)) == 0) {
            return CompletableFuture.completedFuture(true);
        }
        int error = LibC.errno();
        if (error == LibC.ESRCH) {
            return CompletableFuture.completedFuture(false);
        }
        return CompletableFuture.failedFuture(new CompletionException(new IOException("the system refused to send "
                + signal + " to worker '" + launch.id() + "' (process " + target.pid() + "): " + LibC.text(error)
                + "; does it run as another user?")));
    }

    @Override
    public CompletionStage<Void> groupGone() {
        return gone.copy();
    }

    @Override
    public CompletionStage<Integer> endTree() {
        Enclosure enclosure = launch.enclosure();
        if (enclosure != null) {
            synchronized (this) {
                if (!reaped) {
                    // One of root's can leave its group.
                    LibC.kill((int) -target.pid(), LibC.SIGKILL);
                }
            }
            return backend.end(enclosure, this, leftBehind::add);
        }
        if (nothingLeft) {
            backend.treeEnded(this);
            return CompletableFuture.completedFuture(0);
        }
        return backend.tree().endTree(target, leftBehind::add).thenApply(count -> {
            backend.treeEnded(this);
            backend.lookAgain(orphans -> {});
            return count;
        });
    }

    @Override
    public @Nullable Enclosure enclosure() {
        return launch.enclosure();
    }

    /** Whether something that holds all of its processes holds one. */
    boolean encloses(long pid) {
        Enclosure enclosure = launch.enclosure();
        return enclosure != null && enclosure.holds(pid);
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
        readers.forEach(reader -> backend.loop().execute(reader::abandon));
        closeInput();
    }

    @Override
    public void loopEnds(Turn turn) {
        LibC.close(pidfd);
    }
}
