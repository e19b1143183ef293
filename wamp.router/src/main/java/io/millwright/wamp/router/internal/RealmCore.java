package io.millwright.wamp.router.internal;

import io.millwright.wamp.Ids;
import io.millwright.wamp.WampErrors;
import io.millwright.wamp.message.Call;
import io.millwright.wamp.message.Cancel;
import io.millwright.wamp.message.ErrorMessage;
import io.millwright.wamp.message.Publish;
import io.millwright.wamp.message.Register;
import io.millwright.wamp.message.Subscribe;
import io.millwright.wamp.message.Unregister;
import io.millwright.wamp.message.Unsubscribe;
import io.millwright.wamp.message.WampMessage;
import io.millwright.wamp.message.Yield;
import io.millwright.wamp.router.Authenticator;
import io.millwright.wamp.router.Limits;
import io.millwright.wamp.router.LocalSession;
import io.millwright.wamp.router.Peer;
import io.millwright.wamp.router.Realm;
import io.millwright.wamp.router.RealmFigures;
import io.millwright.wamp.router.Roles;
import io.millwright.wamp.router.SessionInfo;
import io.millwright.wamp.router.SessionTraffic;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A realm: its sessions, and what they may do. */
final class RealmCore implements Realm {
    private final RouterCore router;
    private final String name;
    private volatile Limits limits;
    private final RolesCore roles = new RolesCore(this);
    private final Rights rights = new Rights(roles);
    private final Map<Long, Session> sessions = new LinkedHashMap<>();
    private final Map<String, Integer> hosts = new LinkedHashMap<>();
    private final Broker broker;
    private final Dealer dealer;
    private final Meter meter = new Meter(System::nanoTime);
    private final MetaEvents meta = new MetaEvents(this);
    private final MetaProcedures procedures = new MetaProcedures(this);
    private volatile List<Authenticator> authenticators = List.of();
    /** How many sessions the limit counts. */
    private int counted;

    private boolean closed;

    RealmCore(RouterCore router, String name, Limits limits) {
        this.router = router;
        this.name = name;
        this.limits = limits;
        this.broker = new Broker(this);
        this.dealer = new Dealer(this);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Roles roles() {
        return roles;
    }

    @Override
    public void setAuthenticators(List<Authenticator> all) {
        authenticators = List.copyOf(all);
    }

    @Override
    public void setLimits(Limits next) {
        limits = next;
    }

    @Override
    public LocalSession open(String authid, String role, Executor handlers) {
        LocalSessionCore session = new LocalSessionCore(this, authid, role, handlers);
        session.open();
        return session;
    }

    @Override
    public CompletionStage<List<SessionInfo>> sessions() {
        return inTurn(() -> all().stream().map(Session::info).toList());
    }

    @Override
    public CompletionStage<List<SessionTraffic>> traffic() {
        return inTurn(() -> all().stream()
                .filter(session -> !session.isLocal())
                .map(Session::traffic)
                .toList());
    }

    @Override
    public CompletionStage<RealmFigures> figures() {
        return inTurn(() -> new RealmFigures(
                (int) all().stream().filter(session -> !session.isLocal()).count(),
                dealer.count(),
                broker.count(),
                meter.allReceived(),
                meter.allSent(),
                meter.receivedRate(),
                meter.sentRate()));
    }

    @Override
    public CompletionStage<Boolean> end(long session, String reason, String message) {
        return inTurn(() -> endAll(s -> s.id() == session && !s.isLocal(), reason, message) > 0);
    }

    @Override
    public CompletionStage<Integer> end(String authid, String reason, String message) {
        return inTurn(() -> endAll(s -> s.info().authid().equals(authid) && !s.isLocal(), reason, message));
    }

    @Override
    public CompletionStage<Void> close(String reason, String message) {
        return inTurn(() -> {
            closed = true;
            endAll(session -> true, reason, message);
            return null;
        });
    }

    private <T extends @Nullable Object> CompletionStage<T> inTurn(Supplier<T> task) {
        CompletableFuture<T> result = new CompletableFuture<>();
        router.turn(() -> result.complete(task.get()));
        return result;
    }

    RouterCore router() {
        return router;
    }

    Limits limits() {
        return limits;
    }

    Meter meter() {
        return meter;
    }

    Broker broker() {
        return broker;
    }

    Dealer dealer() {
        return dealer;
    }

    Rights rights() {
        return rights;
    }

    MetaEvents meta() {
        return meta;
    }

    Collection<Session> all() {
        return Collections.unmodifiableCollection(sessions.values());
    }

    @Nullable
    Session session(long id) {
        return sessions.get(id);
    }

    /** A message of a session that has joined; {@code false} if a client does not send such messages. */
    boolean handle(Session session, WampMessage message) {
        switch (message.type()) {
            case PUBLISH -> broker.publish(session, (Publish) message);
            case SUBSCRIBE -> broker.subscribe(session, (Subscribe) message);
            case UNSUBSCRIBE -> broker.unsubscribe(session, (Unsubscribe) message);
            case CALL -> call(session, (Call) message);
            case CANCEL -> dealer.cancel(session, (Cancel) message);
            case REGISTER -> dealer.register(session, (Register) message);
            case UNREGISTER -> dealer.unregister(session, (Unregister) message);
            case YIELD -> dealer.yield(session, (Yield) message);
            case ERROR -> {
                return dealer.error(session, (ErrorMessage) message);
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private void call(Session session, Call message) {
        if (isReserved(message.procedure())) {
            procedures.call(session, message);
        } else {
            dealer.call(session, message);
        }
    }

    /** Whether a URI is the router's own. */
    static boolean isReserved(String uri) {
        return uri.startsWith("wamp.") || uri.equals("wamp");
    }

    void roleChanged(String role) {
        router.turn(() -> {
            for (Session session : List.copyOf(sessions.values())) {
                if (session.isLocal() || !session.info().role().equals(role)) {
                    continue;
                }
                if (roles.get(role) == null) {
                    session.end(WampErrors.CLOSE_KILLED, "the role '" + role + "' is no more");
                } else {
                    broker.recheck(session);
                    dealer.recheck(session);
                }
            }
        });
    }

    /** Why a spared session cannot join, {@code null} if it can. */
    @Nullable
    String shut() {
        return closed ? "the realm is closing" : null;
    }

    /** Why no other session can join, {@code null} if one can. */
    @Nullable
    String full(Peer peer) {
        if (counted >= limits.sessions()) {
            return "the realm has " + counted + " sessions, and may have no more";
        }
        // A user whom the kernel names is the machine's own matter: a node's workers all come as one.
        int same = peer.uid() >= 0 ? 0 : hosts.getOrDefault(peer.host(), 0);
        return same >= limits.sessionsPerPeer()
                ? "there are " + same + " sessions from " + peer.host() + ", and may be no more"
                : null;
    }

    long newSessionId() {
        long id = Ids.random();
        while (sessions.containsKey(id)) {
            id = Ids.random();
        }
        return id;
    }

    /** The first of the methods that is offered to this peer, in the order of the peer's wishes. */
    @Nullable
    Authenticator authenticator(List<String> wanted, Peer peer) {
        for (String method : wanted) {
            for (Authenticator authenticator : authenticators) {
                if (authenticator.method().equals(method) && authenticator.isOffered(peer)) {
                    return authenticator;
                }
            }
        }
        return null;
    }

    List<String> methods(Peer peer) {
        return authenticators.stream()
                .filter(a -> a.isOffered(peer))
                .map(Authenticator::method)
                .distinct()
                .toList();
    }

    void joined(Session session) {
        sessions.put(session.id(), session);
        if (!session.isOwners()) {
            counted++;
            hosts.merge(session.peer().host(), 1, Integer::sum);
        }
        meta.joined(session);
        router.notices().joined(session.info());
    }

    /** A session is over; nothing is sent to it any more. */
    void left(Session session, String why, boolean forced) {
        dealer.leave(session);
        broker.watches().removeAll(session);
        broker.leave(session);
        for (Testament testament : session.has.testaments) {
            broker.publish(session, Ids.random(), testament.options(), testament.topic(), testament.payload());
        }
        session.has.testaments.clear();
        sessions.remove(session.id());
        if (!session.isOwners()) {
            counted--;
            hosts.computeIfPresent(session.peer().host(), (host, count) -> count == 1 ? null : count - 1);
        }
        meta.left(session);
        router.notices().left(session.info(), why, forced);
    }

    /** Ends the sessions that match; how many. */
    int endAll(Predicate<Session> which, String reason, String message) {
        List<Session> found = sessions.values().stream().filter(which).toList();
        found.forEach(session -> session.end(reason, message));
        return found.size();
    }
}
