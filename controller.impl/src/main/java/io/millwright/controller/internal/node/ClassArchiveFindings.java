package io.millwright.controller.internal.node;

import io.millwright.controller.api.Finding;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether the JVM uses the class-data archive or AOT cache that it was given. It says nothing when it does not, and starts slowly: an archive belongs
 * to jars of one place and one date. Reads {@code /proc}; nothing is found where there is none. Thread-safe.
 */
final class ClassArchiveFindings {
    private static final List<String> OPTIONS = List.of("-XX:SharedArchiveFile=", "-XX:AOTCache=");

    private ClassArchiveFindings() {}

    static List<Finding> all() {
        return all(Path.of("/proc/self"));
    }

    static List<Finding> all(Path process) {
        try {
            String archive = archive(Files.readAllBytes(process.resolve("cmdline")));
            // A remade one stands there under its old name, with a remark behind it.
            if (archive == null || Files.readString(process.resolve("maps")).contains(archive)) {
                return List.of();
            }
            return List.of(Finding.warning(
                    "class-data archive " + archive,
                    "is not used by this JVM, so the node starts slowly: it was made for another"
                            + " place, other jars or another Java, as after an installation is moved, copied or upgraded",
                    "call 'millwright archive' of this installation; the next start of the node takes it"));
        } catch (IOException e) {
            return List.of();
        }
    }

    /** The last one named: it is what the JVM takes. */
    private static @Nullable String archive(byte[] commandLine) {
        String found = null;
        for (String argument : new String(commandLine, StandardCharsets.UTF_8).split("\0")) {
            for (String option : OPTIONS) {
                if (argument.startsWith(option)) {
                    // one for the JDK may stand before it
                    found = argument.substring(
                            Math.max(option.length(), argument.lastIndexOf(File.pathSeparatorChar) + 1));
                }
            }
        }
        return found;
    }
}
