package io.millwright.controller.internal.process.linux;

import com.sun.jna.Native;
import io.millwright.controller.api.BackendKind;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.internal.process.Enclosure;
import io.millwright.controller.internal.process.Encoding;
import io.millwright.controller.internal.process.HeldSocket;
import io.millwright.controller.internal.process.Launch;
import io.millwright.controller.internal.process.Leftover;
import io.millwright.controller.internal.process.NodeEnvironment;
import io.millwright.controller.internal.process.Notifications;
import io.millwright.controller.internal.process.ProcessBackend;
import io.millwright.controller.internal.process.ProcessListener;
import io.millwright.controller.internal.process.WorkerProcess;
import io.millwright.controller.internal.process.orphan.Leftovers;
import io.millwright.controller.internal.process.orphan.RunRecords;
import io.millwright.controller.internal.process.orphan.Watchdog;
import io.millwright.controller.internal.process.tree.Killer;
import io.millwright.controller.internal.process.tree.Kills;
import io.millwright.controller.internal.process.tree.LimitMark;
import io.millwright.controller.internal.process.tree.Marks;
import io.millwright.controller.internal.process.tree.ProcessEntry;
import io.millwright.controller.internal.process.tree.ProcessTable;
import io.millwright.controller.internal.process.tree.Tag;
import io.millwright.controller.internal.process.tree.Target;
import io.millwright.controller.internal.process.tree.TreeWatch;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The backend on posix_spawn, epoll and pidfd. One thread reads all output and sees all ends (see {@link IoLoop}); nothing is
 * polled and no process costs a thread. A program that cannot be executed is an {@link IOException} of the spawn, a death by
 * signal is told from an exit code of the same number, and every byte of arguments and environment arrives as UTF-8.
 */
public final class LinuxBackend implements ProcessBackend {
    /**
     * The name of threads that fork and may not be touched otherwise: what they are given, such as processors, their processes
     * have.
     */
    public static final String FORK_THREAD = "millwright-fork";

    private static final Logger LOG = LoggerFactory.getLogger(LinuxBackend.class);
    /** As many as threads of the controller that spawn. */
    private static final int FORKERS = 2;

    private static final Duration WATCHDOG_START = Duration.ofSeconds(5);
    private static final Duration END_LIMIT = Duration.ofSeconds(5);
    private static final long LOOK_SECONDS = 30;
    private static final int SCRATCH = 64;
    private static final int MOST_NAMES = 5;
    private static final long CLOSE_MS = 1000;
    private static final Consumer<Leftover> LATE =
            leftover -> LOG.info("{} was left behind by a worker that has ended; it is ended too", leftover);

    private final String nonce;
    private final ProcessTable table = ProcessTable.ofThisSystem();
    private final AtomicLong launches = new AtomicLong();
    /** Launches whose main process may run and not be in {@link #workers} yet. */
    private final Set<String> starting = ConcurrentHashMap.newKeySet();
    /** Main processes that the backend will wait for, by pid. */
    private final Map<Long, LinuxProcess> workers = new ConcurrentHashMap<>();
    /** Launches whose end is not complete, by number. */
    private final Map<String, LinuxProcess> unended = new ConcurrentHashMap<>();
    /** Ended in this turn; the leader's own. */
    private List<LinuxProcess> ended = new ArrayList<>();

    private volatile Map<WorkerId, List<String>> straysById = Map.of();
    private final long memory;
    private final Map<String, CompletableFuture<Integer>> endingLate = new ConcurrentHashMap<>();
    private final Variables variables = new Variables(NodeEnvironment.variables());
    private final LimitMark limits;
    private final Spawner spawner;
    private final Adopted adopted;
    private final ZombieWatch zombies;
    private final IoLoop loop;
    private final ScheduledThreadPoolExecutor timer;
    private final Watchdog watchdog;
    private final Path runDirectory;
    private final RunRecords records;
    private final TreeWatch tree;
    private volatile boolean closed;
    private volatile @Nullable NotifySocket notifySocket;

    private LinuxBackend(String nonce, Path runDirectory, Duration grace, int forkers) throws IOException {
        if (!nonce.matches("[A-Za-z0-9]{8,64}")) {
            throw new IllegalArgumentException("the nonce must be 8 to 64 letters and digits, is '" + nonce + "'");
        }
        this.nonce = nonce;
        this.runDirectory = runDirectory;
        this.records = new RunRecords(runDirectory, nonce);
        this.memory = Native.malloc(SCRATCH);
        this.spawner = new Spawner(forkers);
        this.limits = new LimitMark(nonce);
        this.timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "millwright-process-tree");
            thread.setDaemon(true);
            return thread;
        });
        timer.setRemoveOnCancelPolicy(true);
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        this.tree = new TreeWatch(table, nonce, new TreeKiller(), timer, END_LIMIT);
        this.adopted =
                new Adopted(table, new Census(), new Marks(table, nonce), tree.lineage(), this::noteUnmarked, memory);
        this.loop = new IoLoop(workers::isEmpty, this::settle, this::loopEnded);
        this.watchdog = new Watchdog(
                sessionWords(), nonce, grace, runDirectory.resolve(Leftovers.WATCHDOG_FILE), records, table, timer);
        this.zombies = new ZombieWatch(new Census()::isAwaited, () -> loop.execute(turn -> adopted.reapDead(memory)));
        // Orphans that daemonised while their worker lives; those that die are reaped at once.
        timer.scheduleWithFixedDelay(
                () -> loop.execute(turn -> look(true)), LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
    }

    /**
     * Starts the watchdog and a new journal of launches, after {@link Leftovers#sweep} has dealt with those of the node
     * before. Blocks for some milliseconds.
     *
     * @param nonce what marks this node's processes: letters and digits that nobody else has, new for every backend
     * @param runDirectory the node's run directory, which exists
     * @param grace how long workers have between TERM and KILL if the node dies; whole seconds
     * @return the backend
     * @throws IOException if this machine lacks something it needs, which the message names, or the run directory cannot be
     *     written
     */
    public static LinuxBackend open(String nonce, Path runDirectory, Duration grace) throws IOException {
        return open(nonce, runDirectory, grace, FORKERS);
    }

    /**
     * As {@link #open(String, Path, Duration)}.
     *
     * @param nonce what marks this node's processes
     * @param runDirectory the node's run directory
     * @param grace how long workers have
     * @param forkers how many threads with open files of their own make processes; with none, the caller of {@link #spawn} does
     * @return the backend
     * @throws IOException as there
     */
    public static LinuxBackend open(String nonce, Path runDirectory, Duration grace, int forkers) throws IOException {
        LibC.load();
        int own = LibC.pidfdOpen(ProcessHandle.current().pid());
        if (own < 0) {
            throw LibC.failure("the kernel has no pidfd, 5.3 would do");
        }
        LibC.close(own);
        if (!Files.isReadable(Path.of("/proc/self/stat"))) {
            throw new IOException("/proc is not mounted");
        }
        return new LinuxBackend(nonce, runDirectory, grace, forkers);
    }

    /** What puts the watchdog beyond a signal that is meant for the node's terminal or group. */
    private static List<String> sessionWords() {
        for (String setsid : List.of("/usr/bin/setsid", "/bin/setsid")) {
            if (Files.isExecutable(Path.of(setsid))) {
                return List.of(setsid);
            }
        }
        LOG.warn("there is no setsid (util-linux): who kills the node's whole process group kills its watchdog too");
        return List.of();
    }

    @Override
    public BackendKind kind() {
        return BackendKind.LINUX;
    }

    @Override
    public String description() {
        return "linux (posix_spawn + epoll + pidfd)";
    }

    @Override
    public synchronized Notifications notifications(Notifications.Listener listener) throws IOException {
        NotifySocket heard = notifySocket;
        if (heard == null) {
            heard = new NotifySocket("millwright-" + nonce, listener);
            notifySocket = heard;
        }
        return heard;
    }

    @Override
    public @Nullable String cannotHear() {
        return null;
    }

    @Override
    public @Nullable String cannotListen() {
        return null;
    }

    @Override
    public void releaseMemory() {
        LibC.malloc_trim(0);
    }

    @Override
    public HeldSocket listen(SocketAddress address, int backlog, int mode) throws IOException {
        return new ListenerSocket(Listening.open(address, backlog, mode), loop);
    }

    @Override
    public List<String> strays(WorkerId worker) {
        return straysById.getOrDefault(worker, List.of());
    }

    @Override
    public WorkerProcess spawn(Launch launch, ProcessListener listener) throws IOException {
        if (closed) {
            throw new IOException("worker '" + launch.id() + "' cannot be started: the node is ending");
        }
        Encoding.checkWords(launch);
        String number = Long.toString(launches.incrementAndGet());
        List<byte[]> environment = variables.encode(
                launch.plan().environment(),
                Map.of(Tag.NODE, nonce, Tag.WORKER, launch.id().value(), Tag.LAUNCH, number));
        watchdog.awaitUp(WATCHDOG_START);
        starting.add(number);
        try {
            Child child = spawner.spawn(launch, environment, limits.of(number));
            Target target = new Target(child.pid(), table.startTime(child.pid()), number, true);
            LinuxProcess process = new LinuxProcess(launch, child, target, listener, this);
            unended.put(number, process);
            workers.put(target.pid(), process);
            if (launch.enclosure() == null) {
                tree.add(target);
            }
            if (!records.started(launch.id().value(), target)) {
                watchdog.add(target.pid(), target.start());
            }
            begin(launch, process);
            if (adopted.works()) {
                zombies.start();
            }
            return process;
        } finally {
            starting.remove(number);
        }
    }

    private void begin(Launch launch, LinuxProcess process) throws IOException {
        try {
            process.begin();
        } catch (IOException | RuntimeException | Error e) {
            long scratch = Native.malloc(SCRATCH);
            process.discard(scratch);
            Native.free(scratch);
            workers.remove(process.pid(), process);
            process.endTree().whenComplete((count, error) -> {
                if (error != null) {
                    LOG.error("a process that could not be taken over is still alive", error);
                }
                gone(List.of(process.target()));
            });
            throw new IOException(
                    "worker '" + launch.id() + "' was started and ended again, it cannot be watched: " + e, e);
        }
    }

    /** A main process was reaped. For the leader. */
    void exited(LinuxProcess process) {
        workers.remove(process.pid(), process);
        ended.add(process);
    }

    /** Tells of the ends of this turn, after one look at the orphans for them all. */
    private void settle(Turn turn) {
        if (ended.isEmpty()) {
            return;
        }
        List<LinuxProcess> now = ended;
        ended = new ArrayList<>();
        Adopted.Orphans orphans = look(false);
        List<LinuxProcess> gone = new ArrayList<>(now.size());
        for (LinuxProcess process : now) {
            if (process.settle(orphans)) {
                gone.add(process);
            }
        }
        gone(gone.stream().map(LinuxProcess::target).toList());
        // After it is noted: a thread that waits for this may close the backend next, which must know that nobody is
        // left.
        gone.forEach(LinuxProcess::tellGroupGone);
    }

    private void loopEnded(Turn turn) {
        look(false);
        adopted.close();
        Native.free(memory);
    }

    private Adopted.Orphans look(boolean quiet) {
        Adopted.Orphans orphans = adopted.look(quiet && starting.isEmpty(), memory);
        orphans.late().forEach(this::endLate);
        if (!orphans.strays().isEmpty() || !straysById.isEmpty()) {
            straysById = sentences(orphans.strays());
        }
        return orphans;
    }

    private Map<WorkerId, List<String>> sentences(List<Adopted.Stray> strays) {
        Map<WorkerId, List<String>> byId = new HashMap<>();
        for (Adopted.Stray stray : strays) {
            List<WorkerId> ids = stray.launches().stream()
                    .map(unended::get)
                    .filter(Objects::nonNull)
                    .map(process -> process.worker())
                    .sorted(Comparator.comparing(id -> id.value()))
                    .toList();
            String names = ids.stream().limit(MOST_NAMES).map(WorkerId::value).collect(Collectors.joining(", "))
                    + (ids.size() > MOST_NAMES ? " and " + (ids.size() - MOST_NAMES) + " more" : "");
            String sentence = "process " + stray.pid() + " (" + table.program(stray.pid())
                    + ") was left behind by one of " + names + ", it does not show by which; it is ended with the last"
                    + " of them";
            ids.forEach(id -> byId.computeIfAbsent(id, key -> new ArrayList<>()).add(sentence));
        }
        return byId;
    }

    /** Ends orphans that were found when the end of their launch was complete. */
    private void endLate(String launch) {
        if (endingLate.containsKey(launch)) {
            return;
        }
        CompletableFuture<Integer> end = tree.endTree(new Target(0, ProcessTable.UNKNOWN, launch, false), LATE);
        endingLate.put(launch, end);
        end.whenComplete((count, error) -> {
            endingLate.remove(launch, end);
            if (error != null) {
                LOG.error("a process that a worker left behind is still alive: {}", error.getMessage());
            }
        });
    }

    /** Ends orphans that no worker took along, if all workers have ended; else that is for the watchdog. */
    private void endStrays() {
        CompletableFuture<Void> looked = new CompletableFuture<>();
        lookAgain(orphans -> looked.complete(null));
        looked.thenCompose(done -> CompletableFuture.allOf(endingLate.values().toArray(CompletableFuture[]::new)))
                .completeOnTimeout(null, CLOSE_MS, TimeUnit.MILLISECONDS)
                .exceptionally(error -> null)
                .join();
    }

    /** An orphan that nobody could find again by a mark if this JVM were gone. */
    private void noteUnmarked(ProcessEntry entry) {
        records.stray(entry.pid(), entry.start());
    }

    /** Has the leader look at the orphans once more. */
    void lookAgain(Consumer<Adopted.Orphans> then) {
        loop.execute(turn -> then.accept(look(false)));
    }

    /** Main processes and their groups are gone. */
    void gone(List<Target> targets) {
        for (Target target : targets) {
            watchdog.remove(target.pid());
            tree.remove(target);
        }
        records.ended(targets);
    }

    /** Nothing is left of a launch. */
    void treeEnded(LinuxProcess process) {
        unended.remove(process.target().launch(), process);
    }

    /** Ends all that an enclosure holds. */
    CompletableFuture<Integer> end(Enclosure enclosure, LinuxProcess process, Consumer<Leftover> found) {
        return enclosure
                .end(timer, process.pid(), leftover -> {
                    adopted.killed(leftover.pid(), table.startTime(leftover.pid()));
                    found.accept(leftover);
                })
                .thenApply(count -> {
                    treeEnded(process);
                    lookAgain(orphans -> {});
                    return count;
                });
    }

    TreeWatch tree() {
        return tree;
    }

    IoLoop loop() {
        return loop;
    }

    @Override
    public void close() {
        NotifySocket heard = notifySocket;
        if (heard != null) {
            heard.close();
        }
        closed = true;
        endStrays();
        zombies.close();
        watchdog.close();
        timer.shutdownNow();
        loop.close();
        spawner.close();
        records.close();
        Leftovers.forget(runDirectory, LOG);
    }

    private final class TreeKiller implements Killer {
        @Override
        public void killGroup(long group) {
            LibC.kill((int) -group, LibC.SIGKILL);
        }

        @Override
        public boolean kill(long pid, long start) {
            adopted.killed(pid, start);
            return Kills.end(table, pid, start, true) || LibC.kill((int) pid, 0) == 0 || LibC.errno() != LibC.EPERM;
        }
    }

    private final class Census implements Adopted.Launches {
        @Override
        public boolean isAwaited(long pid) {
            // The watchdog is the JDK's to wait for, and no orphan: most looks find nobody else.
            return pid == watchdog.pid() || workers.containsKey(pid);
        }

        @Override
        public boolean isStarting(String launch) {
            return starting.contains(launch);
        }

        @Override
        public boolean isRunning(String launch) {
            LinuxProcess process = unended.get(launch);
            return process != null && workers.containsKey(process.pid());
        }

        @Override
        public Map<String, LinuxProcess> unended() {
            return unended;
        }
    }
}
