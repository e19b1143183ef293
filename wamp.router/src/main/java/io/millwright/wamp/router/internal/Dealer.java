package io.millwright.wamp.router.internal;

import io.millwright.wamp.MatchPolicy;
import io.millwright.wamp.WampErrors;
import io.millwright.wamp.message.Call;
import io.millwright.wamp.message.Cancel;
import io.millwright.wamp.message.ErrorMessage;
import io.millwright.wamp.message.MessageType;
import io.millwright.wamp.message.Options;
import io.millwright.wamp.message.Register;
import io.millwright.wamp.message.Registered;
import io.millwright.wamp.message.Unregister;
import io.millwright.wamp.message.Unregistered;
import io.millwright.wamp.message.Yield;
import io.millwright.wamp.router.Action;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Procedures: registrations. Their calls are {@link Calls}'. */
final class Dealer {
    private final RealmCore realm;
    private final Calls calls;
    private final PatternMap<Registration> patterns = new PatternMap<>();
    private final Map<Long, Registration> byId = new HashMap<>();
    private long lastId;

    Dealer(RealmCore realm) {
        this.realm = realm;
        this.calls = new Calls(realm);
    }

    PatternMap<Registration> patterns() {
        return patterns;
    }

    @Nullable
    Registration byId(long id) {
        return byId.get(id);
    }

    /** How many registrations there are. */
    int count() {
        return byId.size();
    }

    void register(Session session, Register message) {
        MatchPolicy policy = Options.match(message.options());
        Registration there = patterns.get(message.procedure(), policy);
        Refusal refusal = refusal(session, message, policy, there);
        if (refusal != null) {
            if (refusal.uri().equals(WampErrors.UNAVAILABLE)) {
                session.limited(refusal.sentence());
            }
            session.error(MessageType.REGISTER, message.request(), refusal.uri(), refusal.sentence());
            return;
        }
        Registration registration = there;
        if (registration == null) {
            boolean roundRobin = "roundrobin".equals(Options.text(message.options(), "invoke"));
            registration = new Registration(++lastId, message.procedure(), policy, roundRobin);
            patterns.put(message.procedure(), policy, registration);
            byId.put(registration.id, registration);
            realm.meta().created(session, registration);
        }
        registration.callees.add(session);
        session.has.registrations.put(registration.id, registration);
        session.send(new Registered(message.request(), registration.id));
        realm.meta().registration("on_register", session, registration.id);
    }

    private @Nullable Refusal refusal(
            Session session, Register message, MatchPolicy policy, @Nullable Registration there) {
        String procedure = message.procedure();
        String invoke = Options.text(message.options(), "invoke");
        boolean roundRobin = "roundrobin".equals(invoke);
        String fault = HonouredOptions.faultOfPattern(MessageType.REGISTER, message.options());
        if (fault == null && invoke != null && !invoke.equals("single") && !roundRobin) {
            fault = "'invoke' of REGISTER may be single or roundrobin here";
        }
        if (fault != null) {
            return new Refusal(WampErrors.OPTION_NOT_ALLOWED, fault);
        }
        if (RealmCore.isReserved(procedure)) {
            return new Refusal(WampErrors.INVALID_URI, "procedures under wamp. are the router's");
        }
        if (!realm.rights().mayUse(session, Action.REGISTER, procedure, policy)) {
            return new Refusal(WampErrors.NOT_AUTHORIZED, Rights.refusal(session, Action.REGISTER, procedure, policy));
        }
        if (there != null && (!roundRobin || !there.roundRobin || there.callees.contains(session))) {
            return new Refusal(
                    WampErrors.PROCEDURE_ALREADY_EXISTS,
                    "'" + procedure + "' is registered already"
                            + (there.callees.contains(session) ? " by this session" : "")
                            + (roundRobin == there.roundRobin
                                    ? ""
                                    : ", with 'invoke' " + (there.roundRobin ? "roundrobin" : "single")));
        }
        int count = session.has.registrations.size();
        return count < session.limits().registrations()
                ? null
                : new Refusal(
                        WampErrors.UNAVAILABLE, "this session has " + count + " registrations, and may have no more");
    }

    void unregister(Session session, Unregister message) {
        Registration registration = session.has.registrations.get(message.registration());
        if (registration == null) {
            session.error(
                    MessageType.UNREGISTER,
                    message.request(),
                    WampErrors.NO_SUCH_REGISTRATION,
                    "this session has no registration " + message.registration());
        } else {
            session.send(new Unregistered(message.request()));
            remove(session, registration);
        }
    }

    /** Calls that are on their way are still answered. */
    private void remove(Session session, Registration registration) {
        session.has.registrations.remove(registration.id);
        registration.remove(session);
        boolean last = registration.callees.isEmpty();
        if (last) {
            patterns.remove(registration.pattern, registration.policy);
            byId.remove(registration.id);
        }
        realm.meta().registration("on_unregister", session, registration.id);
        if (last) {
            realm.meta().registration("on_delete", session, registration.id);
        }
    }

    /** Ends what a session may no longer have. */
    void recheck(Session session) {
        for (Registration registration : List.copyOf(session.has.registrations.values())) {
            if (!realm.rights().mayUse(session, Action.REGISTER, registration.pattern, registration.policy)) {
                remove(session, registration);
                if (session.features().unregistered) {
                    session.send(new Unregistered(
                            0, Map.of("registration", registration.id, "reason", WampErrors.NOT_AUTHORIZED)));
                }
            }
        }
    }

    void call(Session caller, Call message) {
        String procedure = message.procedure();
        String uri = WampErrors.OPTION_NOT_ALLOWED;
        String fault = HonouredOptions.fault(MessageType.CALL, message.options());
        boolean disclosed = realm.rights().discloses(caller, Action.CALL, procedure);
        if (fault == null && !realm.rights().may(caller, Action.CALL, procedure)) {
            uri = WampErrors.NOT_AUTHORIZED;
            fault = Rights.refusal(caller, Action.CALL, procedure, MatchPolicy.EXACT);
        } else if (fault == null && !disclosed && Options.flag(message.options(), "disclose_me")) {
            uri = WampErrors.DISCLOSE_ME_NOT_ALLOWED;
            fault = "no rule discloses the callers of '" + procedure + "'";
        }
        Registration registration = fault == null ? patterns.best(procedure) : null;
        if (fault == null && registration == null) {
            uri = WampErrors.NO_SUCH_PROCEDURE;
            fault = "nobody has registered '" + procedure + "'";
        }
        if (fault != null) {
            caller.error(MessageType.CALL, message.request(), uri, fault);
        } else if (registration != null) {
            calls.call(caller, message, registration, disclosed);
        }
    }

    void cancel(Session caller, Cancel message) {
        calls.cancel(caller, message);
    }

    void yield(Session callee, Yield message) {
        calls.yield(callee, message);
    }

    /** An error of a callee; {@code false} if it is no answer to an invocation. */
    boolean error(Session callee, ErrorMessage message) {
        if (message.requestType() != MessageType.INVOCATION.code()) {
            return false;
        }
        calls.error(callee, message);
        return true;
    }

    /** Registrations and calls of a session that is over. */
    void leave(Session session) {
        for (Registration registration : List.copyOf(session.has.registrations.values())) {
            remove(session, registration);
        }
        calls.leave(session);
    }
}
