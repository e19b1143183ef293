package io.millwright.controller.internal.process.linux;

import io.millwright.controller.internal.process.HeldSocket;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A listening socket of the node. Its descriptor is closed by an exec, so that no process has it but those it is handed to, and is not
 * closed while it is being handed: the number might be another file's by then.
 */
final class ListenerSocket implements HeldSocket {
    private static final Logger LOG = LoggerFactory.getLogger(ListenerSocket.class);

    private final Listening listening;
    private final IoLoop loop;
    // Guarded by this.
    private int users = 1;
    private boolean closed;
    private @Nullable Watch watch;

    ListenerSocket(Listening listening, IoLoop loop) {
        this.listening = listening;
        this.loop = loop;
    }

    /** Sockets that stay open while they are handed to a process. For one thread. */
    static final class Handed implements AutoCloseable {
        private final List<ListenerSocket> sockets = new ArrayList<>();

        /** Their descriptors, in order. */
        int[] descriptors() {
            return sockets.stream().mapToInt(socket -> socket.listening.fd()).toArray();
        }

        @Override
        public void close() {
            sockets.forEach(ListenerSocket::release);
            sockets.clear();
        }
    }

    /** Keeps sockets open until they are handed. */
    static Handed hand(List<HeldSocket> sockets) throws IOException {
        Handed handed = new Handed();
        for (HeldSocket socket : sockets) {
            if (!(socket instanceof ListenerSocket own) || !own.acquire()) {
                handed.close();
                throw new IOException("a socket it is to get is closed");
            }
            handed.sockets.add(own);
        }
        return handed;
    }

    private synchronized boolean acquire() {
        if (closed) {
            return false;
        }
        users++;
        return true;
    }

    private void release() {
        synchronized (this) {
            if (--users > 0) {
                return;
            }
        }
        listening.close();
    }

    /** Looks for one connection, and takes none. */
    private final class Watch implements IoLoop.Handler {
        private final Runnable then;
        private long token;

        Watch(Runnable then) {
            this.then = then;
        }

        @Override
        public void ready(Turn turn) {
            if (end(this)) {
                then.run();
            }
        }

        @Override
        public void loopEnds(Turn turn) {}
    }

    @Override
    public synchronized void onConnection(Runnable then) {
        if (closed) {
            return;
        }
        ignore();
        Watch next = new Watch(then);
        watch = next;
        try {
            next.token = loop.add(listening.fd(), LibC.EPOLLIN, next);
        } catch (IOException e) {
            watch = null;
            LOG.error("connections to a held socket cannot be seen: {}", e.getMessage());
        }
    }

    @Override
    public synchronized boolean hasConnection() {
        return !closed && listening.hasConnection();
    }

    @Override
    public synchronized void makeBlocking() {
        if (!closed) {
            LibC.fcntl(listening.fd(), LibC.F_SETFL, 0);
        }
    }

    @Override
    public void adjust(int backlog, int mode) throws IOException {
        listening.adjust(backlog, mode);
    }

    private synchronized boolean end(Watch ended) {
        if (watch != ended) {
            return false;
        }
        watch = null;
        loop.remove(listening.fd(), ended.token);
        return true;
    }

    @Override
    public synchronized void ignore() {
        if (watch != null) {
            end(watch);
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            ignore();
            closed = true;
        }
        release();
    }
}
