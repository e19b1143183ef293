package io.millwright.controller.internal.node;

import io.millwright.controller.api.text.Json;
import io.millwright.options.JsonSyntax;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One file of {@code state/}: a JSON object with a version, replaced as a whole, so that it is the old one or the new one whatever
 * happens. A file that cannot be read is set aside. Blocks; for one thread at a time.
 */
final class StateFile {
    /** What the name of a file ends with that was set aside. */
    static final String BROKEN = ".broken";

    /** A file that could not be written is written again after so long. */
    static final Duration RETRY = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(StateFile.class);
    private static final String VERSION = "version";
    private static final int LARGEST = 64 << 20;

    /** Makes something of what is read. */
    interface Reader<T> {
        /**
         * Reads.
         *
         * @throws RuntimeException if it is not what it should be
         */
        T read(Map<?, ?> document);
    }

    private final Path file;
    private final long version;
    private volatile @Nullable String trouble;

    StateFile(Path file, long version) {
        this.file = file;
        this.version = version;
    }

    /** Why the file is not what the node wanted to write, without a full stop; {@code null} if it is. For any thread. */
    @Nullable
    String trouble() {
        return trouble;
    }

    /** What the file holds; empty if there is none, or if it is broken and was set aside. */
    <T> Optional<T> read(Reader<T> reader) {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            if (!Files.isRegularFile(file) || Files.size(file) > LARGEST) {
                throw new IOException("it is no file of the node");
            }
            Object document = JsonSyntax.structure(Files.readString(file));
            if (!(document instanceof Map<?, ?> map)) {
                throw new IOException("it is no JSON object");
            }
            Object found = map.get(VERSION);
            if (!Long.valueOf(version).equals(found)) {
                throw new IOException("its version is " + found + ", and this node knows " + version);
            }
            return Optional.of(reader.read(map));
        } catch (IOException | RuntimeException e) {
            setAside(e);
            return Optional.empty();
        }
    }

    private void setAside(Exception why) {
        Path aside = file.resolveSibling(file.getFileName() + BROKEN);
        LOG.error("{} cannot be used and is set aside as {}: {}", file, aside.getFileName(), why.toString());
        try {
            Files.move(file, aside, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            trouble = file + " cannot be used (" + why.getMessage() + ") and could not be set aside: " + e;
        }
    }

    /** Replaces it; if that fails, what was there before stays, and the trouble says why. */
    void write(Map<String, ?> content) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put(VERSION, version);
        document.putAll(content);
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try {
            try (FileChannel out = FileChannel.open(
                    fresh, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = ByteBuffer.wrap((Json.write(document) + "\n").getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    out.write(bytes);
                }
                // Else a machine that loses its power may have the new name and nothing in it.
                out.force(false);
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            trouble = null;
        } catch (IOException e) {
            if (trouble == null) {
                LOG.warn("{} could not be written: {}", file, e.toString());
            }
            trouble = file + " could not be written: " + e;
        }
    }
}
