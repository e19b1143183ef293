package io.millwright.wamp.internal.client;

import io.millwright.wamp.WampException;
import io.millwright.wamp.message.MessageType;
import io.millwright.wamp.message.Payload;
import io.millwright.wamp.message.WampMessage;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A subscription or registration the application wants, with or without a connection.
 *
 * @param <S> what the application holds of it
 */
abstract class Wanted<S> {
    final ClientCore core;
    final String uri;
    final Map<String, Object> options;
    final Lane lane;
    /** Completes when the router has agreed for the first time. */
    final CompletableFuture<S> made = new CompletableFuture<>();

    private final AtomicLong lost = new AtomicLong();
    /** The application wants it no longer. */
    volatile boolean ended;
    /** Where it is in force, with the router's id there; {@code null} while it is not. */
    volatile @Nullable Session session;

    volatile long id;

    Wanted(ClientCore core, String uri, Map<String, Object> options) {
        this.core = core;
        this.uri = uri;
        this.options = options;
        this.lane = core.lane(uri);
    }

    abstract S self();

    abstract MessageType request();

    abstract WampMessage requested(long requestId);

    /** The router's id in its answer, 0 if the message is none. */
    abstract long idIn(WampMessage answer);

    /** The request that ends it. */
    abstract WampMessage undone(long requestId);

    abstract MessageType undoing();

    abstract boolean isUndone(WampMessage answer);

    final long lost() {
        return lost.get();
    }

    /** One more was left out. */
    final void overrun() {
        long count = lost.incrementAndGet();
        if (count == 1 || count % 1000 == 0) {
            core.tell(listener -> listener.overrun(uri, count));
        }
    }

    /** Asks the router for it. */
    final void ask(Session where) {
        where.link().request(new Asked(where), Payload.EMPTY, this::requested);
    }

    /** Tells the router that it is over; the future completes in any case. */
    final CompletableFuture<@Nullable Void> undo(Session where) {
        CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
        where.link().request(new Undone(done, where), Payload.EMPTY, this::undone);
        return done;
    }

    private final class Asked implements Answer {
        private final Session where;

        Asked(Session where) {
            this.where = where;
        }

        @Override
        public MessageType request() {
            return Wanted.this.request();
        }

        @Override
        public boolean isAnswer(WampMessage message) {
            return idIn(message) != 0;
        }

        @Override
        public void reply(WampMessage message) {
            id = idIn(message);
            where.place(Wanted.this);
            session = where;
            core.answer(() -> made.complete(self()));
            if (ended) {
                core.release(Wanted.this);
            }
        }

        @Override
        public void fail(WampException why) {
            core.notMade(Wanted.this, why);
        }
    }

    private final class Undone implements Answer {
        private final CompletableFuture<@Nullable Void> done;
        private final Session where;

        Undone(CompletableFuture<@Nullable Void> done, Session where) {
            this.done = done;
            this.where = where;
        }

        @Override
        public MessageType request() {
            return undoing();
        }

        @Override
        public boolean isAnswer(WampMessage message) {
            return isUndone(message);
        }

        @Override
        public void reply(WampMessage message) {
            core.undone(Wanted.this, where);
            core.answer(() -> done.complete(null));
        }

        /** Whatever is wrong, it is not there any more. */
        @Override
        public void fail(WampException why) {
            core.answer(() -> done.complete(null));
        }
    }
}
