package io.millwright.controller.internal.process.linux;

import com.sun.jna.Pointer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The descriptors opened for one spawn: the child's, always closed in the end, and the node's, kept if all went well. */
final class Descriptors implements AutoCloseable {
    private final long scratch;
    private final List<Integer> childs = new ArrayList<>(3);
    private final List<Integer> ours = new ArrayList<>(3);

    /**
     * Begins without any.
     *
     * @param scratch eight bytes of native memory
     */
    Descriptors(long scratch) {
        this.scratch = scratch;
    }

    /** A pipe, given as the child's and our end; only ours does not block. */
    record Pipe(int child, int our) {}

    Pipe pipe(boolean childReads) throws IOException {
        if (LibC.pipe2(scratch, LibC.O_CLOEXEC) != 0) {
            throw failure("cannot make a pipe");
        }
        Pointer pair = new Pointer(scratch);
        int reads = pair.getInt(0);
        int writes = pair.getInt(Integer.BYTES);
        Pipe pipe = childReads ? new Pipe(reads, writes) : new Pipe(writes, reads);
        childs.add(pipe.child);
        ours.add(pipe.our);
        if (LibC.fcntl(pipe.our, LibC.F_SETFL, LibC.O_NONBLOCK) != 0) {
            throw LibC.failure("cannot prepare a pipe");
        }
        return pipe;
    }

    int childs(int fd, String what) throws IOException {
        if (fd < 0) {
            throw failure(what);
        }
        childs.add(fd);
        return fd;
    }

    void closeChilds() {
        childs.forEach(LibC::close);
        childs.clear();
    }

    void keepOurs() {
        ours.clear();
    }

    static IOException failure(String what) {
        int error = LibC.errno();
        String hint = "";
        if (error == LibC.EMFILE) {
            hint = "; the node's limit of open files is reached (ulimit -n, or LimitNOFILE of a systemd unit)";
        } else if (error == LibC.ENFILE) {
            hint = "; the machine's limit of open files is reached";
        }
        return new IOException(what + ": " + LibC.text(error) + hint);
    }

    @Override
    public void close() {
        closeChilds();
        ours.forEach(LibC::close);
        ours.clear();
    }
}
