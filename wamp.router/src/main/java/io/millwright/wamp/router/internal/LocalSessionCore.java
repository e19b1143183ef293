package io.millwright.wamp.router.internal;

import io.millwright.wamp.Ids;
import io.millwright.wamp.MatchPolicy;
import io.millwright.wamp.WampErrors;
import io.millwright.wamp.message.Call;
import io.millwright.wamp.message.Cancel;
import io.millwright.wamp.message.Payload;
import io.millwright.wamp.message.Publish;
import io.millwright.wamp.message.Register;
import io.millwright.wamp.message.Subscribe;
import io.millwright.wamp.message.Unregister;
import io.millwright.wamp.message.Unsubscribe;
import io.millwright.wamp.message.WampMessage;
import io.millwright.wamp.router.CallWith;
import io.millwright.wamp.router.LocalSession;
import io.millwright.wamp.router.Peer;
import io.millwright.wamp.router.Principal;
import io.millwright.wamp.router.Procedure;
import io.millwright.wamp.router.ProcedureException;
import io.millwright.wamp.router.PublishTo;
import io.millwright.wamp.router.SessionInfo;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** A session of this process: asks in the router's turns; what comes back is {@link LocalInbox}'s. */
final class LocalSessionCore implements LocalSession {
    private final RealmCore realm;
    private final SessionInfo info;
    private final LocalInbox inbox;
    private final Session session;
    private long lastRequest;

    LocalSessionCore(RealmCore realm, String authid, String role, Executor handlers) {
        this.realm = realm;
        Principal principal = Principal.of(authid, role).asSpared();
        Peer peer = Peer.of("local", "local", "local").asConfidential();
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        this.info = SessionInfo.of(Ids.random(), realm.name(), principal, "local", peer, now);
        Turns turns = new Turns(handlers, e -> realm.router().notices().failed("a handler of this process", info, e));
        this.inbox = new LocalInbox(realm, turns);
        this.session = new Session(realm.router(), peer, inbox);
    }

    void open() {
        realm.router().turn(() -> {
            inbox.session(session);
            session.joinedHere(realm, info);
            realm.joined(session);
        });
    }

    @Override
    public SessionInfo info() {
        return info;
    }

    /** Asks in a turn; the message is made with the request it gets. */
    private void ask(LongFunction<WampMessage> message, LongConsumer expect, @Nullable CompletableFuture<?> result) {
        realm.router().turn(() -> askInTurn(message, expect, result));
    }

    private void askInTurn(
            LongFunction<WampMessage> message, LongConsumer expect, @Nullable CompletableFuture<?> result) {
        if (!session.isJoined()) {
            if (result != null) {
                inbox.fail(result, new ProcedureException(WampErrors.CANCELED, "this session is closed"));
            }
            return;
        }
        long request = ++lastRequest;
        expect.accept(request);
        session.handleHere(message.apply(request));
    }

    private static void nothing(long request) {}

    @Override
    public CompletionStage<Handle> register(String procedure, MatchPolicy match, Procedure handler) {
        Map<String, Object> options = options(match);
        CompletableFuture<Handle> result = new CompletableFuture<>();
        new Register(1, options, procedure);
        ask(
                request -> new Register(request, options, procedure),
                request -> inbox.expectRegistered(request, procedure, handler, result, this::unregister),
                result);
        return result;
    }

    /** In the turn of the handle that is closed: what is registered after that comes later. */
    private void unregister(long registration) {
        askInTurn(request -> new Unregister(request, registration), LocalSessionCore::nothing, null);
    }

    @Override
    public CompletionStage<Handle> subscribe(String topic, MatchPolicy match, Consumer<Event> handler) {
        Map<String, Object> options = options(match);
        CompletableFuture<Handle> result = new CompletableFuture<>();
        new Subscribe(1, options, topic);
        ask(
                request -> new Subscribe(request, options, topic),
                request -> inbox.expectSubscribed(request, topic, handler, result, this::unsubscribe),
                result);
        return result;
    }

    /** As {@link #unregister}. */
    private void unsubscribe(long subscription) {
        askInTurn(request -> new Unsubscribe(request, subscription), LocalSessionCore::nothing, null);
    }

    private static Map<String, Object> options(MatchPolicy match) {
        return match == MatchPolicy.EXACT ? Map.of() : Map.of("match", match.word());
    }

    @Override
    public void publish(String topic, Payload payload, PublishTo to) {
        Publish message = new Publish(1, to.options(), topic, payload);
        ask(request -> message, LocalSessionCore::nothing, null);
    }

    @Override
    public boolean isHeard() {
        return realm.broker().isHeard();
    }

    @Override
    public PendingCall call(String procedure, Payload payload, CallWith with) {
        Map<String, Object> options = new LinkedHashMap<>();
        if (!with.timeout().isZero()) {
            options.put("timeout", Math.max(1, with.timeout().toMillis()));
        }
        if (with.progress() != null) {
            options.put("receive_progress", true);
        }
        new Call(1, options, procedure, Payload.EMPTY);
        OwnCall call = new OwnCall();
        ask(
                request -> new Call(request, options, procedure, payload),
                request -> {
                    call.request = request;
                    inbox.expectResult(request, call.result, with.progress());
                },
                call.result);
        return call;
    }

    /** A call of this session. */
    private final class OwnCall implements PendingCall {
        final CompletableFuture<Payload> result = new CompletableFuture<>();
        /** Belongs to the router's turns. */
        long request;

        @Override
        public CompletionStage<Payload> result() {
            return result;
        }

        @Override
        public void cancel() {
            realm.router().turn(() -> {
                if (session.isJoined() && request > 0) {
                    session.handleHere(new Cancel(request, Map.of("mode", "killnowait")));
                }
            });
        }
    }

    @Override
    public Handle watch(String topic, IntConsumer subscribers) {
        Handle handle = new Handle() {
            @Override
            public void close() {
                realm.router().turn(() -> realm.broker().watches().remove(this));
            }
        };
        realm.router().turn(() -> {
            if (session.isJoined()) {
                IntConsumer told = count -> inbox.handlers().execute(() -> subscribers.accept(count));
                realm.broker().watches().add(handle, topic, session, told);
            }
        });
        return handle;
    }

    @Override
    public void close() {
        realm.router().turn(() -> session.over("it left", false));
    }

    @Override
    public String toString() {
        return info.toString();
    }
}
