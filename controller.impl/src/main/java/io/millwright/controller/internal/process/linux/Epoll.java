package io.millwright.controller.internal.process.linux;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * An epoll set with an eventfd to wake the waiting thread. Registrations are known by tokens that are never used twice, so that an
 * event that comes too late is never taken for one of a descriptor that got the same number. Thread-safe.
 */
final class Epoll implements AutoCloseable {
    /** The token of a wake-up. */
    static final long WAKE = 0;

    private static final boolean PACKED = System.getProperty("os.arch", "").equals("amd64");
    /** The size of struct epoll_event. */
    static final int EVENT = PACKED ? 12 : 16;
    /** Where its data is. */
    static final int TOKEN = PACKED ? 4 : 8;

    private final AtomicLong tokens = new AtomicLong();
    private final int epoll;
    private final int wake;
    // The rest is guarded by this: a thread that comes after close must not touch a descriptor that has been given to
    // another.
    private final long event;
    private boolean closed;

    Epoll() throws IOException {
        epoll = LibC.epoll_create1(LibC.O_CLOEXEC);
        if (epoll < 0) {
            throw Descriptors.failure("cannot make an epoll set");
        }
        wake = LibC.eventfd(0, LibC.O_CLOEXEC | LibC.O_NONBLOCK);
        event = Native.malloc(EVENT);
        if (wake < 0 || event == 0 || control(LibC.EPOLL_CTL_ADD, wake, LibC.EPOLLIN, WAKE) != 0) {
            IOException failure = Descriptors.failure("cannot make an eventfd");
            close();
            throw failure;
        }
    }

    /** A token for {@link #add}. */
    long nextToken() {
        return tokens.incrementAndGet();
    }

    synchronized void add(int fd, int events, long token) throws IOException {
        if (closed) {
            throw new IOException("the process backend is closed");
        }
        if (control(LibC.EPOLL_CTL_ADD, fd, events, token) != 0) {
            throw LibC.failure("cannot watch descriptor " + fd);
        }
    }

    /** Forgets a descriptor; to be done before it is closed. */
    synchronized void remove(int fd) {
        if (!closed) {
            control(LibC.EPOLL_CTL_DEL, fd, 0, 0);
        }
    }

    private int control(int operation, int fd, int events, long token) {
        Pointer pointer = new Pointer(event);
        pointer.setInt(0, events);
        pointer.setLong(TOKEN, token);
        return LibC.epoll_ctl(epoll, operation, fd, event);
    }

    /** Waits for events; for one thread at a time, which is the one that closes too. */
    int await(long events, int size, int timeout) {
        return LibC.epoll_wait(epoll, events, size, timeout);
    }

    synchronized void wake() {
        if (!closed) {
            new Pointer(event).setLong(0, 1);
            LibC.write(wake, event, Long.BYTES);
        }
    }

    synchronized void awake() {
        if (!closed) {
            LibC.read(wake, event, Long.BYTES);
        }
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            if (wake >= 0) {
                LibC.close(wake);
            }
            LibC.close(epoll);
            Native.free(event);
        }
    }
}
