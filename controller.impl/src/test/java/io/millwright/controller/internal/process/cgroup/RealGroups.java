package io.millwright.controller.internal.process.cgroup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** Tells whether tests can make groups of the kernel's here. */
public final class RealGroups {
    private RealGroups() {}

    /** Skips the test, loudly, on a machine where none can be made. */
    public static void require() {
        String problem = Hierarchy.ofThisProcess().problem(java.util.List.of());
        if (problem != null) {
            System.err.println("SKIPPED, for no group can be made here: " + problem);
        }
        Assumptions.assumeTrue(problem == null, String.valueOf(problem));
    }

    /** The groups that a node directory's run directory tells of and that are there. */
    public static java.util.List<Path> noted(Path runDirectory) throws IOException {
        return Files.exists(runDirectory) ? LeftGroups.read(runDirectory) : java.util.List.of();
    }
}
