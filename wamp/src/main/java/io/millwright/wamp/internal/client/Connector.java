package io.millwright.wamp.internal.client;

import io.millwright.wamp.WampConnectionException;
import io.millwright.wamp.WampException;
import io.millwright.wamp.client.Transport;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The client's thread: connects, reads, connects again. */
final class Connector {
    /** How long the router's goodbye is waited for. */
    static final int GOODBYE_SECONDS = 5;

    private final Settings settings;
    private final ClientCore core;
    private final Thread thread;
    private final CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();
    private final Object lock = new Object();
    private boolean started;
    private boolean stopped;
    private @Nullable Link link;

    Connector(Settings settings, ClientCore core) {
        this.settings = settings;
        this.core = core;
        thread = new Thread(this::run, "wamp-" + settings.name());
        thread.setDaemon(true);
    }

    /** Done when the thread is at its end. */
    CompletableFuture<@Nullable Void> ended() {
        return ended;
    }

    void start() {
        synchronized (lock) {
            if (started || stopped) {
                return;
            }
            started = true;
        }
        thread.start();
    }

    /** Ends the session in order, or whatever is on its way to one. */
    void stop() {
        Link now;
        boolean idle;
        synchronized (lock) {
            now = stopped ? null : link;
            idle = !started && !stopped;
            stopped = true;
        }
        if (idle) {
            finish(closed());
        } else if (now != null) {
            now.leave();
            CompletableFuture<@Nullable Void> late = new CompletableFuture<>();
            late.completeOnTimeout(null, GOODBYE_SECONDS, TimeUnit.SECONDS).thenRun(now::close);
            ended.thenRun(() -> late.cancel(false));
        } else {
            thread.interrupt();
        }
    }

    private static WampConnectionException closed() {
        return new WampConnectionException("the client is closed", null);
    }

    private void run() {
        WampException why = closed();
        try {
            long delay = first();
            boolean again = true;
            while (again && !isStopped()) {
                Session session = null;
                try {
                    Connection connection = open();
                    session = connection.session();
                    why = read(connection);
                } catch (IOException | RuntimeException | Error e) {
                    why = e instanceof WampException w
                            ? w
                            : new WampConnectionException(
                                    "there is no connection to the router (" + settings.transport() + "): "
                                            + e.getMessage(),
                                    e);
                }
                boolean joined = session != null && session.link().session() != null;
                again = core.disconnected(why, isStopped());
                delay = joined ? first() : delay;
                if (again) {
                    delay = pause(delay);
                }
            }
        } finally {
            finish(isStopped() ? closed() : why);
        }
    }

    private record Connection(Transport.Connection transport, Session session) {}

    private long first() {
        Duration first = settings.firstDelay();
        return first == null ? 0 : first.toMillis();
    }

    private boolean isStopped() {
        synchronized (lock) {
            return stopped;
        }
    }

    private Connection open() throws IOException {
        Transport.Connection transport = settings.transport().open(settings.serializer(), settings.maxLength());
        Link opened = new Link(transport, settings.serializer());
        synchronized (lock) {
            link = opened;
            if (stopped) {
                opened.close();
            }
        }
        return new Connection(transport, new Session(core, settings, opened));
    }

    /** Reads until the connection ends, and says why it did. */
    private WampException read(Connection connection) {
        Session session = connection.session();
        Link opened = session.link();
        CompletableFuture<@Nullable Void> late = new CompletableFuture<>();
        late.completeOnTimeout(null, settings.joinTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .thenRun(() -> tooLate(opened));
        Throwable cause = null;
        try {
            session.hello();
            connection.transport().run(session::receive);
        } catch (IOException | RuntimeException | Error e) {
            cause = e;
        } finally {
            late.cancel(false);
            synchronized (lock) {
                link = null;
            }
        }
        WampException why = opened.ended(cause);
        session.ended();
        return why;
    }

    private void tooLate(Link opened) {
        if (opened.session() == null) {
            opened.endsBecause(new WampConnectionException(
                    "the router did not let the client in within " + settings.joinTimeout(), null));
            opened.close();
        }
    }

    /** Waits before the next try; the delay of the one after it. */
    private long pause(long delay) {
        try {
            Thread.sleep(delay / 2 + ThreadLocalRandom.current().nextLong(delay / 2 + 1));
        } catch (InterruptedException e) {
            // The loop looks whether it is to stop.
            return delay;
        }
        return Math.min(settings.longestDelay().toMillis(), 2 * delay);
    }

    private void finish(WampException why) {
        core.over(why);
        ended.complete(null);
    }
}
