package io.millwright.wamp.router;

import io.millwright.wamp.MatchPolicy;
import io.millwright.wamp.message.Payload;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A session of the same process: takes part like all others, but nothing is encoded and its rights are not limited. Thread-safe; nothing
 * blocks. Stages complete exceptionally with a {@link ProcedureException} that has the protocol's error. All handlers run one after the other,
 * in the order in which their messages came, on the executor that the session was opened with; they must not block for long. After {@link
 * #close()} all that is asked fails and all that is published is dropped.
 */
@ProviderType
public interface LocalSession extends AutoCloseable {
    /** Something that ends when it is closed. */
    @ProviderType
    interface Handle extends AutoCloseable {
        /** Ends it; closing twice does nothing. Handlers that are on their way may still run. */
        @Override
        void close();
    }

    /** An event. */
    @ProviderType
    interface Event {
        /** The topic it was published to. */
        String topic();

        /** What was published. */
        Payload payload();
    }

    /** A call that was made. */
    @ProviderType
    interface PendingCall {
        /** Its result. */
        CompletionStage<Payload> result();

        /** Its result is not waited for any more: a callee that can is interrupted, the stage fails. Nothing if the call is over. */
        void cancel();
    }

    /** Who it is. */
    SessionInfo info();

    /** Registers a procedure, or a pattern of procedures. */
    CompletionStage<Handle> register(String procedure, MatchPolicy match, Procedure handler);

    /** Subscribes to a topic, or to a pattern of topics. */
    CompletionStage<Handle> subscribe(String topic, MatchPolicy match, Consumer<Event> handler);

    /** Publishes to all who have subscribed and may have it. */
    void publish(String topic, Payload payload, PublishTo to);

    /**
     * Whether there is any subscription in the realm, by any session to any topic. While there is none, an event that is not retained reaches
     * nobody and need not be made. A subscriber that was told that it has subscribed is counted. Does not block.
     */
    boolean isHeard();

    /** Calls a procedure. */
    PendingCall call(String procedure, Payload payload, CallWith with);

    /**
     * Tells how many sessions have a subscription that matches a topic, patterns counted too, this session's own not: at once, and at each
     * change. So work for a topic is done only while somebody listens.
     */
    Handle watch(String topic, IntConsumer subscribers);

    /** Leaves: its registrations and subscriptions end. */
    @Override
    void close();
}
