package io.millwright.controller.internal.process.tree;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How much memory processes hold together with their descendants. Thread-safe. */
public final class TreeSizes {
    private static final String RESIDENT = "VmRSS:";
    private static final long KIBI = 1024;

    private final ProcessTable table;

    /** Sees the processes of a table. */
    public TreeSizes(ProcessTable table) {
        this.table = table;
    }

    /**
     * The resident memory of some trees, each process counted for its own. Blocks.
     *
     * @param roots the main processes, each of which leads a session
     * @return bytes by main process; none for one that is gone
     * @throws IOException if the system's table cannot be read
     */
    public Map<Long, Long> of(Collection<Long> roots) throws IOException {
        Map<Long, ProcessEntry> entries = new HashMap<>();
        for (ProcessEntry entry : table.list()) {
            entries.put(entry.pid(), entry);
        }
        Map<Long, Long> resident = Files.isReadable(Path.of("/proc/self/status")) ? null : ofPs();
        Set<Long> wanted = new HashSet<>(roots);
        Map<Long, Long> sums = new HashMap<>();
        for (ProcessEntry entry : entries.values()) {
            Long root = root(entry, wanted, entries);
            if (root != null) {
                long size = resident == null ? ofProc(entry.pid()) : resident.getOrDefault(entry.pid(), 0L);
                sums.merge(root, size, Long::sum);
            }
        }
        return sums;
    }

    private static @Nullable Long root(ProcessEntry entry, Set<Long> wanted, Map<Long, ProcessEntry> entries) {
        ProcessEntry at = entry;
        // A table that is read while processes come and go may have a circle.
        for (int steps = 0; at != null && steps < entries.size(); steps++) {
            if (wanted.contains(at.pid())) {
                return at.pid();
            } else if (wanted.contains(at.session())) {
                return at.session();
            }
            at = entries.get(at.parent());
        }
        return null;
    }

    private static long ofProc(long pid) {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"), StandardCharsets.ISO_8859_1)) {
                if (line.startsWith(RESIDENT)) {
                    return Long.parseLong(line.substring(RESIDENT.length())
                                    .replace("kB", "")
                                    .strip())
                            * KIBI;
                }
            }
        } catch (IOException | NumberFormatException e) {
            // It is gone.
        }
        return 0;
    }

    private static Map<Long, Long> ofPs() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(List.of("ps", "-A", "-o", "pid=,rss="));
        builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        Process ps = builder.start();
        Map<Long, Long> all = new HashMap<>();
        try (BufferedReader reader = ps.inputReader()) {
            String line = reader.readLine();
            while (line != null) {
                String[] fields = line.strip().split("\\s+");
                if (fields.length == 2) {
                    all.put(Long.parseLong(fields[0]), Long.parseLong(fields[1]) * KIBI);
                }
                line = reader.readLine();
            }
        } catch (NumberFormatException e) {
            throw new IOException("ps printed something else than pid and rss", e);
        } finally {
            ps.destroy();
        }
        return all;
    }
}
