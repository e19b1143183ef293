package io.millwright.controller.internal.process.portable;

import io.millwright.controller.api.BackendKind;
import io.millwright.controller.internal.process.Enclosure;
import io.millwright.controller.internal.process.Encoding;
import io.millwright.controller.internal.process.Launch;
import io.millwright.controller.internal.process.Launch.Output;
import io.millwright.controller.internal.process.LaunchSize;
import io.millwright.controller.internal.process.Leftover;
import io.millwright.controller.internal.process.NodeEnvironment;
import io.millwright.controller.internal.process.ProcessBackend;
import io.millwright.controller.internal.process.ProcessListener;
import io.millwright.controller.internal.process.WorkerProcess;
import io.millwright.controller.internal.process.orphan.Leftovers;
import io.millwright.controller.internal.process.orphan.RunRecords;
import io.millwright.controller.internal.process.orphan.Watchdog;
import io.millwright.controller.internal.process.tree.Killer;
import io.millwright.controller.internal.process.tree.Kills;
import io.millwright.controller.internal.process.tree.ProcessEntry;
import io.millwright.controller.internal.process.tree.ProcessTable;
import io.millwright.controller.internal.process.tree.Tag;
import io.millwright.controller.internal.process.tree.Target;
import io.millwright.controller.internal.process.tree.TreeWatch;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The backend on {@link ProcessBuilder}, for every POSIX system. Two threads read each process's output (a third is the
 * JDK's own), tools that execute in place give it its session, the watchdog sends the signals.
 *
 * <p>A program that cannot be executed although its file was checked (an interpreter that is missing, say) ends with exit
 * code 126 or 127 and a line on standard error, as {@link ExecPrefix} explains. A death by signal is told from an exit code
 * as {@link ExitCodes} explains. {@link Output.Closed} is closed right after the start: the first bytes may get by.
 */
public final class PortableBackend implements ProcessBackend {
    /** What the JDK says where the system says E2BIG. */
    private static final String TOO_LONG = "error=7,";

    private static final Logger LOG = LoggerFactory.getLogger(PortableBackend.class);
    private static final Duration WATCHDOG_START = Duration.ofSeconds(5);
    private static final Duration END_LIMIT = Duration.ofSeconds(5);
    private static final long READ_MS = 500;
    private static final File NULL = new File("/dev/null");

    private final String nonce;
    private final ExecPrefix prefix;
    private final ProcessTable table;
    private final ScheduledThreadPoolExecutor timer;
    private final ThreadPoolExecutor events;
    private final Watchdog watchdog;
    private final Path runDirectory;
    private final RunRecords records;
    private final TreeWatch tree;
    private final AtomicLong launches = new AtomicLong();
    private volatile boolean closed;

    /**
     * Starts the watchdog and a new journal of launches, after {@link Leftovers#sweep} has dealt with those of the node
     * before. Blocks for some milliseconds.
     *
     * @param nonce what marks this node's processes: letters and digits that nobody else has, new for every backend
     * @param runDirectory the node's run directory, which exists
     * @param grace how long workers have between TERM and KILL if the node dies; whole seconds
     * @throws IOException if the run directory cannot be written or the system's process table cannot be read
     */
    public PortableBackend(String nonce, Path runDirectory, Duration grace) throws IOException {
        this(nonce, runDirectory, grace, ExecPrefix.probe(), ProcessTable.ofThisSystem());
    }

    PortableBackend(String nonce, Path runDirectory, Duration grace, ExecPrefix prefix, ProcessTable table)
            throws IOException {
        if (!nonce.matches("[A-Za-z0-9]{8,64}")) {
            throw new IllegalArgumentException("the nonce must be 8 to 64 letters and digits, is '" + nonce + "'");
        }
        this.nonce = nonce;
        this.prefix = prefix;
        this.table = table;
        this.timer = new ScheduledThreadPoolExecutor(1, task -> daemon(task, "millwright-process-tree"));
        timer.setRemoveOnCancelPolicy(true);
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        // Bounded by the number of processes: each has three events at most.
        this.events = new ThreadPoolExecutor(
                1,
                1,
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                task -> daemon(task, "millwright-process-events"));
        this.tree = new TreeWatch(table, nonce, new TreeKiller(), timer, END_LIMIT);
        this.runDirectory = runDirectory;
        this.records = new RunRecords(runDirectory, nonce);
        this.watchdog = new Watchdog(
                prefix.words(), nonce, grace, runDirectory.resolve(Leftovers.WATCHDOG_FILE), records, table, timer);
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public BackendKind kind() {
        return BackendKind.PORTABLE;
    }

    @Override
    public String description() {
        return "portable (" + prefix.description() + ")";
    }

    @Override
    public String reservation() {
        return "its descendants are known by mark only (portable process backend): one that has lost its environment, its"
                + " session and its parent is not found";
    }

    @Override
    public WorkerProcess spawn(Launch launch, ProcessListener listener) throws IOException {
        if (closed) {
            throw new IOException("worker '" + launch.id() + "' cannot be started: the node is ending");
        }
        Encoding.check(launch, NodeEnvironment.ofJvm());
        watchdog.awaitUp(WATCHDOG_START);
        String number = Long.toString(launches.incrementAndGet());
        Outputs outputs = new Outputs(launch);
        Process process = start(launch, number, outputs);
        Target target = new Target(process.pid(), table.startTime(process.pid()), number, prefix.grouped());
        if (launch.enclosure() == null) {
            tree.add(target);
        }
        if (!records.started(launch.id().value(), target)) {
            watchdog.add(target.pid(), target.start());
        }
        PortableProcess worker = new PortableProcess(launch, process, target, listener, this, outputs);
        try {
            worker.begin();
        } catch (RuntimeException | Error e) {
            worker.discard();
            throw new IOException(
                    "worker '" + launch.id() + "' was started and ended again, it cannot be watched: " + e, e);
        }
        return worker;
    }

    private Process start(Launch launch, String number, Outputs outputs) throws IOException {
        List<String> command = new ArrayList<>(prefix.words());
        command.add(launch.program().toString());
        command.addAll(
                launch.plan().command().subList(1, launch.plan().command().size()));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(launch.plan().directory().toFile());
        Map<String, String> environment = builder.environment();
        Encoding.fill(environment, launch.plan().environment());
        environment.put(Tag.NODE, nonce);
        environment.put(Tag.WORKER, launch.id().value());
        environment.put(Tag.LAUNCH, number);
        builder.redirectInput(PortableProcess.hasInput(launch.plan().input()) ? Redirect.PIPE : Redirect.from(NULL));
        builder.redirectOutput(redirect(launch.stdout()));
        builder.redirectError(redirect(launch.stderr()));
        try {
            return outputs.start(builder);
        } catch (IOException e) {
            String message = String.valueOf(e.getMessage());
            String size = message.contains(TOO_LONG) ? ": " + LaunchSize.text(launch) : "";
            throw new IOException("cannot start " + launch.program() + ": " + message + size, e);
        } catch (OutOfMemoryError e) {
            // The JDK may have started it before it failed to make a thread for it.
            endStray(number);
            throw new IOException("cannot start " + launch.program() + ": no memory or no thread left", e);
        }
    }

    private void endStray(String number) {
        tree.endTree(new Target(0, ProcessTable.UNKNOWN, number, false), stray -> {})
                .whenComplete((count, error) -> {
                    if (error != null) {
                        LOG.error("a process that could not be taken over is still alive", error);
                    }
                });
    }

    private static Redirect redirect(Output output) throws IOException {
        if (output instanceof Output.ToFile file) {
            file.requireRegular();
            return Redirect.appendTo(file.file().toFile());
        }
        return output instanceof Output.Drop ? Redirect.DISCARD : Redirect.PIPE;
    }

    /** The main process and its group are gone. */
    void gone(Target target) {
        watchdog.remove(target.pid());
        tree.remove(target);
        records.ended(List.of(target));
    }

    /** Ends all that an enclosure holds. */
    CompletableFuture<Integer> end(Enclosure enclosure, Target target, Consumer<Leftover> found) {
        return enclosure.end(timer, target.pid(), found).thenApply(count -> {
            gone(target);
            return count;
        });
    }

    Watchdog watchdog() {
        return watchdog;
    }

    TreeWatch tree() {
        return tree;
    }

    ProcessTable table() {
        return table;
    }

    /** Does something when threads that read have had time to. */
    void later(Runnable task) {
        try {
            timer.schedule(task, READ_MS, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            task.run();
        }
    }

    ExecutorService events() {
        return events;
    }

    @Override
    public void close() {
        closed = true;
        watchdog.close();
        timer.shutdownNow();
        events.shutdown();
        records.close();
        Leftovers.forget(runDirectory, LOG);
    }

    private final class TreeKiller implements Killer {
        @Override
        public void killGroup(long group) {
            // Its failure is not lost: the next pass finds the processes that are left, which are killed one by one.
            var ignored = watchdog.signalGroup("KILL", group);
        }

        @Override
        public boolean kill(long pid, long start) {
            return Kills.end(table, pid, start, true) || !isAlive(pid, start);
        }

        private boolean isAlive(long pid, long start) {
            try {
                ProcessEntry entry = table.find(pid);
                return entry != null && entry.start() == start && !entry.zombie();
            } catch (IOException e) {
                return false;
            }
        }
    }
}
