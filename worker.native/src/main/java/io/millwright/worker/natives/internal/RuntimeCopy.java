package io.millwright.worker.natives.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** A copy of the worker runtime in a folder of its own, with a class-data archive for each JVM that has run it. Thread-safe. */
final class RuntimeCopy {
    static final String JAR = "runtime.jar";
    private static final String REHEARSAL = "io.millwright.worker.runtime.internal.Rehearsal";
    private static final String ROUTER_REHEARSAL = "io.millwright.worker.router.RouterRehearsal";
    private static final String CONTAINER_REHEARSAL = "io.millwright.worker.runtime.container.ContainerRehearsal";

    /** What a JVM has first on its class path, by which an archive is good for it. */
    enum Part {
        /** The runtime alone. */
        PROGRAM(JAR),
        /** A container, with its framework. */
        CONTAINER(JAR, "container.jar"),
        /** A router. */
        ROUTER(JAR, "router.jar");

        private final List<String> files;

        Part(String... files) {
            this.files = List.of(files);
        }
    }

    private final Path folder;
    private final Archivist archivist;
    private final Map<String, Path> archives = new ConcurrentHashMap<>();

    RuntimeCopy(Path folder, Archivist archivist) {
        this.folder = folder;
        this.archivist = archivist;
    }

    /** The jar. */
    Path jar() {
        return file(JAR);
    }

    /** A file of the copy. */
    Path file(String name) {
        return folder.resolve(name);
    }

    boolean isThere() {
        return Files.exists(jar());
    }

    /** Writes the files unless they are there, each whole or not at all, also if two do it at once; the last one is {@link #JAR}. */
    void make(Map<String, byte[]> files) throws IOException {
        if (isThere()) {
            return;
        }
        for (Map.Entry<String, byte[]> one : files.entrySet()) {
            Path file = file(one.getKey());
            Files.createDirectories(file.getParent());
            Path part = Files.createTempFile(folder, "copy", ".part");
            try {
                Files.write(part, one.getValue());
                // A worker of another user reads it too; there is nothing in it that is not in the installation.
                Files.setPosixFilePermissions(part, PosixFilePermissions.fromString("rw-r--r--"));
                Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(part);
            }
        }
    }

    /** What a JVM has first on its class path. */
    List<Path> classPath(Part part) {
        return part.files.stream().map(this::file).toList();
    }

    /** The archive for a JVM; empty while there is none, then it is made for the starts to come. */
    Optional<Path> archive(Path java, Part part) {
        Path archive = archives.computeIfAbsent(part + " " + java, key -> name(java, part));
        if (Files.exists(archive)) {
            return Optional.of(archive);
        }
        archivist.request(java, classPath(part), rehearsal(part), archive);
        return Optional.empty();
    }

    /** The program that plays a start, and its arguments. */
    List<String> rehearsal(Part part) {
        return switch (part) {
            case PROGRAM -> List.of(REHEARSAL);
            case CONTAINER -> List.of(CONTAINER_REHEARSAL);
            case ROUTER -> List.of(ROUTER_REHEARSAL);
        };
    }

    /** An archive is good for one build of a JVM, which its file {@code release} describes. */
    private Path name(Path java, Part part) {
        try {
            Path real = java.toRealPath();
            Path file = real.resolveSibling("../release").normalize();
            String release = Files.exists(file) ? Files.readString(file, StandardCharsets.ISO_8859_1) : "";
            String build = part + " " + real + release;
            return folder.resolve(
                    RuntimeCopies.hash(build.getBytes(StandardCharsets.UTF_8)) + ArchiveOptions.ending(release));
        } catch (IOException e) {
            // The start will say that there is no such JVM.
            return folder.resolve("none.jsa");
        }
    }
}
