package io.millwright.launcher;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The folder a node lives in: its layout, and what must hold before a node may start there. Immutable and thread-safe;
 * methods block on the file system.
 *
 * @param path absolute path
 */
record NodeDirectory(Path path) {

    /**
     * Longest path of the node's socket in bytes: what the JDK can bind on every supported system. The bundle of the socket
     * ({@code SocketFile} of shell.local) and its clients have the same limit.
     */
    static final int MAX_SOCKET_PATH = 100;

    private static final int MOST_NAMED = 5;
    private static final List<String> CONFIGURATION_FILES = List.of("node.json", "node.yaml", "node.yml");
    private static final List<String> PUBLIC_FOLDERS = List.of("etc", "deploy", "log", "cache");
    private static final List<String> PRIVATE_FOLDERS = List.of("run", "key", "config");
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");

    Path etc() {
        return path.resolve("etc");
    }

    Path deploy() {
        return path.resolve("deploy");
    }

    Path config() {
        return path.resolve("config");
    }

    Path cache() {
        return path.resolve("cache");
    }

    Path run() {
        return path.resolve("run");
    }

    /** Refuses what is no directory, has no configuration, or holds a path nothing could work with. */
    void requireConfigured() throws LauncherException {
        if (!Files.exists(path)) {
            throw LauncherException.failed("node directory " + path + " does not exist; '" + init() + "' makes one");
        }
        if (!Files.isDirectory(path)) {
            throw LauncherException.failed(path + " is not a directory; a node directory is expected");
        }
        if (!Files.isReadable(path) || !Files.isExecutable(path)) {
            throw LauncherException.failed("node directory " + path + " cannot be read by user "
                    + System.getProperty("user.name") + "; run the node as its owner or change its mode");
        }
        if (path.toString().indexOf(',') >= 0) {
            throw LauncherException.failed("node directory " + path
                    + " has a comma in its path, where bundle and configuration folders are listed with commas;"
                    + " rename it");
        }
        if (!isConfigured()) {
            throw LauncherException.failed("node directory " + path
                    + " has no configuration (no node.json or node.yaml, nothing in etc/); '" + init() + "' makes one");
        }
    }

    private boolean isConfigured() throws LauncherException {
        return CONFIGURATION_FILES.stream().anyMatch(name -> Files.exists(path.resolve(name)))
                || holdsConfigurations(etc())
                || holdsConfigurations(config());
    }

    private static boolean holdsConfigurations(Path folder) throws LauncherException {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .anyMatch(name -> name.endsWith(".cfg") || name.endsWith(".config"));
        } catch (IOException | java.io.UncheckedIOException e) {
            throw LauncherException.failed("cannot list " + folder + ": " + Reason.of(e));
        }
    }

    private String init() {
        return "millwright init " + path;
    }

    /** Creates the folders a running node needs, with their modes. */
    void prepare() throws LauncherException {
        int length = run().resolve("node.sock").toString().getBytes(StandardCharsets.UTF_8).length;
        if (length > MAX_SOCKET_PATH) {
            throw LauncherException.failed("the path of the node's socket would be " + length + " bytes long (" + run()
                    + "/node.sock), the system takes " + MAX_SOCKET_PATH
                    + "; move the node directory to a path at least " + (length - MAX_SOCKET_PATH)
                    + " bytes shorter");
        }
        for (String name : PUBLIC_FOLDERS) {
            create(path.resolve(name));
        }
        for (String name : PRIVATE_FOLDERS) {
            Path folder = path.resolve(name);
            boolean isNew = Files.notExists(folder);
            create(folder);
            restrict(folder, isNew);
        }
        requireOwnFiles();
        requireOrdinaryLog();
    }

    /** Refuses what is no file where the node's log is to be: a thread that opens a FIFO waits until it is read. */
    private void requireOrdinaryLog() throws LauncherException {
        Path log = path.resolve("log/node.log");
        if (Files.exists(log) && !Files.isRegularFile(log)) {
            throw LauncherException.failed(
                    log + " is a folder, FIFO, socket or device; the node writes its log there, move it away");
        }
    }

    /** Refuses files that a node of another user, root mostly, has left and this one could not write. */
    private void requireOwnFiles() throws LauncherException {
        List<String> foreign = new ArrayList<>();
        for (String name : List.of("log", "log/workers", "run", "key", "config", "state", "cache", "cache/framework")) {
            Path folder = path.resolve(name);
            if (!Files.isDirectory(folder)) {
                continue;
            }
            try (Stream<Path> files = Files.list(folder)) {
                files.filter(file -> !Files.isSymbolicLink(file) && !Files.isWritable(file) && !isOwn(file))
                        .forEach(file -> foreign.add(path.relativize(file).toString()));
            } catch (IOException | java.io.UncheckedIOException e) {
                throw LauncherException.failed("cannot list " + folder + ": " + Reason.of(e));
            }
        }
        if (!foreign.isEmpty()) {
            String user = System.getProperty("user.name");
            throw LauncherException.failed("user " + user + " may not write to " + foreign.size()
                    + " file(s) of node directory " + path + " that a node of another user has left: "
                    + String.join(", ", foreign.subList(0, Math.min(MOST_NAMED, foreign.size())))
                    + (foreign.size() > MOST_NAMED ? ", ..." : "") + "; 'chown -R " + user + " " + path
                    + "', by root, mends that");
        }
    }

    private static boolean isOwn(Path file) {
        try {
            return Files.getOwner(file).getName().equals(System.getProperty("user.name"));
        } catch (IOException | UnsupportedOperationException e) {
            return true;
        }
    }

    private void create(Path folder) throws LauncherException {
        try {
            Files.createDirectories(folder);
        } catch (FileAlreadyExistsException e) {
            throw LauncherException.failed(folder + " is not a directory; the node needs one of that name");
        } catch (AccessDeniedException e) {
            throw notWritable(e);
        } catch (IOException e) {
            throw LauncherException.failed("cannot create " + folder + ": " + Reason.of(e));
        }
        if (!Files.isWritable(folder)) {
            throw LauncherException.failed("node directory " + path + " is not writable: user "
                    + System.getProperty("user.name") + " may not write to " + folder);
        }
    }

    private LauncherException notWritable(IOException e) {
        return LauncherException.failed("node directory " + path + " is not writable by user "
                + System.getProperty("user.name") + ": " + Reason.of(e));
    }

    private static void restrict(Path folder, boolean isNew) throws LauncherException {
        try {
            PosixFileAttributeView view = Files.getFileAttributeView(folder, PosixFileAttributeView.class);
            Set<PosixFilePermission> before =
                    view == null ? OWNER_ONLY : view.readAttributes().permissions();
            if (view != null && !before.equals(OWNER_ONLY)) {
                view.setPermissions(OWNER_ONLY);
                if (isNew) {
                    return;
                }
                Console.info("nobody but its owner may read " + folder + " any more, it is for secrets (mode "
                        + PosixFilePermissions.toString(before) + " is now rwx------)");
            }
        } catch (IOException e) {
            throw LauncherException.failed(
                    "cannot make " + folder + " readable by its owner only (mode 0700): " + Reason.of(e));
        }
    }
}
