package io.millwright.remote.wamp.internal;

import io.millwright.controller.api.NodeController;
import io.millwright.controller.api.NodeEvent;
import io.millwright.controller.api.NodeState;
import io.millwright.controller.api.Subscription;
import io.millwright.controller.api.event.EventProperties;
import io.millwright.controller.api.event.NodeTopics;
import io.millwright.wamp.message.Payload;
import io.millwright.wamp.router.LocalSession;
import io.millwright.wamp.router.PublishTo;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Publishes the node's events: {@code PREFIX.on_worker_started} and the others, the state of the node kept for those that come later. Events
 * come by one thread at a time.
 */
final class EventRelay implements AutoCloseable {
    private final String prefix;
    private final NodeController node;
    private final LocalSession session;
    private final Answered answered;
    private final Consumer<NodeEvent> also;
    private final Subscription subscription;

    /**
     * Publishes from now on.
     *
     * @param also is told of each event too
     */
    EventRelay(String prefix, NodeController node, LocalSession session, Answered answered, Consumer<NodeEvent> also) {
        this.prefix = prefix;
        this.node = node;
        this.session = session;
        this.answered = answered;
        this.also = also;
        List<NodeEvent> before = node.getEvents(null).events();
        before.stream()
                .filter(event -> event.topic().equals(NodeTopics.NODE_READY))
                .forEach(this::publish);
        state();
        long last = before.isEmpty() ? 0 : before.get(before.size() - 1).seq();
        this.subscription = node.followEvents(last, this::onEvent);
    }

    private void onEvent(NodeEvent event, long lost) {
        if (lost > 0) {
            answered.forgetAll();
        }
        publish(event);
        if (event.topic().equals(NodeTopics.NODE_READY) || event.topic().equals(NodeTopics.NODE_SHUTDOWN)) {
            state();
        }
        also.accept(event);
    }

    private void publish(NodeEvent event) {
        boolean retained = event.topic().equals(NodeTopics.NODE_READY);
        // All that happens to a worker comes here, and mostly nobody listens.
        if (!retained && !session.isHeard()) {
            answered.take(event);
            return;
        }
        Payload payload = Payload.args(event.toMap());
        Set<Long> without = answered.take(event);
        PublishTo to = without.isEmpty() ? PublishTo.ALL : PublishTo.ALL.without(without);
        session.publish(topic(prefix, event.topic()), payload, retained ? to.retained() : to);
        boolean begins = event.topic().equals(NodeTopics.WORKER_STARTING)
                || event.topic().equals(NodeTopics.WORKER_STARTED);
        if (begins && event.properties().get(EventProperties.WORKER_TYPE) instanceof String type) {
            session.publish(prefix + ".on_" + type + "_" + lastWord(event.topic()), payload, to);
        }
    }

    private void state() {
        NodeState state = node.getStatus().state();
        session.publish(
                prefix + ".on_state",
                Payload.args(Map.of("state", state.name().toLowerCase(Locale.ROOT))),
                PublishTo.ALL.retained());
    }

    /** The topic of an event of the node: {@code io/millwright/worker/STARTED} is {@code PREFIX.on_worker_started}. */
    static String topic(String prefix, String event) {
        String[] words = event.split("/");
        String group = words[words.length - 2];
        return prefix + ".on_" + (group.equals("node") ? "" : group + "_") + lastWord(event);
    }

    private static String lastWord(String event) {
        return event.substring(event.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
    }

    @Override
    public void close() {
        subscription.close();
    }
}
