package io.millwright.controller.internal.process.linux;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import io.millwright.controller.api.worker.LaunchPlan;
import io.millwright.controller.internal.process.Launch;
import io.millwright.controller.internal.process.Launch.Output;
import io.millwright.controller.internal.process.LaunchSize;
import io.millwright.controller.internal.process.RawText;
import io.millwright.controller.internal.process.SystemPath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Makes processes with posix_spawn: a session of their own, default signals, an empty mask and exactly the descriptors 0, 1
 * and 2. Thread-safe; a spawn blocks until the program is executed.
 */
final class Spawner implements AutoCloseable {
    /** More than any posix_spawnattr_t or sigset_t takes. */
    private static final int STRUCT_SIZE = 1024;

    private static final int FILE_MODE = 0640;
    private static final String SHELL = "/bin/sh";

    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private final long attributes;
    /** Shared by all who read nothing or write to nowhere. */
    private final int nullFd;
    /** The write end of a pipe that nobody reads, shared. */
    private final int brokenPipe;

    /** The hard limit of file locks, which is left as it is. */
    private final long mostLocks;

    private final OpenFiles openFiles = new OpenFiles();
    private final Forkers forkers;
    private boolean closed;

    /**
     * Prepares what all spawns share.
     *
     * @param forkers how many {@link Forkers} spawn; with none, the calling thread does
     */
    Spawner(int forkers) throws IOException {
        attributes = Native.malloc(STRUCT_SIZE * 2L);
        if (attributes == 0) {
            throw new IOException("no memory");
        }
        try {
            long set = attributes + STRUCT_SIZE;
            int error = LibC.posix_spawnattr_init(attributes);
            error |= LibC.posix_spawnattr_setflags(
                    attributes, (short) (LibC.SPAWN_SETSID | LibC.SPAWN_SETSIGDEF | LibC.SPAWN_SETSIGMASK));
            error |= LibC.sigfillset(set) | LibC.posix_spawnattr_setsigdefault(attributes, set);
            error |= LibC.sigemptyset(set) | LibC.posix_spawnattr_setsigmask(attributes, set);
            if (error != 0) {
                throw new IOException("posix_spawn does not know the attributes it needs");
            }
            nullFd = openNull(set);
        } catch (IOException | RuntimeException | Error e) {
            Native.free(attributes);
            throw e;
        }
        LibC.prlimit(0, LibC.RLIMIT_LOCKS, 0, attributes + STRUCT_SIZE);
        mostLocks = new Pointer(attributes + STRUCT_SIZE).getLong(Long.BYTES);
        brokenPipe = openBrokenPipe(attributes + STRUCT_SIZE);
        byte[] nowhere = "/".getBytes(StandardCharsets.US_ASCII);
        // Executing a directory fails.
        try (SpawnBlock rehearsal = new SpawnBlock(nowhere, nowhere, List.of(nowhere), List.of())) {
            this.forkers = new Forkers(forkers, rehearsal, attributes, nullFd, brokenPipe);
        }
    }

    /** Opens /dev/null until its number is above 2: the descriptors 0 to 2 of this JVM may have been closed. */
    private static int openNull(long scratch) throws IOException {
        new Pointer(scratch).setString(0, "/dev/null");
        int fd;
        do {
            fd = LibC.open(scratch, LibC.O_RDWR | LibC.O_CLOEXEC, 0);
            if (fd < 0) {
                throw Descriptors.failure("cannot open /dev/null");
            }
        } while (fd <= 2);
        return fd;
    }

    private int openBrokenPipe(long scratch) throws IOException {
        if (LibC.pipe2(scratch, LibC.O_CLOEXEC) != 0) {
            IOException failure = Descriptors.failure("cannot make a pipe");
            close();
            throw failure;
        }
        LibC.close(new Pointer(scratch).getInt(0));
        return new Pointer(scratch).getInt(Integer.BYTES);
    }

    static boolean hasInput(LaunchPlan.Input input) {
        return input.keepOpen() || input.data().length > 0;
    }

    /**
     * Makes a process.
     *
     * @param launch what to start; its texts were checked
     * @param environment the whole environment, {@code NAME=value} each
     * @param mark its soft limit of file locks
     * @return the process, running
     * @throws IOException if it cannot be made; nothing is left behind
     */
    Child spawn(Launch launch, List<byte[]> environment, long mark) throws IOException {
        Lock reading = lock.readLock();
        reading.lock();
        try {
            if (closed) {
                throw new IOException("the process backend is closed");
            }
            List<byte[]> arguments = new ArrayList<>();
            arguments.add(SystemPath.bytes(launch.program()));
            List<String> command = launch.plan().command();
            command.subList(1, command.size()).forEach(word -> arguments.add(RawText.encode(word)));
            try (SpawnBlock block = new SpawnBlock(
                    SystemPath.bytes(launch.plan().directory()), RawText.encode(SHELL), arguments, environment)) {
                block.limitLocks(mark, mostLocks);
                return spawn(launch, block);
            }
        } finally {
            reading.unlock();
        }
    }

    private Child spawn(Launch launch, SpawnBlock block) throws IOException {
        try (Descriptors descriptors = new Descriptors(block.scratch())) {
            int in = nullFd;
            int ourIn = -1;
            if (hasInput(launch.plan().input())) {
                Descriptors.Pipe pipe = descriptors.pipe(true);
                in = pipe.child();
                ourIn = pipe.our();
            }
            Descriptors.Pipe out = output(launch.stdout(), descriptors);
            Descriptors.Pipe err = output(launch.stderr(), descriptors);
            openFiles.opened(Math.max(ourIn, Math.max(out.our(), err.our())));
            block.limitOpenFiles(launch.ownOpenFiles() ? 0 : openFiles.limit());
            int error = spawn(launch, block, in, out.child(), err.child());
            descriptors.closeChilds();
            if (error != 0) {
                throw refused(launch, error);
            }
            int pid = block.pid();
            int pidfd = LibC.pidfdOpen(pid);
            if (pidfd < 0) {
                IOException failure = Descriptors.failure("cannot watch " + launch.program() + ", it was ended again");
                end(pid, block.scratch());
                throw failure;
            }
            descriptors.keepOurs();
            return new Child(pid, pidfd, ourIn, out.our(), err.our());
        }
    }

    private int spawn(Launch launch, SpawnBlock block, int in, int out, int err) throws IOException {
        if (launch.sockets().isEmpty()) {
            return forkers.spawn(block, attributes, in, out, err);
        }
        // In this thread: what a forker fetches from the node's table gets low numbers, which are the child's own.
        try (ListenerSocket.Handed handed = ListenerSocket.hand(launch.sockets())) {
            block.hand(handed.descriptors());
            return block.spawn(attributes, in, out, err);
        }
    }

    private Descriptors.Pipe output(Output output, Descriptors descriptors) throws IOException {
        if (output instanceof Output.Pipe) {
            return descriptors.pipe(false);
        }
        if (output instanceof Output.ToFile file) {
            file.requireRegular();
            return new Descriptors.Pipe(openFile(file.file(), descriptors), -1);
        }
        return new Descriptors.Pipe(output instanceof Output.Closed ? brokenPipe : nullFd, -1);
    }

    private static int openFile(Path file, Descriptors descriptors) throws IOException {
        byte[] name = SystemPath.bytes(file);
        long memory = Native.malloc(name.length + 1L);
        if (memory == 0) {
            throw new IOException("no memory");
        }
        try {
            Pointer pointer = new Pointer(memory);
            pointer.write(0, name, 0, name.length);
            pointer.setByte(name.length, (byte) 0);
            int flags = LibC.O_WRONLY | LibC.O_APPEND | LibC.O_CREAT | LibC.O_CLOEXEC | LibC.O_NOCTTY;
            return descriptors.childs(LibC.open(memory, flags, FILE_MODE), "cannot open " + file + " for output");
        } finally {
            Native.free(memory);
        }
    }

    private static IOException refused(Launch launch, int error) {
        Path directory = launch.plan().directory();
        String why = LibC.text(error);
        if (!Files.isDirectory(directory)) {
            why += "; the working directory " + directory
                    + (Files.exists(directory) ? " is not a directory" : " does not exist");
        } else if (error == LibC.ENOENT && Files.exists(launch.program())) {
            why += "; the program is there, but its interpreter or loader is not";
        } else if (error == LibC.EAGAIN) {
            why += "; a limit of processes is reached (ulimit -u, or TasksMax of a systemd unit)";
        } else if (error == LibC.E2BIG) {
            why += ": " + LaunchSize.text(launch);
        }
        return new IOException("cannot start " + launch.program() + ": " + why);
    }

    /** Ends a process nobody was told of, and its group. */
    static void end(int pid, long scratch) {
        LibC.kill(-pid, LibC.SIGKILL);
        while (LibC.waitpid(pid, scratch, 0) < 0 && LibC.errno() == LibC.EINTR) {
            // Again.
        }
    }

    @Override
    public void close() {
        Lock writing = lock.writeLock();
        writing.lock();
        try {
            if (!closed) {
                closed = true;
                if (forkers != null) {
                    forkers.close();
                }
                openFiles.close();
                LibC.close(nullFd);
                if (brokenPipe > 0) {
                    LibC.close(brokenPipe);
                }
                LibC.posix_spawnattr_destroy(attributes);
                Native.free(attributes);
            }
        } finally {
            writing.unlock();
        }
    }
}
