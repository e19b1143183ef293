package io.millwright.controller.internal.worker;

import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.worker.OptionValues;
import io.millwright.controller.internal.options.SocketOptions;
import io.millwright.controller.internal.options.SocketOptions.Listen;
import io.millwright.controller.internal.process.HeldSocket;
import io.millwright.controller.internal.process.ProcessBackend;
import io.millwright.controller.internal.process.SystemPath;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The listening sockets that the node holds for workers: from a worker's first start, or its first wait for a connection, until it
 * rests. Between two runs they stay, so that connections wait and none is refused. The instances of a group share those of one
 * address; such a socket is closed when the last of them leaves it. The controller loop says what is wanted; sockets are opened and
 * closed by the threads that make processes.
 */
public final class HeldSockets {
    private final ProcessBackend backend;
    private final Executor spawners;
    private final Path nodeDirectory;
    private final Groups groups;
    private final Map<WorkerId, Held> byWorker = new ConcurrentHashMap<>();
    /** Held by a thread that opens or closes sockets, never by the loop. */
    private final Object lock = new Object();

    private final Map<SocketAddress, Bound> byAddress = new HashMap<>();
    private boolean closed;

    /** One open socket, and the workers that use it; guarded by the lock. */
    private static final class Bound {
        final SocketAddress address;
        final HeldSocket socket;
        final Set<Held> users = new LinkedHashSet<>();
        private Listen listen;

        Bound(Listen listen, SocketAddress address, HeldSocket socket) {
            this.listen = listen;
            this.address = address;
            this.socket = socket;
        }

        /** Another backlog or mode needs no other socket, and no connection is lost for it. */
        void adjust(Listen now) throws IOException {
            if (now.backlog() != listen.backlog() || now.mode() != listen.mode()) {
                socket.adjust(now.backlog(), now.mode());
            }
            listen = now;
        }
    }

    /** The sockets of one worker; the map is guarded by the lock. */
    private final class Held {
        final WorkerId id;
        final Map<SocketAddress, Bound> bound = new HashMap<>();
        /** The group whose sockets it shares, or the worker itself. */
        volatile WorkerId owner;
        /** Set in the loop; what is not wanted when its turn to be closed comes is closed. */
        volatile boolean wanted = true;
        /** Set in the loop: by what options they were wanted last. A task for earlier ones may come later than theirs. */
        volatile @Nullable OptionValues asked;

        Held(WorkerId id) {
            this.id = id;
            this.owner = id;
        }

        /** Another run of the worker may still use those it has, as they are, if so said. */
        List<HeldSocket> bind(List<Listen> listens, boolean shared) throws IOException {
            if (closed) {
                throw new IOException("the node is ending");
            }
            Map<SocketAddress, Listen> wants = new LinkedHashMap<>();
            for (Listen listen : listens) {
                Listen same = wants.putIfAbsent(address(listen), listen);
                if (same != null) {
                    throw failure(listen, listen.listen() + " is the address of sockets." + same.name() + " too");
                }
            }
            if (!shared) {
                keep(wants.keySet());
            }
            List<HeldSocket> sockets = new ArrayList<>();
            for (Map.Entry<SocketAddress, Listen> want : wants.entrySet()) {
                Listen listen = want.getValue();
                try {
                    sockets.add(take(want.getKey(), listen, shared).socket);
                } catch (IOException e) {
                    throw new IOException("sockets." + listen.name() + ": " + e.getMessage(), e);
                }
            }
            return sockets;
        }

        /** Leaves all others. */
        void keep(Set<SocketAddress> addresses) {
            for (Bound old : List.copyOf(bound.values())) {
                if (!addresses.contains(old.address)) {
                    leave(old);
                }
            }
        }

        private Bound take(SocketAddress address, Listen listen, boolean shared) throws IOException {
            Bound found = bound.get(address);
            if (found == null) {
                found = shared(address, listen);
            }
            if (found == null) {
                found = new Bound(listen, address, backend.listen(address, listen.backlog(), listen.mode()));
                byAddress.put(address, found);
            }
            found.users.add(this);
            bound.put(address, found);
            found.adjust(listen);
            if (found.users.size() == 1 && !shared) {
                // Whatever its last program has made of it. Another that runs may need it as it is.
                found.socket.makeBlocking();
            }
            return found;
        }

        /** The socket of an address that others of its group hold. */
        private @Nullable Bound shared(SocketAddress address, Listen listen) throws IOException {
            Bound found = byAddress.get(address);
            for (Held other : found == null ? List.<Held>of() : List.copyOf(found.users)) {
                if (!other.wanted) {
                    // Its turn to be closed has come, and its thread has not.
                    other.closeUnwanted();
                } else if (!other.owner.equals(owner)) {
                    throw new IOException(listen.listen() + " is held for "
                            + (other.owner.equals(other.id) ? "worker" : "the instances of") + " '" + other.owner
                            + "'; choose another address, or stop that one");
                }
            }
            return byAddress.get(address);
        }

        void closeUnwanted() {
            if (!wanted || closed) {
                List.copyOf(bound.values()).forEach(this::leave);
                byWorker.computeIfPresent(id, (key, held) -> held == this && !wanted ? null : held);
            }
        }

        private void leave(Bound old) {
            bound.remove(old.address);
            old.users.remove(this);
            if (old.users.isEmpty()) {
                byAddress.remove(old.address);
                old.socket.close();
            }
        }
    }

    private static IOException failure(Listen listen, String why) {
        return new IOException("sockets." + listen.name() + ": " + why);
    }

    public HeldSockets(ProcessBackend backend, Executor spawners, Path nodeDirectory, Groups groups) {
        this.backend = backend;
        this.spawners = spawners;
        this.nodeDirectory = nodeDirectory;
        this.groups = groups;
    }

    /** A worker needs its sockets from now on, if its options name any; in the loop. */
    void want(WorkerId worker, OptionValues options) {
        byWorker.compute(worker, (id, held) -> {
            Held now = held != null ? held : SocketOptions.isGiven(options) ? new Held(id) : null;
            if (now != null) {
                Groups.Group group = groups.of(id);
                now.owner = group == null ? id : group.id();
                now.wanted = true;
                now.asked = options;
            }
            return now;
        });
    }

    /**
     * The sockets of a worker, opened where they are not; those that its options name no longer are closed. Blocks. After {@link #want}.
     *
     * @param shared whether another run of the worker has them and may still run
     * @return in the order in which its program gets them
     * @throws IOException if one cannot be had; why, for people
     */
    List<HeldSocket> bind(WorkerId id, OptionValues options, boolean shared) throws IOException {
        if (!SocketOptions.isGiven(options) && !byWorker.containsKey(id)) {
            return List.of();
        }
        synchronized (lock) {
            Held held = byWorker.get(id);
            if (held == null || !held.wanted || !options.equals(held.asked)) {
                throw new IOException("its sockets are not wanted any more");
            }
            return held.bind(SocketOptions.sockets(options), shared);
        }
    }

    /** As {@link #bind}, by a thread that makes processes. */
    CompletableFuture<List<HeldSocket>> bindLater(WorkerId id, OptionValues options) {
        CompletableFuture<List<HeldSocket>> result = new CompletableFuture<>();
        try {
            spawners.execute(() -> {
                try {
                    result.complete(bind(id, options, false));
                } catch (IOException | RuntimeException | Error e) {
                    result.completeExceptionally(e);
                }
            });
        } catch (RejectedExecutionException ending) {
            result.completeExceptionally(ending);
        }
        return result;
    }

    /** A worker has one run left: the sockets that only its other run had are closed, unless others are wanted by then. In the loop. */
    void keep(WorkerId id, OptionValues options) {
        Held held = byWorker.get(id);
        if (held == null || !held.wanted) {
            return;
        }
        held.asked = options;
        try {
            spawners.execute(() -> {
                synchronized (lock) {
                    if (held.wanted && options.equals(held.asked) && !closed) {
                        held.keep(addresses(options));
                    }
                }
            });
        } catch (RejectedExecutionException ending) {
            // The node closes all of them next.
        }
    }

    private Set<SocketAddress> addresses(OptionValues options) {
        Set<SocketAddress> all = new LinkedHashSet<>();
        for (Listen listen : SocketOptions.sockets(options)) {
            try {
                all.add(address(listen));
            } catch (IOException unknown) {
                // There is none to be kept.
            }
        }
        return all;
    }

    private SocketAddress address(Listen listen) throws IOException {
        if (listen.path() != null) {
            return UnixDomainSocketAddress.of(
                    nodeDirectory.resolve(SystemPath.of(listen.path())).normalize());
        }
        String host = Objects.requireNonNull(listen.host());
        InetSocketAddress address = new InetSocketAddress(host, listen.port());
        if (address.isUnresolved()) {
            throw failure(listen, "the host of " + listen.listen() + " is not known to this machine");
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
