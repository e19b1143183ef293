package io.millwright.controller.internal.node;

import io.millwright.controller.api.Finding;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Whether the file that the node's own log is written to still has its name: if it was removed or moved, what the node says goes
 * where nobody looks. Reads {@code /proc}; nothing is found where there is none. Thread-safe.
 */
final class NodeLogFindings {
    private static final String NAME = "node.log";
    private static final String REMOVED = " (deleted)";

    private NodeLogFindings() {}

    static List<Finding> all(Path nodeDirectory) {
        return all(nodeDirectory, Path.of("/proc/self/fd"));
    }

    static List<Finding> all(Path nodeDirectory, Path descriptors) {
        List<Finding> findings = new ArrayList<>();
        try (Stream<Path> open = Files.list(descriptors)) {
            Path folder = nodeDirectory.resolve("log").toRealPath();
            open.forEach(descriptor -> {
                Path file = target(descriptor);
                String name = String.valueOf(file.getFileName());
                if (folder.equals(file.getParent()) && name.startsWith(NAME) && !name.equals(NAME)) {
                    findings.add(finding(
                            name.endsWith(REMOVED)
                                    ? "was removed, and what the node says is lost"
                                    : "was renamed, and what the node says goes to log/" + name));
                }
            });
        } catch (IOException | UncheckedIOException e) {
            // No such folder, or no open file for it, which is a finding of its own.
        }
        return findings;
    }

    /** What a descriptor stands for; nothing if it was closed meanwhile. */
    private static Path target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor);
        } catch (IOException e) {
            return Path.of("");
        }
    }

    private static Finding finding(String what) {
        return Finding.error(
                "log/" + NAME,
                what + ", while it runs",
                "remove what is in its place and restart the node, which opens a new one; leave the file alone, it rotates by itself");
    }
}
