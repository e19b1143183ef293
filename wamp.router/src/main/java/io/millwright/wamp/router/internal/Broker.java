package io.millwright.wamp.router.internal;

import io.millwright.wamp.Ids;
import io.millwright.wamp.MatchPolicy;
import io.millwright.wamp.WampErrors;
import io.millwright.wamp.message.Event;
import io.millwright.wamp.message.MessageType;
import io.millwright.wamp.message.Options;
import io.millwright.wamp.message.Payload;
import io.millwright.wamp.message.Publish;
import io.millwright.wamp.message.Published;
import io.millwright.wamp.message.Subscribe;
import io.millwright.wamp.message.Subscribed;
import io.millwright.wamp.message.Unsubscribe;
import io.millwright.wamp.message.Unsubscribed;
import io.millwright.wamp.router.Action;
import io.millwright.wamp.router.ProcedureException;
import io.millwright.wamp.serial.SharedMessage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Topics: subscriptions and events. */
final class Broker {
    private final RealmCore realm;
    private final PatternMap<Subscription> patterns = new PatternMap<>();
    private final Map<Long, Subscription> byId = new HashMap<>();
    private final Retention retention;
    private final Watches watches;
    private long lastId;
    private volatile boolean heard;

    Broker(RealmCore realm) {
        this.realm = realm;
        this.retention = new Retention(realm);
        this.watches = new Watches(patterns);
    }

    PatternMap<Subscription> patterns() {
        return patterns;
    }

    Watches watches() {
        return watches;
    }

    @Nullable
    Subscription byId(long id) {
        return byId.get(id);
    }

    /** Whether there is any subscription; true before the first subscriber is told so. For any thread. */
    boolean isHeard() {
        return heard;
    }

    /** How many subscriptions there are. */
    int count() {
        return byId.size();
    }

    void subscribe(Session session, Subscribe message) {
        String topic = message.topic();
        MatchPolicy policy = Options.match(message.options());
        String uri = WampErrors.OPTION_NOT_ALLOWED;
        String fault = HonouredOptions.faultOfPattern(MessageType.SUBSCRIBE, message.options());
        if (fault == null && !realm.rights().mayUse(session, Action.SUBSCRIBE, topic, policy)) {
            uri = WampErrors.NOT_AUTHORIZED;
            fault = Rights.refusal(session, Action.SUBSCRIBE, topic, policy);
        }
        Subscription subscription = patterns.get(topic, policy);
        boolean there = subscription != null && subscription.sessions.containsKey(session.id());
        int count = session.has.subscriptions.size();
        if (fault == null && !there && count >= session.limits().subscriptions()) {
            session.limited(
                    MessageType.SUBSCRIBE,
                    message.request(),
                    "this session has " + count + " subscriptions, and may have no more");
            return;
        }
        if (fault != null) {
            session.error(MessageType.SUBSCRIBE, message.request(), uri, fault);
            return;
        }
        if (subscription == null) {
            subscription = create(session, topic, policy);
        }
        session.send(new Subscribed(message.request(), subscription.id));
        if (!there) {
            subscription.sessions.put(session.id(), session);
            session.has.subscriptions.put(subscription.id, subscription);
            watches.changed(subscription);
            realm.meta().subscription("on_subscribe", session, subscription.id);
        }
        if (Options.flag(message.options(), "get_retained")) {
            retention.replay(session, subscription);
        }
    }

    private Subscription create(Session session, String topic, MatchPolicy policy) {
        Subscription subscription = new Subscription(++lastId, topic, policy);
        patterns.put(topic, policy, subscription);
        byId.put(subscription.id, subscription);
        heard = true;
        realm.meta().created(session, subscription);
        return subscription;
    }

    void unsubscribe(Session session, Unsubscribe message) {
        Subscription subscription = session.has.subscriptions.get(message.subscription());
        if (subscription == null) {
            session.error(
                    MessageType.UNSUBSCRIBE,
                    message.request(),
                    WampErrors.NO_SUCH_SUBSCRIPTION,
                    "this session has no subscription " + message.subscription());
        } else {
            session.send(new Unsubscribed(message.request()));
            remove(session, subscription);
        }
    }

    private void remove(Session session, Subscription subscription) {
        session.has.subscriptions.remove(subscription.id);
        subscription.sessions.remove(session.id());
        boolean last = subscription.sessions.isEmpty();
        if (last) {
            patterns.remove(subscription.pattern, subscription.policy);
            byId.remove(subscription.id);
            heard = !byId.isEmpty();
        }
        watches.changed(subscription);
        realm.meta().subscription("on_unsubscribe", session, subscription.id);
        if (last) {
            realm.meta().subscription("on_delete", session, subscription.id);
        }
    }

    /** All subscriptions of a session that is over. */
    void leave(Session session) {
        for (Subscription subscription : List.copyOf(session.has.subscriptions.values())) {
            remove(session, subscription);
        }
    }

    /** Ends what a session may no longer have. */
    void recheck(Session session) {
        for (Subscription subscription : List.copyOf(session.has.subscriptions.values())) {
            if (!realm.rights().mayUse(session, Action.SUBSCRIBE, subscription.pattern, subscription.policy)) {
                remove(session, subscription);
                if (session.features().unsubscribed) {
                    session.send(new Unsubscribed(
                            0, Map.of("subscription", subscription.id, "reason", WampErrors.NOT_AUTHORIZED)));
                }
            }
        }
    }

    void publish(Session session, Publish message) {
        long publication = Ids.random();
        Refusal refusal = publish(session, publication, message.options(), message.topic(), message.payload());
        if (refusal != null && session.isLocal()) {
            ProcedureException cause = new ProcedureException(refusal.uri(), refusal.sentence());
            realm.router().notices().failed("a publication to '" + message.topic() + "'", session.info(), cause);
        }
        // Without this option the protocol has no answer, not even an error.
        if (Options.flag(message.options(), "acknowledge")) {
            if (refusal == null) {
                session.send(new Published(message.request(), publication));
            } else {
                session.error(MessageType.PUBLISH, message.request(), refusal.uri(), refusal.sentence());
            }
        }
    }

    /** Publishes what a session may, and says what is wrong if it may not. */
    @Nullable
    Refusal publish(Session session, long publication, Map<String, Object> options, String topic, Payload payload) {
        String fault = HonouredOptions.fault(MessageType.PUBLISH, options);
        if (fault != null) {
            return new Refusal(WampErrors.OPTION_NOT_ALLOWED, fault);
        }
        if (RealmCore.isReserved(topic)) {
            return new Refusal(WampErrors.INVALID_URI, "topics under wamp. are the router's");
        }
        if (!realm.rights().may(session, Action.PUBLISH, topic)) {
            return new Refusal(
                    WampErrors.NOT_AUTHORIZED, Rights.refusal(session, Action.PUBLISH, topic, MatchPolicy.EXACT));
        }
        boolean disclosed = realm.rights().discloses(session, Action.PUBLISH, topic);
        if (!disclosed && Options.flag(options, "disclose_me")) {
            return new Refusal(
                    WampErrors.DISCLOSE_ME_NOT_ALLOWED, "no rule discloses the publishers of '" + topic + "'");
        }
        Map<String, Object> details = HonouredOptions.packing(options);
        if (disclosed) {
            details = new LinkedHashMap<>(details);
            details.put("publisher", session.id());
            details.put("publisher_authid", session.info().authid());
            details.put("publisher_authrole", session.info().role());
        }
        Receivers receivers = Receivers.of(options);
        if (Options.flag(options, "retain")) {
            Refusal refusal = retention.keep(topic, publication, details, payload, receivers);
            if (refusal != null) {
                if (refusal.uri().equals(WampErrors.UNAVAILABLE)) {
                    session.limited(refusal.sentence());
                }
                return refusal;
            }
        }
        Session without = Options.flag(options, "exclude_me", true) ? session : null;
        dispatch(topic, publication, details, payload, receivers, without);
        return null;
    }

    /** Publishes the router's own event. */
    void publishOwn(String topic, Payload payload) {
        dispatch(topic, Ids.random(), Map.of(), payload, Receivers.of(Map.of()), null);
    }

    boolean hasSubscribers(String topic) {
        List<Subscription> found = new ArrayList<>(0);
        patterns.match(topic, found::add);
        return !found.isEmpty();
    }

    private void dispatch(
            String topic,
            long publication,
            Map<String, Object> details,
            Payload payload,
            Receivers receivers,
            @Nullable Session without) {
        patterns.match(topic, subscription -> {
            SharedMessage event = event(subscription, topic, publication, details, payload);
            for (Session session : subscription.sessions.values()) {
                if (session != without && receivers.include(session)) {
                    session.sendEvent(event);
                }
            }
        });
    }

    /** The event of a subscription, the same for all its sessions: it is encoded once a serializer. */
    static SharedMessage event(
            Subscription subscription, String topic, long publication, Map<String, Object> details, Payload payload) {
        Map<String, Object> all = details;
        if (subscription.policy != MatchPolicy.EXACT) {
            all = new LinkedHashMap<>(details);
            all.put("topic", topic);
        }
        return SharedMessage.of(new Event(subscription.id, publication, all, payload));
    }
}
