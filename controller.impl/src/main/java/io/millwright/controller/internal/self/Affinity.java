package io.millwright.controller.internal.self;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.internal.process.linux.LinuxBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The processors the threads of this process run on, by Linux's {@code sched_setaffinity}. The threads that start workers keep
 * those the process was given, and so do workers. Thread-safe.
 */
public final class Affinity {
    private static final Logger LOG = LoggerFactory.getLogger(Affinity.class);
    private static final int BYTES = 1024;
    private static final int EINVAL = 22;
    private static final int ESRCH = 3;
    /** New threads take their maker's processors; one made by a thread that was not reached yet is met in the next round. */
    private static final int ROUNDS = 10;

    private final @Nullable String unavailable;
    private final BitSet given;
    private volatile boolean narrowed;

    /** Notes what the process was given. */
    public Affinity() {
        String why = bind();
        BitSet cpus = new BitSet();
        if (why == null) {
            try {
                cpus = read(0);
            } catch (NodeException e) {
                why = e.getMessage();
            }
        }
        if (cpus.isEmpty()) {
            cpus.set(0, Runtime.getRuntime().availableProcessors());
        }
        unavailable = why;
        given = cpus;
    }

    private static @Nullable String bind() {
        if (!System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("linux")) {
            return "this is " + System.getProperty("os.name") + ", and only Linux' interface is known here";
        }
        try {
            Native.register(Calls.class, NativeLibrary.getProcess());
            return null;
        } catch (VirtualMachineError e) {
            throw e;
        } catch (Error e) {
            // JNA throws all kinds.
            return "JNA cannot be used: " + e.getMessage();
        }
    }

    /** The C library's functions, under their own names. */
    @SuppressWarnings("MemberName")
    private static final class Calls {
        static native int sched_getaffinity(int thread, long size, Memory mask);

        static native int sched_setaffinity(int thread, long size, Memory mask);
    }

    List<Integer> given() {
        return given.stream().boxed().toList();
    }

    List<Integer> get() {
        check();
        return read((int) ProcessHandle.current().pid()).stream().boxed().toList();
    }

    void set(BitSet cpus) {
        check();
        narrowed = true;
        Set<String> done = new HashSet<>();
        boolean more = true;
        for (int round = 0; round < ROUNDS && more; round++) {
            more = false;
            for (String thread : threads()) {
                if (done.add(thread)) {
                    more = true;
                    write(Integer.parseInt(thread), cpus);
                }
            }
        }
        narrowed = !cpus.equals(given);
    }

    /** Gives the calling thread what the process was given, if that was narrowed; what it starts inherits it. */
    public void widenThisThread() {
        if (narrowed) {
            try {
                write(0, given);
            } catch (NodeException e) {
                // A worker on fewer processors is better than none.
                LOG.warn("a worker is started on the controller's processors: {}", e.getMessage());
            }
        }
    }

    private void check() {
        if (unavailable != null) {
            throw new NodeException(ErrorCode.FEATURE_UNAVAILABLE, "processors cannot be chosen here: " + unavailable);
        }
    }

    private static List<String> threads() {
        try (Stream<Path> entries = Files.list(Path.of("/proc/self/task"))) {
            return entries.filter(entry -> !forks(entry))
                    .map(entry -> entry.getFileName().toString())
                    .toList();
        } catch (IOException e) {
            throw new NodeException(ErrorCode.INTERNAL, "the threads of this process cannot be listed: " + e);
        }
    }

    /** Its processes would get what it has; it cannot ask what the process was given, as {@link #widenThisThread} does. */
    private static boolean forks(Path thread) {
        try {
            return Files.readString(thread.resolve("comm")).trim().equals(LinuxBackend.FORK_THREAD);
        } catch (IOException e) {
            // It has ended.
            return false;
        }
    }

    private static BitSet read(int thread) {
        try (Memory mask = new Memory(BYTES)) {
            mask.clear();
            if (Calls.sched_getaffinity(thread, BYTES, mask) < 0) {
                throw new NodeException(
                        ErrorCode.FEATURE_UNAVAILABLE, "sched_getaffinity failed with error " + Native.getLastError());
            }
            return BitSet.valueOf(mask.getByteArray(0, BYTES));
        }
    }

    private static void write(int thread, BitSet cpus) {
        try (Memory mask = new Memory(BYTES)) {
            mask.clear();
            byte[] bytes = cpus.toByteArray();
            mask.write(0, bytes, 0, Math.min(bytes.length, BYTES));
            if (Calls.sched_setaffinity(thread, BYTES, mask) < 0 && Native.getLastError() != ESRCH) {
                throw Native.getLastError() == EINVAL
                        ? new NodeException(
                                ErrorCode.INVALID_ARGUMENT,
                                "this process may use none of the processors " + cpus
                                        + "; the system (cpuset, container) gives it others")
                        : new NodeException(
                                ErrorCode.INTERNAL, "sched_setaffinity failed with error " + Native.getLastError());
            }
        }
    }
}
