package io.millwright.wamp.internal.client;

import io.millwright.wamp.client.Subscription;
import io.millwright.wamp.client.TopicEvent;
import io.millwright.wamp.message.Event;
import io.millwright.wamp.message.MessageType;
import io.millwright.wamp.message.Options;
import io.millwright.wamp.message.Subscribe;
import io.millwright.wamp.message.Subscribed;
import io.millwright.wamp.message.Unsubscribe;
import io.millwright.wamp.message.Unsubscribed;
import io.millwright.wamp.message.WampMessage;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A subscription. */
final class WantedSubscription extends Wanted<Subscription> {
    private final Consumer<TopicEvent> handler;
    private final Subscription handle = new Handle();

    WantedSubscription(ClientCore core, String topic, Map<String, Object> options, Consumer<TopicEvent> handler) {
        super(core, topic, options);
        this.handler = handler;
    }

    /** What the application holds; tells no more of it. */
    private final class Handle implements Subscription {
        @Override
        public String topic() {
            return uri;
        }

        @Override
        public long lost() {
            return WantedSubscription.this.lost();
        }

        @Override
        public CompletableFuture<Void> unsubscribe() {
            return core.end(WantedSubscription.this);
        }
    }

    /** Whether the router has one subscription for both. */
    boolean isSame(WantedSubscription other) {
        return uri.equals(other.uri) && Options.match(options) == Options.match(other.options);
    }

    void event(Event event) {
        boolean room = lane.offerLatest(() -> {
            if (!ended) {
                handler.accept(TopicEvent.of(uri, event.publication(), event.details(), event.payload()));
            }
        });
        if (!room) {
            overrun();
        }
    }

    @Override
    Subscription self() {
        return handle;
    }

    @Override
    MessageType request() {
        return MessageType.SUBSCRIBE;
    }

    @Override
    WampMessage requested(long requestId) {
        return new Subscribe(requestId, options, uri);
    }

    @Override
    long idIn(WampMessage answer) {
        return answer instanceof Subscribed subscribed ? subscribed.subscription() : 0;
    }

    @Override
    WampMessage undone(long requestId) {
        return new Unsubscribe(requestId, id);
    }

    @Override
    MessageType undoing() {
        return MessageType.UNSUBSCRIBE;
    }

    @Override
    boolean isUndone(WampMessage answer) {
        return answer instanceof Unsubscribed;
    }
}
