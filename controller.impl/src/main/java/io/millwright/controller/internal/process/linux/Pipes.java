package io.millwright.controller.internal.process.linux;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/** The names of pipes, by which both ends are known as the same. Static functions; reading {@code /proc}. */
final class Pipes {
    private static final String PREFIX = "pipe:";

    private Pipes() {}

    /** The name of a pipe that this JVM has open; empty if it is none. */
    static String name(int fd) {
        return name(Path.of("/proc/self/fd/" + fd));
    }

    /** The names of all pipes a process has open; none if the system does not tell. */
    static Set<String> of(String pid) {
        String directory = "/proc/" + pid + "/fd";
        String[] descriptors = new File(directory).list();
        Set<String> names = new HashSet<>();
        for (String descriptor : descriptors == null ? new String[0] : descriptors) {
            String name = name(Path.of(directory, descriptor));
            if (!name.isEmpty()) {
                names.add(name);
            }
        }
        return names;
    }

    private static String name(Path link) {
        try {
            String name = Files.readSymbolicLink(link).toString();
            return name.startsWith(PREFIX) ? name : "";
        } catch (IOException e) {
            return "";
        }
    }
}
