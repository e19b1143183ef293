package io.millwright.worker.natives.internal;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has class-data archives of the worker runtime made, in the background and one after the other: a JVM plays a worker's start through, and
 * writes what it has loaded. Without an archive workers start all the same, a little slower. Thread-safe.
 */
final class Archivist {
    /** Workers that are being started come first. */
    private static final long DELAY_SECONDS = 10;

    private static final long PATIENCE_SECONDS = 60;
    private static final Logger LOG = LoggerFactory.getLogger(Archivist.class);

    private final ScheduledThreadPoolExecutor thread;
    private final Set<Path> requested = new HashSet<>();
    private @Nullable Process process;
    private boolean closed;

    Archivist() {
        thread = new ScheduledThreadPoolExecutor(1, task -> {
            Thread made = new Thread(task, "millwright-worker-archive");
            made.setDaemon(true);
            return made;
        });
        thread.setKeepAliveTime(1, TimeUnit.SECONDS);
        thread.allowCoreThreadTimeOut(true);
    }

    /** Asks for an archive; the second time nothing. */
    synchronized void request(Path java, List<Path> classPath, List<String> rehearsal, Path archive) {
        if (!closed && requested.add(archive)) {
            thread.schedule(() -> make(java, classPath, rehearsal, archive), DELAY_SECONDS, TimeUnit.SECONDS);
        }
    }

    /**
     * Makes it.
     *
     * @param classPath what JVMs that use it have first on their class paths
     * @param rehearsal the class that plays a start, and its arguments
     */
    void make(Path java, List<Path> classPath, List<String> rehearsal, Path archive) {
        try {
            // In the archive's own folder: the JVM that plays a worker has a socket there.
            Path part = Files.createTempDirectory(archive.getParent(), "archive");
            try {
                Path made = part.resolve("made-" + archive.getFileName());
                int code = run(part, java, classPath, rehearsal, made);
                if (code == 0 && Files.exists(made)) {
                    // Workers of other users read it too; there is nothing in it that is not in the installation.
                    Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("r--r--r--"));
                    Files.move(made, archive, StandardCopyOption.ATOMIC_MOVE);
                } else {
                    LOG.info("no class-data archive for workers with {}: the JVM ended with {}", java, code);
                }
            } finally {
                remove(part);
            }
        } catch (IOException e) {
            LOG.info("no class-data archive for workers with {}: {}", java, e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private int run(Path folder, Path java, List<Path> classPath, List<String> rehearsal, Path made)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(java.toString(), ArchiveOptions.make(made), "-XX:-UsePerfData", "-Xlog:disable", "-cp"));
        command.add(classPath.stream().map(Path::toString).collect(Collectors.joining(":")));
        command.addAll(rehearsal);
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.to(new File("/dev/null")));
        Process started;
        synchronized (this) {
            if (closed) {
                return -1;
            }
            started = builder.start();
            process = started;
        }
        try {
            return started.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) ? started.exitValue() : -1;
        } finally {
            end(started);
        }
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(one);
            }
        }
    }

    /** Ends what is on its way; nothing more is made. */
    void close() {
        Process running;
        synchronized (this) {
            closed = true;
            running = process;
        }
        thread.shutdownNow();
        if (running != null) {
            end(running);
        }
    }

    /** With the JVM that it has had write the archive. */
    private static void end(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
