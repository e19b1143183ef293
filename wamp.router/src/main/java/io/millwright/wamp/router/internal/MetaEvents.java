package io.millwright.wamp.router.internal;

import io.millwright.wamp.message.Payload;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;

/** The router's own events: of sessions, registrations and subscriptions. Nothing is made while nobody listens. */
final class MetaEvents {
    private final RealmCore realm;

    MetaEvents(RealmCore realm) {
        this.realm = realm;
    }

    void joined(Session session) {
        String topic = "wamp.session.on_join";
        if (realm.broker().hasSubscribers(topic)) {
            realm.broker().publishOwn(topic, Payload.args(session.info().details(false)));
        }
    }

    void left(Session session) {
        publish(
                "wamp.session.on_leave",
                session.id(),
                session.info().authid(),
                session.info().role());
    }

    void created(Session session, Subscription subscription) {
        publish("wamp.subscription.on_create", session.id(), details(subscription));
    }

    void created(Session session, Registration registration) {
        publish("wamp.registration.on_create", session.id(), details(registration));
    }

    void subscription(String what, Session session, long subscription) {
        publish("wamp.subscription." + what, session.id(), subscription);
    }

    void registration(String what, Session session, long registration) {
        publish("wamp.registration." + what, session.id(), registration);
    }

    private void publish(String topic, Object... arguments) {
        if (realm.broker().hasSubscribers(topic)) {
            realm.broker().publishOwn(topic, Payload.args(arguments));
        }
    }

    static Map<String, Object> details(Subscription subscription) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("id", subscription.id);
        details.put("created", time(subscription.created));
        details.put("uri", subscription.pattern);
        details.put("match", subscription.policy.word());
        return details;
    }

    static Map<String, Object> details(Registration registration) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("id", registration.id);
        details.put("created", time(registration.created));
        details.put("uri", registration.pattern);
        details.put("match", registration.policy.word());
        details.put("invoke", registration.roundRobin ? "roundrobin" : "single");
        return details;
    }

    private static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MILLIS).toString();
    }
}
