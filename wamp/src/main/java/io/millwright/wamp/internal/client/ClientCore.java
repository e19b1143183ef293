package io.millwright.wamp.internal.client;

import io.millwright.wamp.WampConnectionException;
import io.millwright.wamp.WampErrorException;
import io.millwright.wamp.WampErrors;
import io.millwright.wamp.WampException;
import io.millwright.wamp.client.CallRequest;
import io.millwright.wamp.client.ClientListener;
import io.millwright.wamp.client.PendingCall;
import io.millwright.wamp.client.Procedure;
import io.millwright.wamp.client.Publication;
import io.millwright.wamp.client.Registration;
import io.millwright.wamp.client.SessionInfo;
import io.millwright.wamp.client.Subscription;
import io.millwright.wamp.client.TopicEvent;
import io.millwright.wamp.client.WampClient;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The client: what the application wants, and the connection there is. */
public final class ClientCore implements WampClient {
    private static final Set<String> FINAL = Set.of(
            WampErrors.AUTHENTICATION_FAILED,
            WampErrors.NO_AUTH_METHOD,
            WampErrors.NO_SUCH_REALM,
            WampErrors.NO_SUCH_ROLE,
            WampErrors.NO_SUCH_PRINCIPAL,
            WampErrors.NOT_AUTHORIZED);
    private final Settings settings;
    private final Threads threads;
    /** Completes what was asked for, one after the other. */
    private final Lane answers;

    private final Lane told;
    private final Connector connector;
    private final CompletableFuture<SessionInfo> first = new CompletableFuture<>();
    /** Guards what is below; nothing is called under it. */
    private final Object lock = new Object();

    private final Set<Wanted<?>> wanted = new LinkedHashSet<>();
    private @Nullable Session session;
    private boolean joinedBefore;
    private boolean over;

    /** A client, not connected yet. */
    public ClientCore(Settings settings) {
        this.settings = settings;
        threads = new Threads(settings);
        answers = lane("an answer");
        told = lane("the listener");
        connector = new Connector(settings, this);
    }

    /** A lane for an application's code about something. */
    Lane lane(String about) {
        return new Lane(threads, settings.queue(), failure -> failed(about, failure));
    }

    private void failed(String about, Throwable failure) {
        try {
            settings.listener().failed(about, failure);
        } catch (RuntimeException | Error e) {
            // A listener that throws is passed over.
            failure.addSuppressed(e);
        }
    }

    void answer(Runnable completion) {
        answers.put(completion);
    }

    void tell(Consumer<ClientListener> news) {
        told.put(() -> news.accept(settings.listener()));
    }

    @Override
    public CompletableFuture<SessionInfo> connect() {
        connector.start();
        return first.copy();
    }

    @Override
    public @Nullable SessionInfo session() {
        synchronized (lock) {
            return session == null ? null : session.link().session();
        }
    }

    /** A session was joined: all that is wanted is asked for. */
    void joined(Session joined, SessionInfo info) {
        boolean again;
        List<Wanted<?>> all;
        synchronized (lock) {
            session = joined;
            again = joinedBefore;
            joinedBefore = true;
            all = List.copyOf(wanted);
        }
        all.forEach(each -> each.ask(joined));
        answer(() -> first.complete(info));
        tell(listener -> listener.joined(info, again));
    }

    /** A connection was lost or could not be made; whether another is to be tried. */
    boolean disconnected(WampException why, boolean leaving) {
        boolean refused;
        synchronized (lock) {
            session = null;
            refused = !joinedBefore && why instanceof WampErrorException && FINAL.contains(why.uri());
        }
        boolean again = settings.reconnects() && !leaving && !refused;
        if (!leaving) {
            tell(listener -> listener.disconnected(why, again));
        }
        return again;
    }

    /** Nothing is connected any more: what still waits has its answer. */
    void over(WampException why) {
        List<Wanted<?>> all;
        synchronized (lock) {
            over = true;
            all = List.copyOf(wanted);
            wanted.clear();
        }
        answer(() -> first.completeExceptionally(why));
        all.forEach(each -> answer(() -> each.made.completeExceptionally(why)));
        answers.put(threads::close);
    }

    private WampConnectionException notConnected() {
        return new WampConnectionException("there is no connection to the router (" + settings.transport() + ")", null);
    }

    @Override
    public PendingCall call(CallRequest request) {
        // Parts of a result that are taken slowly hold up no other answer.
        CallFuture call = new CallFuture(request, request.progress() == null ? answers : lane(request.procedure()));
        Session now = now();
        if (now == null) {
            call.fail(notConnected());
        } else if (now.link().isCongested()) {
            call.fail(congested());
        } else {
            call.start(now.link());
        }
        return call;
    }

    private @Nullable Session now() {
        synchronized (lock) {
            return session;
        }
    }

    private static WampConnectionException congested() {
        return new WampConnectionException("the router does not take what is sent to it; nothing more was sent", null);
    }

    @Override
    public CompletableFuture<Long> publish(Publication publication) {
        PublishFuture published = new PublishFuture(publication, answers);
        Session now = now();
        if (now == null) {
            published.fail(notConnected());
        } else if (now.link().isCongested()) {
            published.fail(congested());
        } else {
            published.start(now.link());
        }
        return published.future();
    }

    @Override
    public CompletableFuture<Subscription> subscribe(
            String topic, Map<String, ?> options, Consumer<TopicEvent> handler) {
        return want(new WantedSubscription(this, topic, copy(options), handler));
    }

    @Override
    public CompletableFuture<Registration> register(String procedure, Map<String, ?> options, Procedure code) {
        return want(new WantedRegistration(this, procedure, copy(options), code));
    }

    private static Map<String, Object> copy(Map<String, ?> options) {
        return Collections.unmodifiableMap(new LinkedHashMap<>(options));
    }

    private <S> CompletableFuture<S> want(Wanted<S> some) {
        try {
            some.requested(1);
        } catch (WampException e) {
            // Wrong in any session: a URI, an option.
            some.made.completeExceptionally(e);
            return some.made;
        }
        Session now;
        boolean late;
        synchronized (lock) {
            late = over;
            now = session;
            if (!late) {
                wanted.add(some);
            }
        }
        if (late) {
            answer(() -> some.made.completeExceptionally(notConnected()));
        } else if (now != null) {
            some.ask(now);
        }
        return some.made;
    }

    /** The router refuses it, or the connection was lost before it answered. */
    void notMade(Wanted<?> some, WampException why) {
        boolean lost = why instanceof WampConnectionException;
        if (some.made.isDone()) {
            if (!lost && !some.ended) {
                tell(listener -> listener.notRestored(some.uri, why));
            }
            return;
        }
        // With the connection lost it is asked for in the next session, or fails when there will be none.
        if (!lost) {
            synchronized (lock) {
                wanted.remove(some);
            }
            answer(() -> some.made.completeExceptionally(why));
        }
    }

    /** The application wants it no longer. */
    CompletableFuture<@Nullable Void> end(Wanted<?> some) {
        synchronized (lock) {
            some.ended = true;
            wanted.remove(some);
        }
        return release(some);
    }

    /** Tells the router, if it knows and nothing else needs it. */
    CompletableFuture<@Nullable Void> release(Wanted<?> some) {
        Session where = some.session;
        some.session = null;
        if (where == null || !where.displace(some) || isWantedElsewhere(some)) {
            return CompletableFuture.completedFuture(null);
        }
        return some.undo(where);
    }

    private boolean isWantedElsewhere(Wanted<?> some) {
        return !same(some).isEmpty();
    }

    /** The subscriptions that the router has as one with another. */
    private List<Wanted<?>> same(Wanted<?> some) {
        List<Wanted<?>> same = new ArrayList<>();
        synchronized (lock) {
            for (Wanted<?> other : wanted) {
                if (some instanceof WantedSubscription subscription
                        && other instanceof WantedSubscription also
                        && also.isSame(subscription)) {
                    same.add(other);
                }
            }
        }
        return same;
    }

    /**
     * The router has ended a subscription. The same one, asked for by another thread at that moment, may have been answered with what is
     * gone now: it is asked for once more.
     */
    void undone(Wanted<?> some, Session where) {
        for (Wanted<?> other : same(some)) {
            if (other.session == where && other.id == some.id) {
                other.session = null;
                where.displace(other);
                other.ask(where);
            }
        }
    }

    @Override
    public CompletableFuture<@Nullable Void> leave() {
        connector.stop();
        return connector.ended().copy();
    }

    @Override
    public void close() {
        try {
            leave().get(2L * Connector.GOODBYE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the client's thread does not end", e);
        }
    }
}
