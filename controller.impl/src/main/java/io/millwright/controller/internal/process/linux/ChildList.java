package io.millwright.controller.internal.process.linux;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The children of a thread, as the kernel lists them; one system call a look. For one thread at a time. */
final class ChildList implements AutoCloseable {
    private static final int ROOM = 4096;

    private final String file;
    private final long buffer;
    private final Pointer pointer;
    private final int fd;

    /**
     * Opens the list.
     *
     * @param thread a thread of this process
     * @throws IOException if the kernel keeps no such list
     */
    ChildList(long thread) throws IOException {
        file = "/proc/self/task/" + thread + "/children";
        buffer = Native.malloc(ROOM);
        if (buffer == 0) {
            throw new IOException("no memory");
        }
        pointer = new Pointer(buffer);
        pointer.setString(0, file, StandardCharsets.US_ASCII.name());
        fd = LibC.open(buffer, LibC.O_CLOEXEC, 0);
        if (fd < 0) {
            Native.free(buffer);
            throw Descriptors.failure("cannot open " + file);
        }
    }

    /** The pids, zombies included. */
    List<Long> read() throws IOException {
        List<Long> pids = new ArrayList<>();
        long offset = 0;
        long pid = 0;
        while (true) {
            int size = (int) LibC.pread(fd, buffer, ROOM, offset);
            if (size < 0 && LibC.errno() == LibC.EINTR) {
                continue;
            }
            if (size < 0) {
                throw Descriptors.failure("cannot read " + file);
            }
            if (size == 0) {
                return pids;
            }
            offset += size;
            for (byte digit : pointer.getByteArray(0, size)) {
                if (digit >= '0' && digit <= '9') {
                    pid = pid * 10 + digit - '0';
                } else if (pid > 0) {
                    // a pid is always followed by a blank
                    pids.add(pid);
                    pid = 0;
                }
            }
        }
    }

    @Override
    public void close() {
        LibC.close(fd);
        Native.free(buffer);
    }
}
