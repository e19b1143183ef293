package io.millwright.controller.internal.node;

import io.millwright.controller.api.Finding;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.worker.WorkerType;
import io.millwright.controller.internal.options.NodeOptions;
import io.millwright.options.NearestKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is wrong in the node directory: folders others may write, files in {@code etc/} that nothing reads. For one thread. */
public final class DirectoryFindings {
    private static final String WORKER = "io.millwright.worker.";
    private static final String RIGHT = "name it " + WORKER + "TYPE-ID.cfg";
    private static final int STICKY = 01000;
    /** No file with options is larger; only its beginning is searched for the worker's id. */
    private static final int MOST = 1 << 20;

    private final Path directory;
    private final List<Finding> findings = new ArrayList<>();

    DirectoryFindings(Path directory) {
        this.directory = directory;
    }

    List<Finding> all() {
        writable(directory);
        for (String name :
                List.of("node.json", "node.yaml", "etc", "config", "deploy", "cache", "run", "state", "key", "log")) {
            writable(directory.resolve(name));
        }
        setAside();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory.resolve("etc"))) {
            for (Path file : files) {
                if (Files.isRegularFile(file)) {
                    writable(file);
                    Finding wrong = ofName(file);
                    if (wrong != null) {
                        findings.add(wrong);
                    }
                } else {
                    noFile(file);
                }
            }
        } catch (NoSuchFileException e) {
            // a node without it, or in a Karaf, whose etc/ is its own
        } catch (IOException | DirectoryIteratorException e) {
            findings.add(unreadable("etc/", e));
        }
        return findings;
    }

    /** What has the name of a configuration and is no file is not read, and nobody else says so. */
    private void noFile(Path path) {
        String name = String.valueOf(path.getFileName());
        if (!name.startsWith("io.millwright.") || !name.endsWith(".cfg") && !name.endsWith(".config")) {
            return;
        }
        String what = Files.isDirectory(path)
                ? "a folder"
                : Files.isSymbolicLink(path) && !Files.exists(path)
                        ? "a link that leads nowhere"
                        : "a pipe, socket or device";
        findings.add(Finding.warning(
                "file etc/" + name, "is not read: it is " + what, "put a file in its place, or remove it"));
    }

    /** A folder that could not be read: for want of open files, which is a finding of its own, or of a right. */
    public static Finding unreadable(String folder, Exception why) {
        boolean full = String.valueOf(why.getMessage()).contains("Too many open files");
        return Finding.error(
                folder,
                "cannot be read: " + why,
                full ? "see what is said of the open files" : "let the node's user read it");
    }

    private void setAside() {
        try (DirectoryStream<Path> files =
                Files.newDirectoryStream(directory.resolve("state"), "*" + StateFile.BROKEN)) {
            for (Path file : files) {
                findings.add(Finding.warning(
                        "state/" + file.getFileName(),
                        "was set aside when the node started, for it could not be used; log/node.log says why",
                        "remove it when it is not needed any more; what was in it is not known to the node"));
            }
        } catch (IOException | DirectoryIteratorException e) {
            // a node that keeps nothing yet
        }
    }

    private void writable(Path path) {
        try {
            Set<PosixFilePermission> mode = Files.getPosixFilePermissions(path);
            boolean sticky = Files.getAttribute(path, "unix:mode") instanceof Integer bits && (bits & STICKY) != 0;
            if (mode.contains(PosixFilePermission.OTHERS_WRITE) && !sticky) {
                findings.add(Finding.error(
                        path.toString(),
                        "may be written by every user of the machine, who could run programs as the node's user",
                        "chmod o-w '" + path + "'"));
            }
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            // it is not there, or has no such modes
        }
    }

    /**
     * What is wrong with the name of a file of {@code etc/}. Blocks for the disk.
     *
     * @return {@code null} if nothing is
     */
    public static @Nullable Finding ofName(Path file) {
        String name = String.valueOf(file.getFileName());
        if (!name.startsWith("io.millwright")) {
            return null;
        }
        int dot = name.lastIndexOf('.');
        String pid = name.substring(0, dot);
        String ending = name.substring(dot);
        String subject = "file etc/" + name;
        if (!ending.equals(".cfg") && !ending.equals(".config")) {
            return Finding.warning(
                    subject,
                    "is not read: its name ends neither in .cfg nor in .config",
                    "give it one of those endings");
        } else if (pid.startsWith(WORKER)) {
            String trouble = worker(file, pid.substring(WORKER.length()));
            return trouble == null ? null : Finding.error(subject, "configures no worker: " + trouble, RIGHT);
        } else if (!pid.equals(NodeOptions.PID) && !(pid + ".").startsWith("io.millwright.remote.")) {
            String nearest = NearestKey.find(pid, List.of(NodeOptions.PID, WORKER + "guest-ID"));
            return Finding.warning(
                    subject,
                    "configures nothing: nothing of the node is called " + pid,
                    nearest == null ? RIGHT + ", or " + NodeOptions.PID + ".cfg" : "did you mean " + nearest + "?");
        }
        return null;
    }

    private static @Nullable String worker(Path file, String rest) {
        int minus = separator(rest);
        String type = minus < 0 ? rest : rest.substring(0, minus);
        if (!type.matches(WorkerType.NAME_PATTERN)) {
            return "'" + type + "' in its name is no worker type";
        } else if (minus < 0) {
            return "its name has no worker id after the type";
        } else if (names(file)) {
            return null;
        }
        try {
            new WorkerId(rest.substring(minus + 1));
            return null;
        } catch (NodeException e) {
            return e.getMessage();
        }
    }

    private static int separator(String rest) {
        int minus = rest.indexOf('-');
        int tilde = rest.indexOf('~');
        return minus < 0 ? tilde : tilde < 0 ? minus : Math.min(minus, tilde);
    }

    /** Whether the file itself says the worker's id. */
    private static boolean names(Path file) {
        try {
            return Files.isRegularFile(file)
                    && Files.size(file) < MOST
                    && new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                            .lines()
                            .anyMatch(line -> line.strip().startsWith("worker.id"));
        } catch (IOException e) {
            return false;
        }
    }
}
