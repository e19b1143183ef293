package io.millwright.controller.internal.process.orphan;

import io.millwright.controller.internal.process.cgroup.LeftGroups;
import io.millwright.controller.internal.process.tree.Kills;
import io.millwright.controller.internal.process.tree.Lineage;
import io.millwright.controller.internal.process.tree.Marks;
import io.millwright.controller.internal.process.tree.ProcessEntry;
import io.millwright.controller.internal.process.tree.ProcessTable;
import io.millwright.controller.internal.process.tree.Target;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Ends what a node that died has left behind. Called once at the start of a node, which holds the node directory's lock,
 * before {@link RunRecords} begins a new journal and before anything is launched. Blocks.
 */
public final class Leftovers {
    /** The watchdog's file in the run directory. */
    public static final String WATCHDOG_FILE = "watchdog";

    private static final Duration GRACE = Duration.ofSeconds(5);
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final long POLL_MS = 50;
    private static final long KERNEL_THREADS = 2;

    private final Path runDirectory;
    private final ProcessTable table;
    private final Duration watchdogLimit;
    private final Set<String> nonces = new HashSet<>();
    private final Map<String, Process> open = new HashMap<>();
    private final Map<Long, Long> strays = new HashMap<>();

    /**
     * What was found.
     *
     * @param unfinished workers the node before had not ended, by the journal, each once
     * @param alive pids of processes that still lived when the node before's watchdog was done
     * @param survivors those of {@code alive} that could not be ended
     */
    public record Report(List<String> unfinished, List<Long> alive, List<Long> survivors) {
        /**
         * Whether the node before ended in order.
         *
         * @return true if there is nothing to tell
         */
        public boolean clean() {
            return unfinished.isEmpty() && alive.isEmpty();
        }
    }

    private final Map<String, Marks> marks = new HashMap<>();
    private final Lineage lineage = new Lineage();

    private record Process(String worker, long pid, long start) {}

    private Leftovers(Path runDirectory, ProcessTable table, Duration watchdogLimit) {
        this.runDirectory = runDirectory;
        this.table = table;
        this.watchdogLimit = watchdogLimit;
    }

    /**
     * Waits for the watchdog of the node before, ends what still lives (TERM, five seconds, KILL) and empties the journal. The
     * records of another directory's node, of which this directory is a copy, are dropped: that node may run.
     *
     * @param runDirectory the node's run directory
     * @param log told what was found
     * @return the findings
     * @throws IOException if the records or the process table cannot be read
     */
    public static Report sweep(Path runDirectory, Logger log) throws IOException {
        return sweep(runDirectory, log, ProcessTable.ofThisSystem(), Duration.ofSeconds(20));
    }

    static Report sweep(Path runDirectory, Logger log, ProcessTable table, Duration watchdogLimit) throws IOException {
        Leftovers leftovers = new Leftovers(runDirectory, table, watchdogLimit);
        if (leftovers.isCopy()) {
            log.warn(
                    "{} is a copy of another node directory's; what it says of that node's processes is dropped, and they are left alone",
                    runDirectory);
            Files.deleteIfExists(runDirectory.resolve(LeftGroups.FILE));
            leftovers.deleteRecords();
            return new Report(List.of(), List.of(), List.of());
        }
        leftovers.awaitWatchdog(log);
        leftovers.readJournal();
        List<String> unfinished = leftovers.open.values().stream()
                .map(Process::worker)
                .distinct()
                .sorted()
                .toList();
        Report report = leftovers.end(unfinished);
        if (!unfinished.isEmpty()) {
            log.warn(
                    "the node before this one ended without ending {} of its workers: {}; {}",
                    unfinished.size(),
                    String.join(", ", unfinished),
                    report.alive().isEmpty()
                            ? "none is alive any more"
                            : "still alive and ended now: " + report.alive());
        } else if (!report.alive().isEmpty()) {
            log.warn("processes of the node before this one were still alive and were ended: {}", report.alive());
        }
        if (!report.survivors().isEmpty()) {
            log.error(
                    "these processes of the node before this one cannot be ended: {}; end them by hand",
                    report.survivors());
        }
        LeftGroups.end(runDirectory, log);
        leftovers.deleteRecords();
        return report;
    }

    /**
     * Takes the records away at the orderly end of a node if no process of it is left, so that its next start need not search
     * for any. Called last, when the watchdog was told to end and the journal is closed. Blocks for two looks at the process
     * table.
     *
     * @param runDirectory the node's run directory
     * @param log told if it cannot be done; the next start searches then
     */
    public static void forget(Path runDirectory, Logger log) {
        Leftovers leftovers = new Leftovers(runDirectory, ProcessTable.ofThisSystem(), Duration.ZERO);
        try {
            leftovers.readJournal();
            // Twice, as in a sweep: what forks while one look is taken may be missed by it.
            if (leftovers.watchdogIsGone()
                    && leftovers.open.isEmpty()
                    && leftovers.find().isEmpty()
                    && leftovers.find().isEmpty()) {
                leftovers.deleteRecords();
            }
        } catch (IOException e) {
            log.debug("cannot tell whether anything is left", e);
        }
    }

    /** The journal last: it says whose the others are. */
    private void deleteRecords() throws IOException {
        Files.deleteIfExists(runDirectory.resolve(WATCHDOG_FILE));
        Files.deleteIfExists(runDirectory.resolve(RunRecords.FILE));
    }

    /**
     * Whether the journal is another directory's. One of a version that did not say so is this one's; one of before the last boot
     * says nothing of this: disks may have other numbers since.
     */
    private boolean isCopy() throws IOException {
        List<String> lines = lines();
        if (lines.isEmpty() || !lines.get(0).endsWith(' ' + RunRecords.bootId())) {
            return false;
        }
        String identity = RunRecords.identity(runDirectory);
        return lines.stream()
                .map(line -> line.split(" "))
                .anyMatch(words -> words[0].equals("directory") && words.length == 2 && !words[1].equals(identity));
    }

    private boolean watchdogIsGone() throws IOException {
        Process watchdog = watchdog();
        return watchdog != null && !alive(watchdog.pid(), watchdog.start());
    }

    /** The watchdog of the node before, whose nonce is looked for from now on; {@code null} if none is noted. */
    private @Nullable Process watchdog() throws IOException {
        Path file = runDirectory.resolve(WATCHDOG_FILE);
        String[] words = Files.exists(file) ? Files.readString(file).trim().split(" ") : new String[0];
        if (words.length != 3) {
            return null;
        }
        nonces.add(words[2]);
        return new Process("", number(words[0]), number(words[1]));
    }

    private void awaitWatchdog(Logger log) throws IOException {
        Process watchdog = watchdog();
        if (watchdog == null) {
            return;
        }
        long pid = watchdog.pid();
        long start = watchdog.start();
        long deadline = System.nanoTime() + watchdogLimit.toNanos();
        while (pid > 1 && start != ProcessTable.UNKNOWN && alive(pid, start)) {
            if (System.nanoTime() - deadline > 0) {
                log.warn("the watchdog of the node before (pid {}) does not end; doing its work", pid);
                Kills.end(table, pid, start, true);
                return;
            }
            pause();
        }
    }

    private boolean alive(long pid, long start) throws IOException {
        return table.startTime(pid) == start
                && table.list().stream()
                        .anyMatch(entry -> entry.pid() == pid && entry.start() == start && !entry.zombie());
    }

    private List<String> lines() throws IOException {
        Path file = runDirectory.resolve(RunRecords.FILE);
        // Bytes of any kind: a disk that was full or a machine that lost power may have left them.
        return Files.exists(file)
                ? List.of(Files.readString(file, StandardCharsets.ISO_8859_1).split("\n"))
                : List.of();
    }

    private void readJournal() throws IOException {
        for (String line : lines()) {
            String[] words = line.split(" ");
            if (words[0].equals("node") && words.length == 3) {
                open.clear();
                strays.clear();
                nonces.add(words[1]);
                if (!words[2].equals(RunRecords.bootId())) {
                    // Of before the last boot: nothing of it lives, and its numbers mean others now.
                    return;
                }
            } else if (words[0].equals("start") && words.length == 5) {
                open.put(words[1], new Process(words[2], number(words[3]), number(words[4])));
            } else if (words[0].equals("end") && words.length == 2) {
                open.remove(words[1]);
            } else if (words[0].equals("stray") && words.length == 3) {
                strays.put(number(words[1]), number(words[2]));
            }
        }
    }

    private Report end(List<String> unfinished) throws IOException {
        Set<Long> alive = new HashSet<>();
        long begun = System.nanoTime();
        int cleanPasses = 0;
        List<ProcessEntry> left = List.of();
        while (cleanPasses < 2 && System.nanoTime() - begun < LIMIT.toNanos()) {
            left = find();
            cleanPasses = left.isEmpty() ? cleanPasses + 1 : 0;
            boolean forcibly = System.nanoTime() - begun > GRACE.toNanos();
            for (ProcessEntry entry : left) {
                boolean first = alive.add(entry.pid());
                if (first || forcibly) {
                    Kills.end(table, entry.pid(), entry.start(), forcibly);
                }
            }
            if (!left.isEmpty()) {
                pause();
            }
        }
        return new Report(
                unfinished,
                alive.stream().sorted().toList(),
                left.stream().map(ProcessEntry::pid).sorted().toList());
    }

    private List<ProcessEntry> find() throws IOException {
        if (nonces.isEmpty() && open.isEmpty() && strays.isEmpty()) {
            return List.of();
        }
        List<ProcessEntry> all = table.list();
        Map<Long, Long> starts = new HashMap<>(strays);
        open.values().forEach(process -> starts.put(process.pid(), process.start()));
        Set<Long> leaders = new HashSet<>();
        for (ProcessEntry entry : all) {
            Long start = starts.get(entry.pid());
            if (start != null && start != ProcessTable.UNKNOWN && start == entry.start()) {
                leaders.add(entry.pid());
            }
        }
        lineage.learn(
                all,
                open.values().stream()
                        .map(process -> new Target(process.pid(), process.start(), "?", true))
                        .toList());
        long own = ProcessHandle.current().pid();
        List<ProcessEntry> found = new ArrayList<>();
        for (ProcessEntry entry : all) {
            boolean candidate = !entry.zombie()
                    && entry.pid() > KERNEL_THREADS
                    && entry.pid() != own
                    && entry.parent() != KERNEL_THREADS;
            // A group is known by its leader, or, if that is gone, by its members' marks: its number alone says
            // nothing.
            if (candidate
                    && (leaders.contains(entry.pid())
                            || (leaders.contains(entry.group()) && !strays.containsKey(entry.group()))
                            || isMarked(entry.pid())
                            || lineage.launch(entry) != null)) {
                found.add(entry);
            }
        }
        return found;
    }

    private boolean isMarked(long pid) {
        for (String nonce : nonces) {
            Marks reader = marks.computeIfAbsent(nonce, key -> new Marks(table, key));
            if (reader.isOurs(reader.of(pid))) {
                return true;
            }
        }
        return false;
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private static void pause() {
        try {
            Thread.sleep(POLL_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
