package io.millwright.shell.local.internal;

import io.millwright.sockets.SpareDescriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the clients of a listening socket: one thread accepts and reads for all of them, a pool runs their commands.
 * Made and closed by {@link LocalShell}. Thread-safe.
 */
final class CommandServer implements AutoCloseable {
    /** Commands at one time; a client more is told so. */
    static final int MAX_COMMANDS = 32;

    /** Connections at one time, those that have not yet said what they want included. */
    private static final int MAX_CONNECTIONS = 64;

    private static final Logger LOG = LoggerFactory.getLogger(CommandServer.class);
    private static final long IDLE_THREAD_SECONDS = 10;
    private static final long GRACE_MILLIS = 500;
    private static final long END_MILLIS = 2000;
    private static final String NO_FILE =
            "the node has as many open files as it may have and takes no command now; end workers, or raise its limit (ulimit -n)\n";

    private final ServerSocketChannel server;
    private final UserPrincipal owner;
    private final Interpreter interpreter;
    private final Selector selector;
    private final ThreadPoolExecutor pool;
    private final Thread thread;
    private final AcceptTroubles troubles = new AcceptTroubles();
    private final SpareDescriptor spare = new SpareDescriptor(noFile());
    private volatile boolean closing;

    /** What a client gets for which there is no file. */
    static byte[] noFile() {
        byte[] text = NO_FILE.getBytes(StandardCharsets.UTF_8);
        ByteBuffer answer = ByteBuffer.allocate(text.length + 14);
        answer.put(Protocol.ERROR).putInt(text.length).put(text);
        answer.put(Protocol.EXIT).putInt(Integer.BYTES).putInt(Protocol.EXIT_FAILED);
        return answer.array();
    }

    /**
     * Begins to serve.
     *
     * @param server listening; closed with this
     * @param owner whose node it is
     * @param interpreter finds the commands
     */
    CommandServer(ServerSocketChannel server, UserPrincipal owner, Interpreter interpreter) throws IOException {
        spare.open();
        this.server = server;
        this.owner = owner;
        this.interpreter = interpreter;
        AtomicInteger number = new AtomicInteger();
        this.pool = new ThreadPoolExecutor(
                0, MAX_COMMANDS, IDLE_THREAD_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                    Thread made = new Thread(task, "millwright-shell-local-" + number.incrementAndGet());
                    made.setDaemon(true);
                    return made;
                });
        this.selector = Selector.open();
        server.configureBlocking(false);
        server.register(selector, SelectionKey.OP_ACCEPT);
        this.thread = new Thread(this::serve, "millwright-shell-local");
        thread.setDaemon(true);
        thread.start();
    }

    private void serve() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(64 << 10);
        try {
            while (selector.isOpen()) {
                selector.select();
                for (SelectionKey key : selector.selectedKeys()) {
                    handle(key, buffer);
                }
                selector.selectedKeys().clear();
            }
        } catch (ClosedSelectorException e) {
            LOG.trace("closed", e);
        } catch (IOException e) {
            LOG.error(
                    "The command socket is lost: {}; bin/millwright cannot reach this node any more", e.toString(), e);
        } finally {
            spare.close();
        }
    }

    private void handle(SelectionKey key, ByteBuffer buffer) {
        try {
            if (!key.isValid()) {
                return;
            }
            if (key.attachment() instanceof Connection connection) {
                connection.ready(buffer);
            } else {
                accept();
            }
        } catch (CancelledKeyException e) {
            LOG.trace("closed by the command's thread", e);
        } catch (IOException | RuntimeException | Error e) {
            // one client's trouble must not be the others', and the thread is for all of them
            LOG.warn("A connection to the command socket failed: {}", e.toString(), e);
        }
    }

    private void accept() throws IOException {
        SocketChannel channel;
        try {
            channel = server.accept();
        } catch (IOException e) {
            while (spare.refuseOne(server)) {
                // As many as wait, so that each is told at once.
            }
            troubles.failed(e);
            return;
        }
        if (channel == null) {
            return;
        }
        troubles.over();
        Peer peer;
        Connection connection;
        try {
            peer = Peer.of(channel, owner);
            channel.configureBlocking(false);
            SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
            connection = new Connection(key, peer.name(), pool, interpreter);
            key.attach(connection);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
        if (!peer.allowed()) {
            LOG.warn("User {} was refused at the command socket: the node is user {}'s", peer.name(), owner.getName());
            connection.refuse("the node is user " + owner.getName() + "'s, not " + peer.name() + "'s", 1);
        } else if (closing || (selector.keys().size() - 1 > MAX_CONNECTIONS && !makeRoom(connection))) {
            connection.refuse("the node has as many clients as it takes; end some and try again", 1);
        }
    }

    /** Ends the oldest connection that has not asked for anything, so that clients that say nothing lock nobody out. */
    private boolean makeRoom(Connection newest) {
        Optional<Connection> oldest = connections().stream()
                .filter(connection -> connection != newest && connection.isIdle())
                .min(Comparator.comparingLong(Connection::since));
        oldest.ifPresent(
                connection -> connection.refuse("the node needs the place of a client that asks for nothing", 1));
        return oldest.isPresent();
    }

    private List<Connection> connections() {
        List<Connection> connections = new ArrayList<>();
        for (SelectionKey key : List.copyOf(selector.keys())) {
            if (key.attachment() instanceof Connection connection) {
                connections.add(connection);
            }
        }
        return connections;
    }

    /**
     * Stops accepting, gives commands a moment to end by themselves (the one that shuts the node down is among them),
     * then interrupts them. Blocks for {@value #GRACE_MILLIS} plus {@value #END_MILLIS} ms at most.
     */
    @Override
    public void close() {
        if (closing) {
            return;
        }
        closing = true;
        pool.shutdown();
        try {
            server.close();
            selector.wakeup();
            if (!pool.awaitTermination(GRACE_MILLIS, TimeUnit.MILLISECONDS)) {
                connections().forEach(connection -> connection.cancel("the node's command socket is closing"));
                if (!pool.awaitTermination(END_MILLIS, TimeUnit.MILLISECONDS)) {
                    LOG.warn("Commands that do not heed their interrupt are left behind");
                    pool.shutdownNow();
                }
            }
            connections().forEach(Connection::close);
            selector.close();
            thread.join(END_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            pool.shutdownNow();
        } catch (IOException e) {
            LOG.warn("Closing the command socket failed: {}", e.toString(), e);
        }
    }
}
