package io.millwright.controller.internal.process.backend;

import io.millwright.controller.internal.process.ProcessBackend;
import io.millwright.controller.internal.process.cgroup.WorkerGroups;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A node in miniature, for a JVM of its own: {@code RUNDIR NONCE COUNT SCRIPT KIND [groups]}. Starts workers, each in a
 * group of the kernel's if that is asked for, tells of each, then waits for the end of its input, or, with count 1, for the end of the worker, whose output it prints.
 */
public final class NodeMain {
    private NodeMain() {}

    public static void main(String[] args) throws IOException {
        ProcessBackend backend = Kind.valueOf(args[4]).open(args[1], Path.of(args[0]), Duration.ofSeconds(2));
        WorkerGroups groups = args.length > 5 ? new WorkerGroups(Path.of(args[0])) : null;
        int count = Integer.parseInt(args[2]);
        List<Running> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            try {
                all.add(
                        groups == null
                                ? Running.sh(backend, "w" + i, args[3])
                                : EnclosureTest.start(backend, groups, "w" + i, args[3]));
            } catch (IOException e) {
                System.out.println("refused: " + e.getMessage());
                break;
            }
            if (count > 1) {
                System.out.println("started " + i);
            }
        }
        if (count == 1) {
            System.out.print(all.get(0).output());
        } else {
            System.out.println("all");
            while (System.in.read() >= 0) {
                // Only the end is of interest.
            }
        }
        all.forEach(running -> Running.get(running.process().endTree()));
        backend.close();
        System.out.println("closed");
    }

    /** The command that runs this class with this JVM and class path. */
    public static List<String> command(Kind kind, Path directory, String nonce, int count, String script) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xshare:auto",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                NodeMain.class.getName(),
                directory.toString(),
                nonce,
                Integer.toString(count),
                script,
                kind.name());
    }
}
