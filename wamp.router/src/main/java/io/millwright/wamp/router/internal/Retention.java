package io.millwright.wamp.router.internal;

import io.millwright.wamp.WampEncodingException;
import io.millwright.wamp.WampErrors;
import io.millwright.wamp.message.Payload;
import io.millwright.wamp.serial.Serializers;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The last event of each topic that was to be kept. */
final class Retention {
    /** How much all of them may be. */
    private static final long MAX_BYTES = 16L << 20;

    private record Kept(
            long publication, Map<String, Object> details, Payload payload, Receivers receivers, int bytes) {}

    private final RealmCore realm;
    private final Map<String, Kept> kept = new LinkedHashMap<>();
    private long bytes;

    Retention(RealmCore realm) {
        this.realm = realm;
    }

    /** Keeps an event, and says why it cannot. */
    @Nullable
    Refusal keep(String topic, long publication, Map<String, Object> details, Payload payload, Receivers receivers) {
        Kept before = kept.get(topic);
        int size;
        try {
            size = payload.in(Serializers.CBOR).length();
        } catch (WampEncodingException e) {
            return new Refusal(e.uri(), String.valueOf(e.getMessage()));
        }
        long sum = bytes + size - (before == null ? 0 : before.bytes());
        if ((before == null && kept.size() >= realm.limits().retained()) || sum > MAX_BYTES) {
            return new Refusal(WampErrors.UNAVAILABLE, "there are too many retained events, or they are too large");
        }
        Map<String, Object> told = new LinkedHashMap<>(details);
        told.put("retained", true);
        kept.put(topic, new Kept(publication, told, payload, receivers, size));
        bytes = sum;
        return null;
    }

    /** Sends to a session what its subscription matches. */
    void replay(Session session, Subscription subscription) {
        switch (subscription.policy) {
            case EXACT -> replay(session, subscription, subscription.pattern, kept.get(subscription.pattern));
            case PREFIX, WILDCARD ->
                kept.forEach((topic, event) -> {
                    if (subscription.policy.matches(subscription.pattern, topic)) {
                        replay(session, subscription, topic, event);
                    }
                });
        }
    }

    private static void replay(Session session, Subscription subscription, String topic, @Nullable Kept event) {
        if (event != null && event.receivers().include(session)) {
            session.sendEvent(Broker.event(subscription, topic, event.publication(), event.details(), event.payload()));
        }
    }
}
