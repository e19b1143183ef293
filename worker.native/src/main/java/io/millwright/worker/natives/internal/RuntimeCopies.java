package io.millwright.worker.natives.internal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The copies of the worker runtime in node directories. Each is in a folder that is named by its content and never written again, so that
 * a new version of the bundle takes no class from under a worker that runs. Thread-safe.
 */
final class RuntimeCopies {
    /** The one that is written last comes last: it tells that all are there. */
    private static final List<String> RESOURCES = List.of("container.jar", "router.jar", RuntimeCopy.JAR);

    private static final int HASH_BYTES = 8;

    private final Map<Path, RuntimeCopy> copies = new ConcurrentHashMap<>();
    private final Archivist archivist = new Archivist();

    /**
     * The copy in a node directory; made if it is not there.
     *
     * @throws UncheckedIOException if it cannot be made
     */
    RuntimeCopy in(Path nodeDirectory) {
        RuntimeCopy copy = copies.get(nodeDirectory);
        if (copy != null && copy.isThere()) {
            return copy;
        }
        try {
            Map<String, byte[]> files = new LinkedHashMap<>();
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            for (String one : RESOURCES) {
                byte[] bytes = read(one);
                files.put(one, bytes);
                all.write(bytes);
            }
            Path folder = nodeDirectory.resolve("cache/runtime").resolve(hash(all.toByteArray()));
            RuntimeCopy made = new RuntimeCopy(folder, archivist);
            made.make(files);
            copies.put(nodeDirectory, made);
            return made;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "the worker runtime cannot be copied to " + nodeDirectory.resolve("cache/runtime") + ": " + e, e);
        }
    }

    private static byte[] read(String resource) throws IOException {
        try (InputStream in = RuntimeCopies.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IOException("the bundle has no " + resource);
            }
            return in.readAllBytes();
        }
    }

    static String hash(byte[] bytes) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
            return HexFormat.of().formatHex(hash, 0, HASH_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JVM has no SHA-256", e);
        }
    }

    /** Ends what is on its way. */
    void close() {
        archivist.close();
    }
}
