package io.millwright.wamp.net.internal;

import io.millwright.sockets.SocketFile;
import io.millwright.wamp.net.ListenerConfig;
import io.millwright.wamp.net.ListenerInfo;
import io.millwright.wamp.router.Router;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The listeners of one loop. Thread-safe. */
public final class Listening implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Listening.class);
    private static final int BACKLOG = 128;

    private final Loop loop;
    private final Router router;
    /** By name; the loop's. */
    private final Map<String, Listener> listeners = new LinkedHashMap<>();

    private volatile boolean closed;

    /**
     * A loop without listeners.
     *
     * @param routers makes the router, whose turns run in the loop
     */
    public Listening(Function<Loop, Router> routers) throws IOException {
        loop = new Loop("millwright-wamp");
        router = routers.apply(loop);
    }

    /** The router. */
    public Router router() {
        return router;
    }

    /** Begins to listen. */
    public ListenerInfo add(ListenerConfig config) throws IOException {
        ServerSocketChannel server;
        SocketFile file = null;
        Tls tls = null;
        if (config.address() instanceof UnixDomainSocketAddress unix) {
            file = new SocketFile(unix.getPath(), config.user());
            server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        } else {
            check(config, (InetSocketAddress) config.address());
            server = ServerSocketChannel.open();
        }
        try {
            if (file != null) {
                file.bind(server, BACKLOG);
            } else {
                server.bind(config.address(), BACKLOG);
            }
            server.configureBlocking(false);
            Path key = config.tlsKey();
            tls = key == null ? null : new Tls(new TlsFiles(config.tlsCertificates(), key, config.tlsPasswordFile()));
            Listener listener = new Listener(loop, router, config, server, file, tls);
            return ask(() -> register(listener));
        } catch (IOException | RuntimeException e) {
            if (tls != null) {
                tls.close();
            }
            server.close();
            if (file != null) {
                file.remove();
            }
            if (e instanceof IOException) {
                throw new IOException(
                        "the " + config + " cannot be: "
                                // Of some of the exceptions of java.nio the message is the path, and nothing else.
                                + (e instanceof FileSystemException ? e : e.getMessage()),
                        e);
            }
            throw e;
        }
    }

    private static void check(ListenerConfig config, InetSocketAddress address) throws IOException {
        if (address.isUnresolved()) {
            throw new IOException("the " + config + " cannot be: there is no host '" + address.getHostString() + "'");
        }
        if (!address.getAddress().isLoopbackAddress() && config.tlsKey() == null && !config.isInsecure()) {
            throw new IOException("the " + config
                    + " cannot be: others reach its address, and nothing is encrypted; give it an address of this machine alone"
                    + " (127.0.0.1), TLS, or say that it may be insecure");
        }
    }

    private ListenerInfo register(Listener listener) throws IOException {
        String name = listener.config().name();
        if (closed) {
            throw new IllegalStateException("the listeners are closed");
        }
        if (listeners.containsKey(name)) {
            throw new IllegalStateException("there is a listener '" + name + "' already");
        }
        listener.start();
        listeners.put(name, listener);
        return listener.info();
    }

    /** Changes what needs no new socket. */
    public ListenerInfo change(ListenerConfig config) {
        try {
            return ask(() -> {
                Listener listener = listeners.get(config.name());
                if (listener == null || !listener.config().isSameSocket(config)) {
                    throw new IllegalStateException("there is no " + config + " that could be changed");
                }
                listener.change(config);
                return listener.info();
            });
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Ends a listener; its address is free afterwards. */
    public boolean remove(String name) {
        try {
            boolean known = ask(() -> {
                Listener listener = listeners.remove(name);
                if (listener != null) {
                    listener.close();
                }
                return listener != null;
            });
            // What was closed is given back when the selector looks the next time: before this is answered.
            return ask(() -> known);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The listeners. */
    public List<ListenerInfo> list() {
        try {
            ask(() -> List.copyOf(listeners.values()))
                    .forEach(listener -> listener.looked().join());
            return ask(() -> listeners.values().stream().map(Listener::info).toList());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Asks in the loop's thread; an answer of null is one that has ended. */
    private <T> T ask(Callable<T> question) throws IOException {
        CompletableFuture<T> answer = new CompletableFuture<>();
        loop.execute(() -> {
            try {
                answer.complete(question.call());
            } catch (Exception | Error e) {
                answer.completeExceptionally(e);
            }
        });
        loop.ended().thenRun(() -> answer.completeExceptionally(new IllegalStateException("the listeners are closed")));
        try {
            return answer.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException cause) {
                throw cause;
            }
            throw new IllegalStateException(
                    e.getCause() == null ? "" : e.getCause().getMessage(), e.getCause());
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            List<Listener> all = ask(() -> {
                List<Listener> some = List.copyOf(listeners.values());
                listeners.clear();
                return some;
            });
            CompletableFuture<?>[] gone =
                    ask(() -> all.stream().map(Listener::close).toArray(CompletableFuture[]::new));
            waitFor(CompletableFuture.allOf(gone));
            ask(() -> {
                all.forEach(Listener::abandon);
                return all;
            });
            loop.stop();
        } catch (IOException e) {
            LOG.warn("Closing the listeners failed: {}", e.toString(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void waitFor(CompletableFuture<@Nullable Void> gone) throws InterruptedException {
        try {
            gone.get(Link.GRACE.toMillis() + 1000, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("Connections that do not end are closed");
        }
    }
}
