package io.millwright.wamp.router.internal;

import io.millwright.wamp.WampErrors;
import io.millwright.wamp.WampProtocolException;
import io.millwright.wamp.message.Abort;
import io.millwright.wamp.message.Authenticate;
import io.millwright.wamp.message.ErrorMessage;
import io.millwright.wamp.message.Goodbye;
import io.millwright.wamp.message.Hello;
import io.millwright.wamp.message.MessageType;
import io.millwright.wamp.message.Payload;
import io.millwright.wamp.message.WampMessage;
import io.millwright.wamp.router.Connection;
import io.millwright.wamp.router.Limits;
import io.millwright.wamp.router.Outbound;
import io.millwright.wamp.router.Outbound.Offer;
import io.millwright.wamp.router.Peer;
import io.millwright.wamp.router.SessionInfo;
import io.millwright.wamp.router.SessionTraffic;
import io.millwright.wamp.serial.SharedMessage;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A connection, and the session on it: its state machine, and how it ends. */
final class Session implements Connection {
    /** Each message has states in which it may come; in any other it is a violation of the protocol. */
    private enum State {
        /** Waits for HELLO. */
        NEW,
        /** An authenticator thinks: the peer waits. */
        WAITING,
        /** Waits for AUTHENTICATE. */
        CHALLENGED,
        /** All but what opens a session. */
        JOINED,
        /** A GOODBYE of the router was sent: what the peer has sent before it saw that is passed over. */
        LEAVING,
        /** Over. */
        CLOSED
    }

    private static final Duration GOODBYE_TIME = Duration.ofSeconds(2);

    private final RouterCore router;
    private final Peer peer;
    private final Line line;
    private final Handshake handshake;
    private volatile State state = State.NEW;
    private volatile @Nullable RealmCore realm;
    private @Nullable SessionInfo info;
    private Features features = Features.NONE;
    private boolean local;
    private volatile boolean isOwners;
    private long received;
    private long refused;

    /** Its registrations, subscriptions, calls, …: the broker's, the dealer's and the testaments' business. */
    final Holdings has = new Holdings();

    Session(RouterCore router, Peer peer, Outbound out) {
        this.router = router;
        this.peer = peer;
        this.line = new Line(out, e -> router.notices().failed("a message to a session", info, e));
        this.handshake = new Handshake(router, this);
    }

    @Override
    public void receive(WampMessage message) {
        turn(() -> handle(message));
    }

    @Override
    public void violation(WampProtocolException what) {
        turn(() -> {
            if (what.requestId() != 0 && state == State.JOINED) {
                if (what.isAwaited()) {
                    error(what.requestType(), what.requestId(), what.uri(), String.valueOf(what.getMessage()));
                }
            } else if (state != State.CLOSED && state != State.LEAVING) {
                abort(what.uri(), String.valueOf(what.getMessage()));
            }
        });
    }

    @Override
    public void closed(String why) {
        turn(() -> over(why, false));
    }

    @Override
    public void drained() {
        turn(this::room);
    }

    @Override
    public int maxMessageBytes() {
        return state == State.JOINED || state == State.LEAVING ? limits().messageBytes() : limits().helloBytes();
    }

    /**
     * Those of its realm, which may change; where nothing is said before it has one, and of sessions of this process and spared ones: an
     * operator who limits others does not mean the router's owner.
     */
    Limits limits() {
        RealmCore known = realm;
        return known == null || isOwners ? Limits.DEFAULT : known.limits();
    }

    /** Whether it is of this process, or spared. */
    boolean isOwners() {
        return isOwners;
    }

    @Override
    public boolean isJoined() {
        return state == State.JOINED;
    }

    /** A fault of the router itself ends the session that met it, and no other. */
    @SuppressWarnings("CatchingUnchecked")
    private void turn(Runnable task) {
        router.turn(() -> {
            try {
                task.run();
            } catch (Throwable e) {
                router.notices().failed("a message of a session", info, e);
                abort(WampErrors.RUNTIME_ERROR, "the router failed at this message; its log says why");
            }
        });
    }

    /** A message of this process, in a turn already. */
    void handleHere(WampMessage message) {
        realm().handle(this, message);
    }

    private void handle(WampMessage message) {
        received++;
        MessageType type = message.type();
        switch (state) {
            case NEW -> {
                if (message instanceof Hello hello) {
                    handshake.begin(hello);
                } else {
                    unexpected(type, "a session begins with HELLO");
                }
            }
            case CHALLENGED -> {
                if (message instanceof Authenticate answer) {
                    handshake.answer(answer);
                } else {
                    unexpected(type, "a CHALLENGE is answered by AUTHENTICATE");
                }
            }
            case WAITING -> unexpected(type, "a HELLO or AUTHENTICATE is to be answered first");
            case JOINED -> {
                realm().meter().received();
                if (message instanceof Goodbye) {
                    send(new Goodbye(Map.of(), WampErrors.GOODBYE_AND_OUT));
                    over("it left", false);
                } else if (!realm().handle(this, message)) {
                    unexpected(type, "the session has joined, and this is nothing a client sends then");
                }
            }
            case LEAVING -> {
                if (message instanceof Goodbye) {
                    over("it left", false);
                }
            }
            case CLOSED -> {}
        }
    }

    private void unexpected(MessageType type, String why) {
        if (type == MessageType.ABORT) {
            over("it gave up (ABORT)", false);
        } else {
            abort(WampErrors.PROTOCOL_VIOLATION, type + " is not expected now: " + why);
        }
    }

    /** The session is about to be welcomed; the handshake has checked that. */
    void joined(RealmCore joined, SessionInfo known, Features announced) {
        realm = joined;
        isOwners = local || known.principal().isSpared();
        info = known;
        features = announced;
        state = State.JOINED;
    }

    /** The same for a session of this process. */
    void joinedHere(RealmCore joined, SessionInfo known) {
        local = true;
        joined(joined, known, Features.ALL);
    }

    void chosen(RealmCore chosen) {
        realm = chosen;
    }

    void waiting() {
        state = State.WAITING;
    }

    void challenged() {
        state = State.CHALLENGED;
    }

    boolean isWaiting() {
        return state == State.WAITING;
    }

    boolean isLocal() {
        return local;
    }

    Peer peer() {
        return peer;
    }

    long id() {
        return info().id();
    }

    /** Who it is; only of sessions that have joined. */
    SessionInfo info() {
        return Objects.requireNonNull(info, "the session has not joined");
    }

    SessionTraffic traffic() {
        return SessionTraffic.of(
                info(),
                received,
                line.receivedBytes(),
                line.sent(),
                line.sentBytes(),
                line.lost(),
                refused,
                line.queuedBytes());
    }

    RealmCore realm() {
        return Objects.requireNonNull(realm, "the session has no realm");
    }

    Features features() {
        return features;
    }

    Offer send(WampMessage message) {
        return send(SharedMessage.of(message));
    }

    /** Sends; never waits. Past its bound the session is ended, in a turn of its own. */
    Offer send(SharedMessage message) {
        if (state == State.CLOSED || state == State.LEAVING) {
            return Offer.CLOSED;
        }
        Offer offer = line.offer(message);
        RealmCore known = realm;
        if (offer == Offer.TAKEN && known != null && !local) {
            known.meter().sent();
        }
        long most = limits().queuedBytes();
        if (line.isFull(most)) {
            turn(() -> end(
                    WampErrors.CLOSE_KILLED,
                    "more than " + most + " bytes waited to be read; this session reads too slowly"));
        }
        return offer;
    }

    /** Sends an event; one that cannot be sent is lost, counted, and told at the first and whenever their number has doubled. */
    void sendEvent(SharedMessage message) {
        String why = line.lost(send(message));
        if (why != null) {
            router.notices().lost(info(), line.lost(), why);
        }
    }

    /** Counts a request that a limit refuses; tells of the first, and whenever their number has doubled. */
    void limited(String why) {
        refused++;
        if (Long.bitCount(refused) == 1) {
            router.notices().limited(peer, info, why);
        }
    }

    /** The same, and answers it. */
    void limited(MessageType type, long request, String why) {
        limited(why);
        error(type, request, WampErrors.UNAVAILABLE, why);
    }

    void error(int type, long request, String uri, String sentence) {
        send(new ErrorMessage(type, request, Map.of(), uri, Payload.args(sentence)));
    }

    void error(MessageType type, long request, String uri, String sentence) {
        error(type.code(), request, uri, sentence);
    }

    /** Calls a task as soon as little enough waits to be read, or the session is over. */
    void whenRoom(Runnable task) {
        line.whenRoom(task);
        room();
    }

    private void room() {
        line.room(state == State.JOINED ? limits().queuedBytes() / 8 : Long.MAX_VALUE);
    }

    /** Ends the connection with an ABORT. */
    void abort(String uri, String sentence) {
        abort(uri, sentence, sentence);
    }

    /** The same with other words for the log. */
    void abort(String uri, String sentence, String why) {
        if (state != State.CLOSED) {
            if (state != State.LEAVING) {
                line.offer(SharedMessage.of(new Abort(uri, sentence)));
            }
            over(why, true);
        }
    }

    /** Ends the session with a GOODBYE, and the connection when that is answered or has had its time. */
    void end(String reason, String sentence) {
        if (local) {
            over(sentence, true);
        } else if (state == State.JOINED) {
            line.offer(SharedMessage.of(new Goodbye(Map.of("message", sentence), reason)));
            state = State.LEAVING;
            left(sentence, true);
            router.later(() -> over("", true), GOODBYE_TIME);
        } else {
            abort(reason, sentence);
        }
    }

    /** The connection is over; the session too, if it still is one. */
    void over(String why, boolean forced) {
        State before = state;
        if (before == State.CLOSED) {
            return;
        }
        state = State.CLOSED;
        line.end();
        if (before == State.JOINED) {
            left(why, forced);
        } else if (before != State.LEAVING) {
            router.notices().refused(peer, why);
        }
    }

    private void left(String why, boolean forced) {
        realm().left(this, why, forced);
        room();
    }
}
