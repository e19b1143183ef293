package io.millwright.wamp.internal.client;

import io.millwright.wamp.WampErrorException;
import io.millwright.wamp.WampErrors;
import io.millwright.wamp.WampException;
import io.millwright.wamp.WampProtocolException;
import io.millwright.wamp.client.Authentication;
import io.millwright.wamp.client.SessionInfo;
import io.millwright.wamp.message.Abort;
import io.millwright.wamp.message.Authenticate;
import io.millwright.wamp.message.Challenge;
import io.millwright.wamp.message.ErrorMessage;
import io.millwright.wamp.message.Event;
import io.millwright.wamp.message.Goodbye;
import io.millwright.wamp.message.Hello;
import io.millwright.wamp.message.Interrupt;
import io.millwright.wamp.message.Invocation;
import io.millwright.wamp.message.MessageType;
import io.millwright.wamp.message.Options;
import io.millwright.wamp.message.Payload;
import io.millwright.wamp.message.Published;
import io.millwright.wamp.message.Registered;
import io.millwright.wamp.message.Result;
import io.millwright.wamp.message.Subscribed;
import io.millwright.wamp.message.Unregistered;
import io.millwright.wamp.message.Unsubscribed;
import io.millwright.wamp.message.WampMessage;
import io.millwright.wamp.message.Welcome;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** What a router says on one connection. Messages come by the client's thread, one after the other. */
final class Session {
    private static final Map<String, Object> ROLES = Map.of(
            "caller", features("progressive_call_results", "call_canceling", "call_timeout", "caller_identification"),
            "callee",
                    features(
                            "progressive_call_results",
                            "call_canceling",
                            "caller_identification",
                            "pattern_based_registration",
                            "shared_registration",
                            "registration_revocation"),
            "publisher", features("publisher_identification", "publisher_exclusion", "subscriber_blackwhite_listing"),
            "subscriber",
                    features("publisher_identification", "pattern_based_subscription", "subscription_revocation"));

    private final ClientCore core;
    private final Settings settings;
    private final Link link;
    private final Map<Long, List<WantedSubscription>> subscriptions = new ConcurrentHashMap<>();
    private final Map<Long, WantedRegistration> registrations = new ConcurrentHashMap<>();
    private final Map<Long, Invoked> calls = new ConcurrentHashMap<>();

    Session(ClientCore core, Settings settings, Link link) {
        this.core = core;
        this.settings = settings;
        this.link = link;
    }

    private static Map<String, Object> features(String... names) {
        Map<String, Object> features = new LinkedHashMap<>();
        for (String name : names) {
            features.put(name, true);
        }
        return Map.of("features", features);
    }

    Link link() {
        return link;
    }

    ClientCore core() {
        return core;
    }

    void hello() {
        Authentication authentication = settings.authentication();
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("agent", "millwright");
        details.put("roles", ROLES);
        details.put("authmethods", List.of(authentication.method()));
        String authid = authentication.authid();
        if (authid != null) {
            details.put("authid", authid);
        }
        Map<String, Object> extra = authentication.extra();
        if (!extra.isEmpty()) {
            details.put("authextra", extra);
        }
        link.send(new Hello(settings.realm(), details));
    }

    /** A message of the router; what is none ends the connection. */
    void receive(byte[] bytes) {
        try {
            WampMessage message = settings.serializer().decode(bytes);
            if (message instanceof Abort abort) {
                aborted(abort);
            } else if (link.session() == null) {
                joining(message);
            } else {
                joined(message);
            }
        } catch (WampProtocolException e) {
            link.abort(e);
        }
    }

    private void aborted(Abort abort) {
        String sentence = Options.text(abort.details(), "message");
        link.endsBecause(new WampErrorException(
                abort.reason(), Payload.args(sentence == null ? "the router refuses or ends the session" : sentence)));
        link.close();
    }

    private void joining(WampMessage message) {
        if (message instanceof Welcome welcome) {
            SessionInfo info = SessionInfo.of(welcome.session(), settings.realm(), welcome.details());
            settings.authentication().joined(info);
            link.session(info);
            core.joined(this, info);
        } else if (message instanceof Challenge challenge) {
            authenticate(challenge);
        } else {
            throw unexpected(message);
        }
    }

    private void authenticate(Challenge challenge) {
        Authentication authentication = settings.authentication();
        if (!challenge.method().equals(authentication.method())) {
            throw new WampProtocolException(
                    "the router asks for a proof by " + challenge.method() + ", not by " + authentication.method());
        }
        String signature;
        try {
            signature = authentication.answer(challenge);
        } catch (WampException e) {
            link.endsBecause(e);
            link.send(new Abort(WampErrors.AUTHENTICATION_FAILED, "the challenge cannot be answered"));
            link.close();
            return;
        }
        link.send(new Authenticate(signature, Map.of()));
    }

    private void joined(WampMessage message) {
        switch (message.type()) {
            case EVENT -> event((Event) message);
            case INVOCATION -> invoke((Invocation) message);
            case INTERRUPT -> interrupt((Interrupt) message);
            case RESULT -> link.answered(((Result) message).request(), message);
            case ERROR -> link.answered(((ErrorMessage) message).request(), message);
            case PUBLISHED -> link.answered(((Published) message).request(), message);
            case SUBSCRIBED -> link.answered(((Subscribed) message).request(), message);
            case UNSUBSCRIBED -> unsubscribed((Unsubscribed) message);
            case REGISTERED -> link.answered(((Registered) message).request(), message);
            case UNREGISTERED -> unregistered((Unregistered) message);
            case GOODBYE -> link.goodbye((Goodbye) message);
            default -> throw unexpected(message);
        }
    }

    private static WampProtocolException unexpected(WampMessage message) {
        return new WampProtocolException(message.type() + " is no message of a router at this point");
    }

    private void event(Event event) {
        List<WantedSubscription> some = subscriptions.get(event.subscription());
        if (some != null) {
            some.forEach(subscription -> subscription.event(event));
        }
    }

    private void invoke(Invocation invocation) {
        WantedRegistration registration = registrations.get(invocation.registration());
        if (registration == null) {
            link.send(new ErrorMessage(
                    MessageType.INVOCATION.code(),
                    invocation.request(),
                    Map.of(),
                    WampErrors.NO_SUCH_REGISTRATION,
                    Payload.args("there is no registration " + invocation.registration())));
            return;
        }
        Invoked call = new Invoked(this, invocation, registration.uri);
        calls.put(invocation.request(), call);
        if (!registration.invoke(call)) {
            call.refuse();
        }
    }

    private void interrupt(Interrupt interrupt) {
        Invoked call = calls.get(interrupt.request());
        if (call != null) {
            call.cancel();
        }
    }

    /** A call of a procedure has its answer. */
    void answered(long invocation) {
        calls.remove(invocation);
    }

    /** An answer, or the router's own decision. */
    private void unsubscribed(Unsubscribed message) {
        if (message.request() != 0) {
            link.answered(message.request(), message);
            return;
        }
        List<WantedSubscription> some = subscriptions.remove(Options.number(message.details(), "subscription", 0));
        if (some != null) {
            some.forEach(subscription -> revoked(subscription, message.details()));
        }
    }

    private void unregistered(Unregistered message) {
        if (message.request() != 0) {
            link.answered(message.request(), message);
            return;
        }
        WantedRegistration registration = registrations.remove(Options.number(message.details(), "registration", 0));
        if (registration != null) {
            revoked(registration, message.details());
        }
    }

    private void revoked(Wanted<?> wanted, Map<String, Object> details) {
        wanted.session = null;
        String reason = Options.text(details, "reason");
        core.tell(listener -> listener.notRestored(
                wanted.uri,
                new WampErrorException(
                        reason == null ? WampErrors.NOT_AUTHORIZED : reason, "the router ended it by itself")));
    }

    /** The router's id of a subscription or registration is known: what it brings has a place to go. */
    void place(Wanted<?> wanted) {
        if (wanted instanceof WantedSubscription subscription) {
            subscriptions.compute(wanted.id, (id, some) -> {
                List<WantedSubscription> more = some == null ? new CopyOnWriteArrayList<>() : some;
                more.add(subscription);
                return more;
            });
        } else if (wanted instanceof WantedRegistration registration) {
            registrations.put(wanted.id, registration);
        }
    }

    /** Nothing goes there any more; whether nothing else is in its place. */
    boolean displace(Wanted<?> wanted) {
        if (wanted instanceof WantedSubscription) {
            boolean there = subscriptions.containsKey(wanted.id);
            return there
                    && subscriptions.computeIfPresent(
                                    wanted.id, (id, some) -> some.remove(wanted) && some.isEmpty() ? null : some)
                            == null;
        }
        return wanted instanceof WantedRegistration && registrations.remove(wanted.id, wanted);
    }

    /** The connection is at its end. */
    void ended() {
        List.copyOf(calls.values()).forEach(Invoked::cancel);
        calls.clear();
        subscriptions.values().forEach(some -> some.forEach(wanted -> wanted.session = null));
        registrations.values().forEach(wanted -> wanted.session = null);
    }
}
