package io.millwright.controller.internal.process.cgroup;

import io.millwright.controller.internal.process.Enclosure;
import io.millwright.controller.internal.process.Leftover;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The group of one run of a worker. Thread-safe. */
final class WorkerGroup implements Enclosure {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerGroup.class);
    /** What the kernel gives a group that says nothing of it. */
    private static final Map<String, String> UNSET = Map.of("cpu.weight", "100", "io.weight", "default 100");

    private final Path directory;
    private final String suffix;
    private final WorkerGroups groups;
    private final Folders folders;
    private Map<String, List<String>> limits = Map.of();
    private volatile @Nullable String trouble;

    WorkerGroup(Path directory, WorkerGroups groups, Folders folders) {
        this.directory = directory;
        this.suffix = "/" + directory.getName(directory.getNameCount() - 2) + "/" + directory.getFileName();
        this.groups = groups;
        this.folders = folders;
    }

    Path directory() {
        return directory;
    }

    @Override
    public String enter() {
        return "echo $$ >'" + directory.resolve("cgroup.procs").toString().replace("'", "'\\''") + "'";
    }

    @Override
    public boolean holds(long pid) {
        try {
            // The names on the way are this life's alone, however much of the path the node sees.
            return Files.readAllLines(Path.of("/proc/" + pid + "/cgroup"), StandardCharsets.ISO_8859_1).stream()
                    .anyMatch(line -> line.startsWith("0::") && (line.endsWith(suffix) || line.contains(suffix + "/")));
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public CompletableFuture<Integer> end(ScheduledExecutorService timer, long main, Consumer<Leftover> found) {
        return new Ending(this, groups, folders, timer, main, found).begin();
    }

    @Override
    public void discard() {
        try {
            folders.removeAll(directory);
            groups.removed(this);
        } catch (IOException e) {
            LOG.debug("{} stays for now", directory, e);
        }
    }

    @Override
    public synchronized void limit(Map<String, List<String>> wanted) throws IOException {
        groups.enable(wanted.keySet());
        Map<String, List<String>> next = new TreeMap<>(wanted);
        Map<String, List<String>> before = limits;
        Map<String, List<String>> both = new TreeMap<>(before);
        both.putAll(next);
        // What a refusal half-way leaves is unset with the next change.
        limits = both;
        for (Map.Entry<String, List<String>> old : before.entrySet()) {
            // A device that is not named any more has no limit any more.
            for (String line : old.getValue()) {
                if (old.getKey().equals("io.max")) {
                    write("io.max", line.replaceAll("=\\S+", "=max"));
                } else if (!wanted.containsKey(old.getKey())) {
                    write(old.getKey(), UNSET.getOrDefault(old.getKey(), "max"));
                }
            }
        }
        for (Map.Entry<String, List<String>> entry : next.entrySet()) {
            for (String line : entry.getValue()) {
                write(entry.getKey(), line);
            }
        }
        limits = next;
    }

    private void write(String file, String line) throws IOException {
        folders.write(directory.resolve(file), line);
    }

    @Override
    public synchronized Map<String, String> inForce() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("path", directory.toString());
        for (String file : limits.keySet()) {
            try {
                all.put(
                        file,
                        Files.readString(directory.resolve(file), StandardCharsets.ISO_8859_1)
                                .strip());
            } catch (IOException e) {
                // It has just been taken away with its last process.
                LOG.debug("no {}", file, e);
            }
        }
        return all;
    }

    @Override
    public @Nullable String trouble() {
        return trouble;
    }

    /** Keeps what the limits did, before the files that tell are gone. */
    void noteTrouble() {
        Map<String, Long> events = new HashMap<>();
        try {
            events.put("killed", Folders.number(directory.resolve("memory.events"), "oom_kill"));
            events.put("refused", Folders.number(directory.resolve("pids.events"), "max"));
        } catch (IOException e) {
            LOG.debug("{} tells nothing", directory, e);
        }
        long killed = events.getOrDefault("killed", 0L);
        long refused = events.getOrDefault("refused", 0L);
        String said = killed > 0
                ? "out of memory: the kernel killed " + (killed == 1 ? "a process" : killed + " processes")
                        + " of it at its limit (cgroup.memory.max)"
                : "";
        if (refused > 0) {
            said += (said.isEmpty() ? "" : "; ") + "no more processes: " + refused
                    + (refused == 1 ? " fork was" : " forks were") + " refused at its limit (cgroup.pids.max)";
        }
        trouble = said.isEmpty() ? null : said;
    }
}
