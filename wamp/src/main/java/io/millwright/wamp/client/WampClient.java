package io.millwright.wamp.client;

import io.millwright.wamp.MatchPolicy;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A client of a WAMP router. Thread-safe; no method blocks but {@link #close}. Requests without a connection fail at once with {@link
 * io.millwright.wamp.WampConnectionException}, but subscriptions and registrations, which are made as soon as there is one, and made again after each
 * reconnect. Code of the application never runs on the thread that reads; it may call and wait for any answer in handlers and procedures.
 */
@ProviderType
public interface WampClient extends AutoCloseable {
    /** A client to be, on a way to a router. */
    static WampClientBuilder builder(Transport transport) {
        return new WampClientBuilder(transport);
    }

    /**
     * Begins to connect, once; later calls answer the same.
     *
     * @return the first session. Fails with {@link io.millwright.wamp.WampErrorException} if the router refuses it, and with another {@link
     *     io.millwright.wamp.WampException} if there is no router and the client does not reconnect
     */
    CompletableFuture<SessionInfo> connect();

    /** The session there is, {@code null} without a connection. */
    @Nullable
    SessionInfo session();

    /** Calls a procedure. */
    PendingCall call(CallRequest request);

    /** Calls a procedure with these arguments. */
    default PendingCall call(String procedure, @Nullable Object... args) {
        return call(CallRequest.of(procedure).args(args));
    }

    /** Calls a procedure whose result is one argument, as a type ({@link Arguments#arg}). To cancel it, {@link #call(CallRequest)} is the one. */
    default <T> CompletableFuture<@Nullable T> call(Class<T> type, String procedure, @Nullable Object... args) {
        return call(procedure, args).thenApply(result -> result.arg(0, type));
    }

    /**
     * Publishes.
     *
     * @return the id of the publication if it is acknowledged; else 0, as soon as it is on its way
     */
    CompletableFuture<Long> publish(Publication publication);

    /** Publishes these arguments, unacknowledged. */
    default CompletableFuture<Long> publish(String topic, @Nullable Object... args) {
        return publish(Publication.of(topic).args(args));
    }

    /**
     * Subscribes. The handler gets the events one after the other, on a thread for the application's code.
     *
     * @param options of SUBSCRIBE: {@code match}, {@code get_retained}
     */
    CompletableFuture<Subscription> subscribe(String topic, Map<String, ?> options, Consumer<TopicEvent> handler);

    /** Subscribes to a topic. */
    default CompletableFuture<Subscription> subscribe(String topic, Consumer<TopicEvent> handler) {
        return subscribe(topic, Map.of(), handler);
    }

    /** Subscribes to a pattern. */
    default CompletableFuture<Subscription> subscribe(String pattern, MatchPolicy match, Consumer<TopicEvent> handler) {
        return subscribe(pattern, Map.of("match", match.word()), handler);
    }

    /**
     * Registers a procedure.
     *
     * @param options of REGISTER: {@code match}, {@code invoke}
     */
    CompletableFuture<Registration> register(String procedure, Map<String, ?> options, Procedure code);

    /** Registers a procedure. */
    default CompletableFuture<Registration> register(String procedure, Procedure code) {
        return register(procedure, Map.of(), code);
    }

    /**
     * Leaves: says goodbye, waits some seconds for the router's, and ends the connection. Nothing is connected again.
     *
     * @return done when the client's thread is at its end and each future is complete; does not fail
     */
    CompletableFuture<Void> leave();

    /** Leaves and waits for it. */
    @Override
    void close();
}
