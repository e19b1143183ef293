package io.millwright.launcher;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether there is room for the threads of a node where its user, or its group of processes, may have few. A node that begins without would lack some part
 * or other, and might never be ready.
 */
final class ThreadRoom {
    /** What a node with all bundles of the distribution starts after its JVM has started. */
    private static final int NEEDED = 48;
    /** A thread takes as long to start as to read a file; with more than this nobody is short of them. */
    private static final long FEW = 4096;

    private static final long STACK_BYTES = 64 * 1024;
    private static final Pattern SOFT_LIMIT = Pattern.compile("(?m)^Max processes +(\\d+) ");

    /** The one of version 2, and of version 1 the one that counts processes: where it is mounted, and the group's path in it. */
    private static final Pattern GROUP = Pattern.compile("\\d+:(|pids):(/.*)");

    private ThreadRoom() {}

    /** Fails if the threads of a node cannot be started now; where processes are not limited, or to many, nothing is tried. */
    static void require() throws LauncherException {
        if (!isShort(Path.of("/proc/self/limits"))
                && !isShort(Path.of("/proc/self/cgroup"), Path.of("/sys/fs/cgroup"))) {
            return;
        }
        CountDownLatch end = new CountDownLatch(1);
        List<Thread> started = new ArrayList<>();
        try {
            for (int i = 0; i < NEEDED; i++) {
                Thread thread = new Thread(null, () -> awaitQuietly(end), "millwright-room", STACK_BYTES);
                thread.setDaemon(true);
                thread.start();
                started.add(thread);
            }
        } catch (OutOfMemoryError none) {
            throw LauncherException.failed("there are as many processes and threads as user " + user()
                    + " may have (ulimit -u, TasksMax of its unit, pids.max of its container); a node needs about 70 (missing: "
                    + (NEEDED - started.size()) + ")");
        } finally {
            end.countDown();
        }
    }

    private static String user() {
        String name = System.getProperty("user.name");
        try {
            return "?".equals(name)
                    ? Files.getAttribute(Path.of("/proc/self"), "unix:uid").toString()
                    : name;
        } catch (IOException | UnsupportedOperationException e) {
            return name;
        }
    }

    /** Whether a file like {@code /proc/self/limits} allows the user few processes. */
    static boolean isShort(Path limits) {
        try {
            Matcher soft = SOFT_LIMIT.matcher(Files.readString(limits, StandardCharsets.ISO_8859_1));
            return soft.find() && isFew(soft.group(1));
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Whether the group of processes that this one is in may have few, or one above it.
     *
     * @param own a file like {@code /proc/self/cgroup}
     * @param mounts where the hierarchies of groups are
     */
    static boolean isShort(Path own, Path mounts) {
        try {
            for (String line : Files.readAllLines(own, StandardCharsets.ISO_8859_1)) {
                Matcher group = GROUP.matcher(line);
                if (group.matches() && isShortAbove(mounts.resolve(group.group(1)), group.group(2))) {
                    return true;
                }
            }
        } catch (IOException e) {
            // A system without groups limits nothing by them.
        }
        return false;
    }

    private static boolean isShortAbove(Path hierarchy, String path) {
        for (Path group = Path.of(path); group != null; group = group.getParent()) {
            Path most = hierarchy.resolve(group.toString().substring(1)).resolve("pids.max");
            try {
                if (isFew(Files.readString(most, StandardCharsets.ISO_8859_1).strip())) {
                    return true;
                }
            } catch (IOException none) {
                // The root has no limit, and a container does not see what is above its own group.
            }
        }
        return false;
    }

    private static boolean isFew(String number) {
        return number.matches("\\d{1,9}") && Long.parseLong(number) <= FEW;
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
