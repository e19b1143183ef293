package io.millwright.controller.internal.process.orphan;

import io.millwright.controller.internal.process.tree.Target;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The journal of launches and ends, from which the {@link Watchdog} learns whom to end, and {@link Leftovers} of
 * the next node what a dead node left behind. One
 * append each. Thread-safe; a disk that fails is logged once and stops nobody.
 */
public final class RunRecords implements AutoCloseable {
    /** The journal's name in the run directory. */
    public static final String FILE = "workers";

    private static final Logger LOG = LoggerFactory.getLogger(RunRecords.class);
    private static final long COMPACT_BYTES = 1 << 17;
    /** Most of them are gone long since. */
    private static final int MOST_STRAYS = 1000;

    private final Path file;
    private final String header;
    private final Map<String, String> open = new LinkedHashMap<>();
    /** The line of each stray, by pid. */
    private final Map<Long, String> strays = new LinkedHashMap<>();
    // Not a channel: an interrupt of a thread that writes would close it.
    private @Nullable OutputStream out;
    private long written;
    private boolean broken;

    /**
     * Begins an empty journal; {@link Leftovers#sweep} has read the one before.
     *
     * @param runDirectory the node's run directory
     * @param nonce the node's nonce
     * @throws IOException if the file cannot be written
     */
    public RunRecords(Path runDirectory, String nonce) throws IOException {
        this.file = runDirectory.resolve(FILE);
        String identity = identity(runDirectory);
        this.header =
                "node " + nonce + ' ' + bootId() + '\n' + (identity == null ? "" : "directory " + identity + '\n');
        rewrite();
    }

    /** The journal. */
    Path file() {
        return file;
    }

    /** Whether all that were launched are gone. */
    synchronized boolean isEmpty() {
        return open.isEmpty();
    }

    /** Which boot of the machine this is: start times of processes count from it. {@code -} if the system does not tell. */
    static String bootId() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).trim();
        } catch (IOException e) {
            return "-";
        }
    }

    /** Which directory this is: it keeps that when it is moved, and a copy has another. {@code null} if the system does not tell. */
    static @Nullable String identity(Path directory) throws IOException {
        Object key = Files.readAttributes(directory, BasicFileAttributes.class).fileKey();
        // The watchdog reads letters and digits.
        return key == null ? null : key.toString().replaceAll("[^A-Za-z0-9]", "");
    }

    /**
     * A process was launched.
     *
     * @param worker the worker's id
     * @param target the process
     * @return whether it is written; if not, the watchdog must be told
     */
    public synchronized boolean started(String worker, Target target) {
        String line = "start " + target.launch() + ' ' + worker + ' ' + target.pid() + ' ' + target.start() + '\n';
        open.put(target.launch(), line);
        return append(line);
    }

    /**
     * A descendant was found that bears no mark, and that nobody could find again if the node were gone.
     *
     * @param pid the process
     * @param start its start time
     */
    public synchronized void stray(long pid, long start) {
        String line = "stray " + pid + ' ' + start + '\n';
        strays.remove(pid);
        strays.put(pid, line);
        if (strays.size() > MOST_STRAYS) {
            strays.remove(strays.keySet().iterator().next());
        }
        append(line);
    }

    /**
     * Processes and their groups are gone.
     *
     * @param targets the processes
     */
    public synchronized void ended(List<Target> targets) {
        StringBuilder lines = new StringBuilder();
        for (Target target : targets) {
            if (open.remove(target.launch()) != null) {
                lines.append("end ").append(target.launch()).append('\n');
            }
        }
        if (lines.length() > 0) {
            append(lines.toString());
        }
    }

    private boolean append(String line) {
        OutputStream target = out;
        if (target == null) {
            return false;
        }
        try {
            byte[] bytes = line.getBytes(StandardCharsets.US_ASCII);
            target.write(bytes);
            written += bytes.length;
            if (written > COMPACT_BYTES) {
                rewrite();
            }
            broken = false;
            return true;
        } catch (IOException e) {
            if (!broken) {
                LOG.warn(
                        "cannot write {}; the next start may not know what a crash leaves behind: {}",
                        file,
                        e.toString());
            }
            broken = true;
            return false;
        }
    }

    private void rewrite() throws IOException {
        Path fresh = file.resolveSibling(FILE + ".new");
        OutputStream next = new FileOutputStream(fresh.toFile());
        try {
            next.write((header + String.join("", open.values()) + String.join("", strays.values()))
                    .getBytes(StandardCharsets.US_ASCII));
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            next.close();
            throw e;
        }
        OutputStream before = out;
        out = next;
        written = 0;
        if (before != null) {
            before.close();
        }
    }

    /** Closes the file, which stays. */
    @Override
    public synchronized void close() {
        OutputStream last = out;
        out = null;
        try {
            if (last != null) {
                last.close();
            }
        } catch (IOException e) {
            LOG.debug("closing {}", file, e);
        }
    }
}
