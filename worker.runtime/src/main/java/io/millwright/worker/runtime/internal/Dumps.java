package io.millwright.worker.runtime.internal;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;

/** Files with the worker's memory or recordings: in the node directory, for the node's user alone, by names that no caller chooses. */
final class Dumps {
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss-SSS").withZone(ZoneOffset.UTC);

    private final Birth birth;

    Dumps(Birth birth) {
        this.birth = birth;
    }

    /** A file that is not there yet, in a folder that is there. */
    Path newFile(String ending) throws IOException {
        Path folder = birth.nodeDirectory().resolve("log/dumps");
        Files.createDirectories(folder.getParent());
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        return folder.resolve(birth.id() + "-" + birth.run() + "-" + STAMP.format(Instant.now()) + ending);
    }

    /** What a caller is told of a file. */
    static Map<String, Object> finished(Path file) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("file", file.toString());
        told.put("bytes", Files.size(file));
        return told;
    }

    /** Writes the heap; live objects only or all. The JVM makes the file for its owner alone. */
    Map<String, Object> heap(boolean live) throws IOException {
        Path file = newFile(".hprof");
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class).dumpHeap(file.toString(), live);
        return finished(file);
    }
}
