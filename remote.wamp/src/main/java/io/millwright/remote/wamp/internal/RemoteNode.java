package io.millwright.remote.wamp.internal;

import io.millwright.controller.api.NodeController;
import io.millwright.wamp.WampErrors;
import io.millwright.wamp.router.Limits;
import io.millwright.wamp.router.LocalSession;
import io.millwright.wamp.router.Realm;
import io.millwright.wamp.router.Router;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node in a realm of its own: a session that has the operations as procedures and publishes the events. One thread does the quick
 * operations in the order they were called, up to four those that block; all end when there is nothing to do. Thread-safe.
 */
final class RemoteNode implements AutoCloseable {
    /** The name of the role of the node's own session; nobody else has it. */
    static final String ROLE = "node";

    /** What sessions may have and do. */
    static final Limits LIMITS = Limits.DEFAULT;

    private static final Logger LOG = LoggerFactory.getLogger(RemoteNode.class);
    private static final int BLOCKING_THREADS = 4;
    private static final long IDLE_SECONDS = 10;
    private static final long GOODBYE_SECONDS = 5;

    private final ExecutorService calls;
    private final ExecutorService pool;
    private final Realm realm;
    private final LocalSession session;
    private final EventRelay events;
    private final LogRelay logs;
    private final WorkerChannels channels;

    /**
     * Adds the realm to a router. Blocks until the operations can be called.
     *
     * @param prefix the realm, and what URIs begin with
     * @param node the node
     * @param router the router
     * @param socket where workers reach the router
     * @param sockets opens those of workers of other users
     * @param gate who may come in
     * @param access what each role may do
     */
    RemoteNode(
            String prefix,
            NodeController node,
            Router router,
            Samplers samplers,
            Answered answered,
            Path socket,
            WorkerChannels.Sockets sockets,
            Gate gate,
            Access access) {
        // The router bounds the calls of each session.
        calls = threads(1, new LinkedBlockingQueue<>(), "millwright-remote");
        pool = threads(BLOCKING_THREADS, new LinkedBlockingQueue<>(), "millwright-remote-call");
        realm = router.addRealm(prefix, LIMITS);
        Access.roles(prefix).forEach(realm.roles()::put);
        session = realm.open("node", ROLE, calls);
        new Procedures(prefix, node, pool, answered, samplers, access::of)
                .register(session)
                .toCompletableFuture()
                .join();
        logs = new LogRelay(prefix, node, session);
        events = new EventRelay(prefix, node, session, answered, logs::onEvent);
        channels = new WorkerChannels(
                prefix, socket.toString(), sockets, gate.ownUser(), realm, session, gate.workers(), calls);
        realm.setAuthenticators(gate.authenticators());
    }

    /** Threads that end when there is nothing to do. */
    private static ExecutorService threads(int most, BlockingQueue<Runnable> queue, String name) {
        AtomicInteger number = new AtomicInteger();
        ThreadPoolExecutor executor =
                new ThreadPoolExecutor(most, most, IDLE_SECONDS, TimeUnit.SECONDS, queue, task -> {
                    Thread thread = new Thread(task, most == 1 ? name : name + "-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }

    /** The realm of the node. */
    Realm realm() {
        return realm;
    }

    /** The control channels of native workers. */
    WorkerChannels channels() {
        return channels;
    }

    /** Says goodbye to all sessions and ends. Blocks for some seconds at most. */
    @Override
    public void close() {
        events.close();
        logs.close();
        wait(realm.close(WampErrors.SYSTEM_SHUTDOWN, "the node's remote management ends")
                .toCompletableFuture());
        session.close();
        calls.shutdown();
        pool.shutdown();
    }

    private static void wait(CompletableFuture<Void> told) {
        try {
            told.get(GOODBYE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("Not every remote session could be told that the node's remote management ends: {}", e.toString());
        }
    }
}
