package io.millwright.wamp.internal.client;

import io.millwright.wamp.Ids;
import io.millwright.wamp.WampConnectionException;
import io.millwright.wamp.WampEncodingException;
import io.millwright.wamp.WampErrorException;
import io.millwright.wamp.WampErrors;
import io.millwright.wamp.WampException;
import io.millwright.wamp.WampProtocolException;
import io.millwright.wamp.client.SessionInfo;
import io.millwright.wamp.client.Transport;
import io.millwright.wamp.message.Abort;
import io.millwright.wamp.message.ErrorMessage;
import io.millwright.wamp.message.Goodbye;
import io.millwright.wamp.message.Payload;
import io.millwright.wamp.message.WampMessage;
import io.millwright.wamp.serial.Serializer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** One connection with its session: what was asked and not answered yet. Ends once, and fails what is open then. */
final class Link {
    /** What may wait to be sent before requests are refused, in bytes. */
    private static final long MOST_WAITING = 4 << 20;

    private final Transport.Connection connection;
    private final Serializer serializer;
    private final Map<Long, Answer> open = new ConcurrentHashMap<>();
    /** Guards the order in which ids are given and messages sent; no code of an application runs under it but that of its values. */
    private final Object sending = new Object();

    private long lastId;
    private boolean ended;
    private volatile @Nullable SessionInfo session;
    private volatile @Nullable WampException end;
    private volatile boolean leaving;
    private volatile boolean saidGoodbye;

    Link(Transport.Connection connection, Serializer serializer) {
        this.connection = connection;
        this.serializer = serializer;
    }

    @Nullable
    SessionInfo session() {
        return session;
    }

    void session(SessionInfo joined) {
        session = joined;
    }

    /** Whether a goodbye of the client's own is on its way. */
    boolean isLeaving() {
        return leaving;
    }

    /** Whether so much waits to be sent that nothing new should be asked. */
    boolean isCongested() {
        return connection.waiting() > MOST_WAITING;
    }

    /** Gives the request an id and sends it; its answer is told of each failure. */
    void request(Answer answer, Payload payload, LongFunction<WampMessage> make) {
        WampException failure = null;
        try {
            // Values of the application, encoded before the lock is taken.
            payload.in(serializer);
            synchronized (sending) {
                if (ended) {
                    throw new WampConnectionException("the connection to the router is lost", null);
                }
                long id = Ids.next(lastId);
                byte[] bytes = serializer.encode(make.apply(id));
                open.put(id, answer);
                try {
                    connection.send(bytes);
                    lastId = id;
                } catch (IOException | RuntimeException e) {
                    open.remove(id);
                    throw e;
                }
            }
        } catch (WampException e) {
            failure = e;
        } catch (IOException e) {
            failure = new WampConnectionException("the connection to the router is lost", e);
        } catch (RuntimeException e) {
            failure = new WampEncodingException("a value cannot be read: " + e, e);
        }
        if (failure != null) {
            answer.fail(failure);
        }
    }

    /** No longer awaits an answer; whether it was awaited. */
    boolean forget(long id) {
        return open.remove(id) != null;
    }

    /** Sends a message that is no request. Fails in silence without a connection: then nobody waits for it. */
    void send(WampMessage message) {
        byte[] bytes = serializer.encode(message);
        synchronized (sending) {
            try {
                if (!ended) {
                    connection.send(bytes);
                }
            } catch (IOException e) {
                connection.close();
            }
        }
    }

    /** An answer to a request of this type, or an error. */
    void answered(long id, WampMessage message) {
        Answer answer = open.get(id);
        // What was cancelled may be answered all the same.
        if (answer == null) {
            return;
        }
        if (message instanceof ErrorMessage error) {
            if (error.requestType() != answer.request().code()) {
                throw new WampProtocolException("an ERROR answers another request than it says");
            }
            if (forget(id)) {
                answer.fail(new WampErrorException(error.error(), error.payload()));
            }
            return;
        }
        if (!answer.isAnswer(message)) {
            throw new WampProtocolException(message.type() + " answers a request that is none for it");
        }
        if (answer.isPart(message) || forget(id)) {
            answer.reply(message);
        }
    }

    /** Says goodbye, and ends without the router's answer if there is no session. */
    void leave() {
        leaving = true;
        if (session == null) {
            connection.close();
        } else {
            sayGoodbye(WampErrors.CLOSE_NORMAL);
        }
    }

    private void sayGoodbye(String reason) {
        if (!saidGoodbye) {
            saidGoodbye = true;
            send(new Goodbye(Map.of(), reason));
        }
    }

    /** The router's goodbye, an answer to the client's or not. */
    void goodbye(Goodbye goodbye) {
        if (!leaving) {
            endsBecause(new WampConnectionException("the router ended the session: " + goodbye.reason(), null));
            sayGoodbye(WampErrors.GOODBYE_AND_OUT);
        }
        connection.close();
    }

    /** Tells the router that it broke the protocol, and ends. */
    void abort(WampProtocolException why) {
        endsBecause(why);
        try {
            send(new Abort(why.uri(), String.valueOf(why.getMessage())));
        } finally {
            connection.close();
        }
    }

    /** Why it ends, unless that is known already. */
    void endsBecause(WampException why) {
        if (end == null) {
            end = why;
        }
    }

    void close() {
        connection.close();
    }

    /** The connection is at its end: each request that is open fails. */
    WampException ended(@Nullable Throwable cause) {
        WampException why = end;
        if (why == null) {
            why = cause instanceof WampException e
                    ? e
                    : new WampConnectionException(
                            leaving
                                    ? "the client has left"
                                    : "the connection to the router is lost"
                                            + (cause == null ? "" : ": " + cause.getMessage()),
                            cause);
            end = why;
        }
        List<Answer> unanswered;
        synchronized (sending) {
            ended = true;
            unanswered = new ArrayList<>(open.values());
            open.clear();
        }
        connection.close();
        WampException lost = why instanceof WampConnectionException
                ? why
                : new WampConnectionException("the session has ended: " + why.getMessage(), why);
        unanswered.forEach(answer -> answer.fail(lost));
        return why;
    }
}
