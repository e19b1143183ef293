package io.millwright.wamp.router.internal;

import io.millwright.wamp.MatchPolicy;
import io.millwright.wamp.Uris;
import io.millwright.wamp.WampErrors;
import io.millwright.wamp.WampProtocolException;
import io.millwright.wamp.message.MessageType;
import io.millwright.wamp.message.Payload;
import io.millwright.wamp.message.Publish;
import io.millwright.wamp.router.Action;
import io.millwright.wamp.router.MetaRights;
import io.millwright.wamp.router.ProcedureException;
import io.millwright.wamp.router.Role;
import io.millwright.wamp.serial.Serializers;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The router's own procedures of sessions: reading them, ending them, their testaments. */
final class SessionProcedures {
    private static final Set<String> SCOPES = Set.of("destroyed", "detached");

    private static final int MAX_TESTAMENT_BYTES = 1 << 20;

    private final RealmCore realm;

    SessionProcedures(RealmCore realm) {
        this.realm = realm;
    }

    void addTo(Map<String, MetaProcedures.Answer> answers) {
        String prefix = "wamp.session.";
        answers.put(prefix + "count", (caller, a) -> ofRoles(a).count());
        answers.put(prefix + "list", (caller, a) -> ofRoles(a).map(Session::id).toList());
        answers.put(prefix + "get", (caller, a) -> session(a).info().details(seesTransports(caller)));
        answers.put(prefix + "kill", this::kill);
        answers.put(prefix + "kill_by_authid", (caller, a) -> {
            String authid = a.text(0, "authid");
            return killAll(caller, a, session -> session.info().authid().equals(authid));
        });
        answers.put(prefix + "kill_by_authrole", (caller, a) -> {
            String role = a.text(0, "authrole");
            return killAll(caller, a, session -> session.info().role().equals(role));
        });
        answers.put(prefix + "kill_all", (caller, a) -> killAll(caller, a, session -> true));
        answers.put(prefix + "add_testament", this::addTestament);
        answers.put(prefix + "flush_testaments", this::flushTestaments);
    }

    private Stream<Session> ofRoles(Arguments arguments) {
        List<String> roles = arguments.texts(0, "filter_authroles");
        return realm.all().stream()
                .filter(session ->
                        roles == null || roles.contains(session.info().role()));
    }

    private boolean seesTransports(Session caller) {
        Role role = realm.rights().role(caller);
        return caller.isLocal() || (role != null && role.meta() == MetaRights.ALL);
    }

    private Session session(Arguments arguments) {
        long id = arguments.id(0, "session");
        Session session = realm.session(id);
        if (session == null) {
            throw new ProcedureException(WampErrors.NO_SUCH_SESSION, "there is no session " + id);
        }
        return session;
    }

    private @Nullable Object kill(Session caller, Arguments arguments) {
        Session session = session(arguments);
        if (session == caller) {
            throw new ProcedureException(
                    WampErrors.NO_SUCH_SESSION, "a session does not end itself so; it sends GOODBYE");
        }
        if (isSpared(session, arguments)) {
            throw new ProcedureException(
                    WampErrors.NOT_AUTHORIZED,
                    session.isLocal()
                            ? "session " + session.id() + " is the router's own process'"
                            : "session " + session.id() + " is spared; 'force' ends it nevertheless");
        }
        session.end(reason(arguments), message(arguments));
        return null;
    }

    private int killAll(Session caller, Arguments arguments, Predicate<Session> which) {
        return realm.endAll(
                session -> session != caller && which.test(session) && !isSpared(session, arguments),
                reason(arguments),
                message(arguments));
    }

    private static boolean isSpared(Session session, Arguments arguments) {
        return session.isLocal() || (session.info().principal().isSpared() && !arguments.flag(-1, "force"));
    }

    private static String reason(Arguments arguments) {
        String reason = arguments.textOr(-1, "reason", WampErrors.CLOSE_KILLED);
        if (reason == null || !Uris.isUri(reason)) {
            throw new ProcedureException(WampErrors.INVALID_URI, "'reason' is no URI");
        }
        return reason;
    }

    private static String message(Arguments arguments) {
        return String.valueOf(arguments.textOr(-1, "message", "the session was ended by another"));
    }

    private @Nullable Object addTestament(Session caller, Arguments arguments) {
        String topic = arguments.text(0, "topic");
        Payload payload = Payload.of(arguments.list(1, "args"), arguments.dict(2, "kwargs"));
        Map<String, Object> options = arguments.dict(-1, "publish_options");
        String fault = HonouredOptions.fault(MessageType.PUBLISH, options);
        if (fault != null) {
            throw new ProcedureException(WampErrors.OPTION_NOT_ALLOWED, fault);
        }
        check(topic, options);
        if (RealmCore.isReserved(topic) || !realm.rights().may(caller, Action.PUBLISH, topic)) {
            throw new ProcedureException(
                    WampErrors.NOT_AUTHORIZED, Rights.refusal(caller, Action.PUBLISH, topic, MatchPolicy.EXACT));
        }
        if (caller.has.testaments.size() >= caller.limits().testaments()) {
            String why = "this session has " + caller.has.testaments.size() + " testaments, and may have no more";
            caller.limited(why);
            throw new ProcedureException(WampErrors.UNAVAILABLE, why);
        }
        int bytes = payload.in(Serializers.CBOR).length();
        if (caller.has.testamentBytes + bytes > MAX_TESTAMENT_BYTES) {
            throw new ProcedureException(
                    WampErrors.PAYLOAD_SIZE_EXCEEDED,
                    "all testaments of a session may be " + MAX_TESTAMENT_BYTES + " bytes together");
        }
        caller.has.testamentBytes += bytes;
        caller.has.testaments.add(new Testament(scope(arguments), topic, options, payload, bytes));
        return null;
    }

    /** As if it were published now: what is no PUBLISH then must not be found out when its session is gone. */
    private static void check(String topic, Map<String, Object> options) {
        try {
            new Publish(1, options, topic, Payload.EMPTY);
        } catch (WampProtocolException e) {
            String uri = e.uri().equals(WampErrors.INVALID_URI) ? e.uri() : WampErrors.INVALID_ARGUMENT;
            throw new ProcedureException(uri, String.valueOf(e.getMessage()));
        }
    }

    private @Nullable Object flushTestaments(Session caller, Arguments arguments) {
        String scope = scope(arguments);
        caller.has.testaments.removeIf(testament -> testament.scope().equals(scope));
        caller.has.testamentBytes =
                caller.has.testaments.stream().mapToInt(Testament::bytes).sum();
        return null;
    }

    private static String scope(Arguments arguments) {
        String scope = String.valueOf(arguments.textOr(-1, "scope", "destroyed"));
        if (!SCOPES.contains(scope)) {
            throw new ProcedureException(WampErrors.INVALID_ARGUMENT, "'scope' must be destroyed or detached");
        }
        return scope;
    }
}
