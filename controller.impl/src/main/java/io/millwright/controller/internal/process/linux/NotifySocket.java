package io.millwright.controller.internal.process.linux;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import io.millwright.controller.internal.process.Notifications;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A datagram socket of the abstract name space, which has no file: no path that is too long, no folder that another user may not enter. The
 * kernel says with each message which process has sent it. One thread, {@code millwright-notices}, hears and handles one message after
 * the other.
 */
final class NotifySocket implements Notifications {
    private static final Logger LOG = LoggerFactory.getLogger(NotifySocket.class);

    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM = 2;
    private static final int SOL_SOCKET = 1;
    private static final int SO_PASSCRED = 16;
    private static final int SCM_RIGHTS = 1;
    private static final int SCM_CREDENTIALS = 2;
    private static final int CLOSED_BY_EXEC = 0x40000000;
    private static final int TRUNCATED = 0x20 | 0x8;
    private static final int SHUT_RDWR = 2;

    /** The parts of struct msghdr on 64 bits, and what it points to, in one piece of memory. */
    private static final int IOV = 16;

    private static final int IOV_COUNT = 24;
    private static final int CONTROL_AT = 32;
    private static final int CONTROL_SIZE = 40;
    private static final int FLAGS = 48;
    private static final int HEADER = 56;
    private static final int VECTOR = 16;
    private static final int CONTROL = 1024;
    private static final int DATA = 8192;
    private static final int CONTROL_HEADER = 16;

    private final Listener listener;
    private final String address;
    private final int socket;
    private final Thread thread;
    private volatile boolean closed;

    NotifySocket(String name, Listener listener) throws IOException {
        this.listener = listener;
        this.address = "@" + name;
        socket = LibC.socket(AF_UNIX, SOCK_DGRAM | LibC.O_CLOEXEC, 0);
        if (socket < 0) {
            throw Descriptors.failure("cannot make a socket for notifications");
        }
        byte[] path = name.getBytes(StandardCharsets.US_ASCII);
        int size = Short.BYTES + 1 + path.length;
        long memory = Native.malloc(Math.max(size, Long.BYTES));
        try {
            Pointer at = new Pointer(memory);
            at.setInt(0, 1);
            boolean bad = LibC.setsockopt(socket, SOL_SOCKET, SO_PASSCRED, memory, Integer.BYTES) != 0;
            at.setShort(0, (short) AF_UNIX);
            at.setByte(Short.BYTES, (byte) 0);
            at.write(Short.BYTES + 1, path, 0, path.length);
            if (bad || LibC.bind(socket, memory, size) != 0) {
                IOException failure = LibC.failure("cannot prepare a socket for notifications");
                LibC.close(socket);
                throw failure;
            }
        } finally {
            Native.free(memory);
        }
        thread = new Thread(this::hear, "millwright-notices");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public String address() {
        return address;
    }

    private void hear() {
        long memory = Native.malloc(HEADER + VECTOR + CONTROL + DATA);
        try {
            Pointer header = new Pointer(memory);
            header.clear(HEADER + VECTOR);
            long vector = memory + HEADER;
            long control = vector + VECTOR;
            long data = control + CONTROL;
            header.setLong(IOV, vector);
            header.setLong(IOV_COUNT, 1);
            header.setLong(CONTROL_AT, control);
            new Pointer(vector).setLong(0, data);
            new Pointer(vector).setLong(Long.BYTES, DATA);
            while (!closed) {
                header.setLong(CONTROL_SIZE, CONTROL);
                long length = LibC.recvmsg(socket, memory, CLOSED_BY_EXEC);
                if (length >= 0 && !closed) {
                    take(header, new Pointer(control), new Pointer(data), (int) length);
                } else if (length < 0 && LibC.errno() != LibC.EINTR) {
                    break;
                }
            }
        } finally {
            Native.free(memory);
            LibC.close(socket);
        }
    }

    /** Takes a message; the descriptors that come with it are closed when it is handled, for which a sender may wait. */
    private void take(Pointer header, Pointer control, Pointer data, int length) {
        long pid = 0;
        long size = header.getLong(CONTROL_SIZE);
        for (long at = 0;
                at + CONTROL_HEADER <= size && control.getLong(at) >= CONTROL_HEADER;
                at += padded(control, at)) {
            if (control.getInt(at + Long.BYTES + Integer.BYTES) == SCM_CREDENTIALS) {
                pid = control.getInt(at + CONTROL_HEADER);
            }
        }
        try {
            if (pid > 0 && (header.getInt(FLAGS) & TRUNCATED) == 0) {
                listener.said(pid, new String(data.getByteArray(0, length), StandardCharsets.UTF_8));
            }
        } catch (RuntimeException e) {
            LOG.error("a notification of process {} could not be taken", pid, e);
        } finally {
            closeAll(control, size);
        }
    }

    private static void closeAll(Pointer control, long size) {
        for (long at = 0;
                at + CONTROL_HEADER <= size && control.getLong(at) >= CONTROL_HEADER;
                at += padded(control, at)) {
            if (control.getInt(at + Long.BYTES + Integer.BYTES) == SCM_RIGHTS) {
                for (long fd = at + CONTROL_HEADER;
                        fd + Integer.BYTES <= at + control.getLong(at);
                        fd += Integer.BYTES) {
                    LibC.close(control.getInt(fd));
                }
            }
        }
    }

    private static long padded(Pointer control, long at) {
        return (control.getLong(at) + Long.BYTES - 1) / Long.BYTES * Long.BYTES;
    }

    @Override
    public void close() {
        closed = true;
        LibC.shutdown(socket, SHUT_RDWR);
    }
}
