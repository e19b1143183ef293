package io.millwright.controller.internal.worker;

import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.worker.OptionValues;
import io.millwright.controller.internal.options.SocketOptions;
import io.millwright.controller.internal.options.SocketOptions.Listen;
import io.millwright.controller.internal.process.HeldSocket;
import io.millwright.controller.internal.process.ProcessBackend;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * The listening sockets that the node holds for workers: from a worker's first start, or its first wait for a connection, until it
 * rests. Between two runs they stay, so that connections wait and none is refused. The controller loop says what is wanted;
 * sockets are opened and closed by the threads that make processes.
 */
public final class HeldSockets {
    private final ProcessBackend backend;
    private final Executor spawners;
    private final Path nodeDirectory;
    private final Map<WorkerId, Held> byWorker = new ConcurrentHashMap<>();
    /** Held by a thread that opens or closes sockets, never by the loop. */
    private final Object lock = new Object();

    private final Map<SocketAddress, Held> byAddress = new HashMap<>();
    private boolean closed;

    /** The sockets of one worker; the map is guarded by the lock. */
    private final class Held {
        final WorkerId id;
        final Map<String, Bound> bound = new TreeMap<>();
        /** Set in the loop; what is not wanted when its turn to be closed comes is closed. */
        volatile boolean wanted = true;

        Held(WorkerId id) {
            this.id = id;
        }

        List<HeldSocket> bind(List<Listen> listens) throws IOException {
            if (closed) {
                throw new IOException("the node is ending");
            }
            for (Bound old : List.copyOf(bound.values())) {
                if (!listens.contains(old.listen)) {
                    close(old);
                }
            }
            List<HeldSocket> sockets = new ArrayList<>();
            for (Listen listen : listens) {
                Bound known = bound.get(listen.name());
                if (known == null) {
                    known = open(listen);
                    bound.put(listen.name(), known);
                    byAddress.put(known.address, this);
                }
                sockets.add(known.socket);
            }
            return sockets;
        }

        private Bound open(Listen listen) throws IOException {
            SocketAddress address = address(listen);
            Held other = byAddress.get(address);
            if (other != null && other != this) {
                if (other.wanted) {
                    throw new IOException("sockets." + listen.name() + ": " + listen.listen() + " is held for worker '"
                            + other.id + "'; choose another address, or stop that one");
                }
                // Its turn to be closed has come, and its thread has not.
                other.closeUnwanted();
            }
            try {
                return new Bound(listen, address, backend.listen(address, listen.backlog(), listen.mode()));
            } catch (IOException e) {
                throw new IOException("sockets." + listen.name() + ": " + e.getMessage(), e);
            }
        }

        void closeUnwanted() {
            if (!wanted || closed) {
                List.copyOf(bound.values()).forEach(this::close);
                byWorker.computeIfPresent(id, (key, held) -> held == this && !wanted ? null : held);
            }
        }

        private void close(Bound old) {
            bound.remove(old.listen.name());
            byAddress.remove(old.address, this);
            old.socket.close();
        }
    }

    private record Bound(Listen listen, SocketAddress address, HeldSocket socket) {}

    public HeldSockets(ProcessBackend backend, Executor spawners, Path nodeDirectory) {
        this.backend = backend;
        this.spawners = spawners;
        this.nodeDirectory = nodeDirectory;
    }

    /** A worker needs its sockets from now on, if its options name any; in the loop. */
    void want(Worker worker, OptionValues options) {
        byWorker.compute(worker.id, (id, held) -> {
            if (held == null) {
                return SocketOptions.isGiven(options) ? new Held(id) : null;
            }
            held.wanted = true;
            return held;
        });
    }

    /**
     * The sockets of a worker, opened where they are not; those that its options name no longer are closed. Blocks. After {@link #want}.
     *
     * @return in the order in which its program gets them
     * @throws IOException if one cannot be had; why, for people
     */
    List<HeldSocket> bind(WorkerId id, OptionValues options) throws IOException {
        Held held = byWorker.get(id);
        if (held == null) {
            return List.of();
        }
        synchronized (lock) {
            return held.bind(SocketOptions.sockets(options));
        }
    }

    /** As {@link #bind}, by a thread that makes processes. */
    CompletableFuture<List<HeldSocket>> bindLater(WorkerId id, OptionValues options) {
        CompletableFuture<List<HeldSocket>> result = new CompletableFuture<>();
        try {
            spawners.execute(() -> {
                try {
                    result.complete(bind(id, options));
                } catch (IOException | RuntimeException e) {
                    result.completeExceptionally(e);
                }
            });
        } catch (RejectedExecutionException ending) {
            result.completeExceptionally(ending);
        }
        return result;
    }

    private SocketAddress address(Listen listen) throws IOException {
        if (listen.path() != null) {
            return UnixDomainSocketAddress.of(
                    nodeDirectory.resolve(listen.path()).normalize());
        }
        String host = Objects.requireNonNull(listen.host());
        InetSocketAddress address = new InetSocketAddress(host, listen.port());
        if (address.isUnresolved()) {
            throw new IOException(
                    "sockets." + listen.name() + ": the host of " + listen.listen() + " is not known to this machine");
        }
        return address;
    }

    /** A worker rests: its sockets are closed, unless it is started before that is done. In the loop. */
    void release(WorkerId id) {
        Held held = byWorker.get(id);
        if (held != null && held.wanted) {
            held.wanted = false;
            try {
                spawners.execute(() -> closeUnwanted(held));
            } catch (RejectedExecutionException ending) {
                // The node closes all of them next.
            }
        }
    }

    /** What is held for a worker whose sockets are open, for people. */
    static Map<String, String> shown(OptionValues options) {
        Map<String, String> shown = new TreeMap<>();
        SocketOptions.sockets(options).forEach(listen -> shown.put(listen.name(), listen.listen()));
        return shown;
    }

    private void closeUnwanted(Held held) {
        synchronized (lock) {
            held.closeUnwanted();
        }
    }

    /** Closes all; the workers have ended. */
    public void close() {
        synchronized (lock) {
            closed = true;
            byWorker.values().forEach(Held::closeUnwanted);
        }
    }
}
