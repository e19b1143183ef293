package io.millwright.controller.internal.process.linux;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * The native memory of one spawn: the file actions, the vectors of arguments and environment, and their texts. For one
 * thread.
 */
final class SpawnBlock implements AutoCloseable {
    /** More than any posix_spawn_file_actions_t takes. */
    private static final int ACTIONS = 1024;

    private static final int FIRST_HANDED = 3;
    private static final int SCRATCH = 16;
    private static final int LIMIT = ACTIONS + SCRATCH;
    private static final int VECTORS = LIMIT + 2 * Long.BYTES;

    private final long base;
    private final ByteBuffer image;
    private final long directory;
    private final long shell;
    private final long program;
    /** The arguments, after one place for the shell's name. */
    private final long arguments;

    private final long environment;
    private boolean limited;
    private long openFiles;
    private int[] handed = {};

    SpawnBlock(byte[] directory, byte[] shell, List<byte[]> arguments, List<byte[]> environment) throws IOException {
        int vectors = (arguments.size() + environment.size() + 3) * Long.BYTES;
        long texts = directory.length + shell.length + 2L;
        for (byte[] text : arguments) {
            texts += text.length + 1L;
        }
        for (byte[] text : environment) {
            texts += text.length + 1L;
        }
        if (texts > Integer.MAX_VALUE / 2) {
            throw new IOException("arguments and environment together are too long: " + texts + " bytes");
        }
        base = Native.malloc(VECTORS + vectors + texts);
        if (base == 0) {
            throw new IOException("no memory for arguments and environment");
        }
        image = ByteBuffer.allocate((int) (vectors + texts)).order(ByteOrder.nativeOrder());
        image.position(vectors);
        this.directory = text(directory);
        this.shell = text(shell);
        image.putLong(0, this.shell);
        this.arguments = base + VECTORS;
        int end = vector(Long.BYTES, arguments);
        this.program = image.getLong(Long.BYTES);
        this.environment = base + VECTORS + end;
        vector(end, environment);
        new Pointer(base).write(VECTORS, image.array(), 0, image.position());
    }

    private long text(byte[] text) {
        long address = base + VECTORS + image.position();
        image.put(text).put((byte) 0);
        return address;
    }

    /** Fills in a vector and gives the place after its terminating null. */
    private int vector(int at, List<byte[]> texts) {
        int place = at;
        for (byte[] text : texts) {
            image.putLong(place, text(text));
            place += Long.BYTES;
        }
        image.putLong(place, 0);
        return place + Long.BYTES;
    }

    /** Gives what is spawned a limit of file locks. */
    void limitLocks(long soft, long hard) {
        Pointer limit = new Pointer(base);
        limit.setLong(LIMIT, soft);
        limit.setLong(LIMIT + (long) Long.BYTES, hard);
        limited = true;
    }

    /** Gives what is spawned a limit of open files, which is at an address; 0 for the one it inherits. */
    void limitOpenFiles(long address) {
        openFiles = address;
    }

    /** Gives what is spawned further descriptors, from 3 on; none of them has a number that low. */
    void hand(int[] descriptors) {
        handed = descriptors;
    }

    /** Sixteen bytes for calls that answer by address. */
    long scratch() {
        return base + ACTIONS;
    }

    /** The pid of what was spawned. */
    int pid() {
        return new Pointer(base).getInt(ACTIONS + Long.BYTES);
    }

    /** Spawns; returns an error number, or 0. */
    int spawn(long attributes, int in, int out, int err) {
        int error = LibC.posix_spawn_file_actions_init(base);
        if (error != 0) {
            return error;
        }
        try {
            error = firstError(in, out, err);
            if (error != 0) {
                return error;
            }
            error = run(attributes, program, arguments + Long.BYTES);
            // A script without an interpreter line: what a shell, and so the other backend, does with it.
            error = error == LibC.ENOEXEC ? run(attributes, shell, arguments) : error;
            if (error == 0 && limited) {
                // Next of all, before the program has got as far as to fork. A lower hard limit forbids it.
                LibC.prlimit(pid(), LibC.RLIMIT_LOCKS, base + LIMIT, 0);
            }
            if (error == 0 && openFiles != 0) {
                LibC.prlimit(pid(), LibC.RLIMIT_NOFILE, openFiles, 0);
            }
            return error;
        } finally {
            LibC.posix_spawn_file_actions_destroy(base);
        }
    }

    private int firstError(int in, int out, int err) {
        int error = LibC.posix_spawn_file_actions_adddup2(base, in, 0);
        if (error == 0) {
            error = LibC.posix_spawn_file_actions_adddup2(base, out, 1);
        }
        if (error == 0) {
            error = LibC.posix_spawn_file_actions_adddup2(base, err, 2);
        }
        for (int i = 0; i < handed.length && error == 0; i++) {
            error = LibC.posix_spawn_file_actions_adddup2(base, handed[i], FIRST_HANDED + i);
        }
        if (error == 0) {
            error = LibC.posix_spawn_file_actions_addchdir_np(base, directory);
        }
        if (error == 0) {
            error = LibC.posix_spawn_file_actions_addclosefrom_np(base, FIRST_HANDED + handed.length);
        }
        return error;
    }

    private int run(long attributes, long path, long argv) {
        return LibC.posix_spawn(scratch() + Long.BYTES, path, base, attributes, argv, environment);
    }

    @Override
    public void close() {
        Native.free(base);
    }
}
