package io.millwright.controller.internal.process.cgroup;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Where the node is in the hierarchy of cgroup v2. Every question reads files. Thread-safe. */
public final class Hierarchy {
    /** The group a node moves itself to, for no process may be where groups with limits are. */
    static final String LEAF = "millwright-node";

    private static final String UNIFIED = "boot with systemd.unified_cgroup_hierarchy=1 (or cgroup_no_v1=all)";
    private static final String DELEGATE =
            "put Delegate=yes under [Service] of the node's unit (systemd), or run the node in a group of its own";

    private final Path self;

    /**
     * Makes one.
     *
     * @param self the directory of the node's process in {@code /proc}
     */
    public Hierarchy(Path self) {
        this.self = self;
    }

    /** That of this process. */
    public static Hierarchy ofThisProcess() {
        return new Hierarchy(Path.of("/proc/self"));
    }

    /**
     * The group the node was started in, below which it makes groups.
     *
     * @return its directory
     * @throws IOException if there is none; the message says why, and what would be right
     */
    public Path own() throws IOException {
        List<String> lines = lines("cgroup");
        String path = lines.stream()
                .filter(line -> line.startsWith("0::/"))
                .map(line -> line.substring(3))
                .findFirst()
                .orElseThrow(() -> new IOException(
                        lines.isEmpty()
                                ? "this system has no cgroups; leave it out"
                                : "this machine has cgroup v1 only, and groups need v2; " + UNIFIED));
        Path own = directory(path);
        Path parent = own.getParent();
        return own.endsWith(LEAF) && parent != null ? parent : own;
    }

    /** Below the mount of the hierarchy, which need not show all of it. */
    private Path directory(String path) throws IOException {
        for (String line : lines("mountinfo")) {
            String[] sides = line.split(" - ", 2);
            String[] fields = sides[0].split(" ");
            if (sides.length < 2 || fields.length < 5 || !sides[1].startsWith("cgroup2 ")) {
                continue;
            }
            String root = fields[3].equals("/") ? "" : plain(fields[3]);
            if (path.equals(root) || path.startsWith(root + "/")) {
                String below = path.substring(root.length());
                return Path.of(plain(fields[4]) + below).normalize();
            }
        }
        throw new IOException(
                "the hierarchy of cgroup v2 is not mounted where the node sees it; mount it (mount -t cgroup2"
                        + " none /sys/fs/cgroup), or " + UNIFIED);
    }

    /** The kernel writes what would part the fields in octal. */
    private static String plain(String field) {
        return field.replace("\\040", " ")
                .replace("\\011", "\t")
                .replace("\\012", "\n")
                .replace("\\134", "\\");
    }

    private List<String> lines(String file) {
        try {
            return Files.readAllLines(self.resolve(file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return List.of();
        }
    }

    /**
     * Why no group can be made, as far as that can be seen before.
     *
     * @param controllers what its limits need, as {@code memory}
     * @return a sentence, {@code null} if nothing speaks against it
     */
    public @Nullable String problem(Collection<String> controllers) {
        Path own;
        try {
            own = own();
        } catch (IOException e) {
            return e.getMessage();
        }
        if (!Files.isWritable(own) || !Files.isWritable(own.resolve("cgroup.procs"))) {
            return "the node may not make groups in its own, " + own + "; " + DELEGATE;
        }
        Set<String> there = words(own.resolve("cgroup.controllers"));
        Set<String> lacking = new TreeSet<>(controllers);
        lacking.removeAll(there);
        if (lacking.isEmpty()) {
            return null;
        }
        String which = (lacking.size() == 1 ? "controller " : "controllers ") + String.join(", ", lacking);
        boolean first = lines("cgroup").stream()
                .map(line -> line.split(":", 3))
                .anyMatch(parts ->
                        parts.length == 3 && Arrays.stream(parts[1].split(",")).anyMatch(lacking::contains));
        return which + " cannot be had in the node's group " + own + " (cgroup v2 has "
                + (there.isEmpty() ? "none" : String.join(", ", there)) + " there"
                + (first ? "; this machine gives it to cgroup v1); " + UNIFIED : "); " + DELEGATE);
    }

    /** The words of one of the kernel's files, none if it cannot be read. */
    static Set<String> words(Path file) {
        try {
            return Arrays.stream(
                            Files.readString(file, StandardCharsets.ISO_8859_1).split("\\s+"))
                    .filter(word -> !word.isEmpty())
                    .collect(Collectors.toCollection(TreeSet::new));
        } catch (IOException e) {
            return Set.of();
        }
    }
}
