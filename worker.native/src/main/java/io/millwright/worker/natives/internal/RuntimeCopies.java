package io.millwright.worker.natives.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The copies of the worker runtime in node directories. Each is in a folder that is named by its content and never written again, so that
 * a new version of the bundle takes no class from under a worker that runs. Thread-safe.
 */
final class RuntimeCopies {
    private static final String RESOURCE = "runtime.jar";
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
        try (InputStream in = RuntimeCopies.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IOException("the bundle has no " + RESOURCE);
            }
            byte[] jar = in.readAllBytes();
            Path folder = nodeDirectory.resolve("cache/runtime").resolve(hash(jar));
            RuntimeCopy made = new RuntimeCopy(folder, archivist);
            made.make(jar);
            copies.put(nodeDirectory, made);
            return made;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "the worker runtime cannot be copied to " + nodeDirectory.resolve("cache/runtime") + ": "
                            + e.getMessage(),
                    e);
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
