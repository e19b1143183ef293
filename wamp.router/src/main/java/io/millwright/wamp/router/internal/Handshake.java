package io.millwright.wamp.router.internal;

import io.millwright.wamp.WampErrors;
import io.millwright.wamp.message.Authenticate;
import io.millwright.wamp.message.Challenge;
import io.millwright.wamp.message.Hello;
import io.millwright.wamp.message.Options;
import io.millwright.wamp.message.Welcome;
import io.millwright.wamp.router.AuthRequest;
import io.millwright.wamp.router.AuthStep;
import io.millwright.wamp.router.Authenticator;
import io.millwright.wamp.router.Principal;
import io.millwright.wamp.router.SessionInfo;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** From HELLO to WELCOME. */
final class Handshake {
    private static final List<String> ROLES = List.of("caller", "callee", "publisher", "subscriber");
    private static final String REFUSED = "who you are could not be verified";

    private final RouterCore router;
    private final Session session;
    private long id;
    private String method = "";
    private Features features = Features.NONE;
    private @Nullable Function<Authenticate, CompletionStage<AuthStep>> check;

    Handshake(RouterCore router, Session session) {
        this.router = router;
        this.session = session;
    }

    void begin(Hello hello) {
        RealmCore realm = router.realm(hello.realm());
        if (realm == null) {
            session.abort(WampErrors.NO_SUCH_REALM, "there is no realm '" + hello.realm() + "' here");
            return;
        }
        Map<String, Object> roles = Options.dict(hello.details(), "roles");
        if (ROLES.stream().noneMatch(roles::containsKey)) {
            session.abort(
                    WampErrors.PROTOCOL_VIOLATION,
                    "'roles' of HELLO must name what the client is: one or more of " + String.join(", ", ROLES));
            return;
        }
        session.chosen(realm);
        String shut = realm.shut();
        if (shut != null) {
            session.abort(WampErrors.UNAVAILABLE, shut);
            return;
        }
        features = Features.of(roles);
        id = realm.newSessionId();
        authenticate(realm, hello);
    }

    private void authenticate(RealmCore realm, Hello hello) {
        List<String> wanted = Options.texts(hello.details(), "authmethods");
        Authenticator authenticator =
                realm.authenticator(wanted == null || wanted.isEmpty() ? List.of("anonymous") : wanted, session.peer());
        if (authenticator == null) {
            List<String> offered = realm.methods(session.peer());
            session.abort(
                    WampErrors.NO_AUTH_METHOD,
                    "none of the methods of authentication that the client has is offered here"
                            + (offered.isEmpty() ? "" : "; offered are " + String.join(", ", offered)));
            return;
        }
        method = authenticator.method();
        AuthRequest request = AuthRequest.of(realm.name(), id, session.peer(), hello.details());
        await(() -> authenticator.begin(request));
    }

    void answer(Authenticate answer) {
        Function<Authenticate, CompletionStage<AuthStep>> asked = check;
        check = null;
        if (asked != null) {
            await(() -> asked.apply(answer));
        }
    }

    @SuppressWarnings("CatchingUnchecked") // a plug-in's fault refuses the session
    private void await(Supplier<CompletionStage<AuthStep>> question) {
        session.waiting();
        try {
            question.get().whenComplete((step, fault) -> router.turn(() -> take(step, fault)));
        } catch (Throwable e) {
            take(null, e);
        }
    }

    private void take(@Nullable AuthStep step, @Nullable Throwable fault) {
        if (!session.isWaiting()) {
            return;
        }
        if (step == null || fault != null) {
            Throwable cause = fault == null ? new NullPointerException("no step") : fault;
            router.notices().failed("authentication by " + method + " of " + session.peer(), null, cause);
            session.abort(WampErrors.AUTHENTICATION_FAILED, REFUSED);
            return;
        }
        Principal principal = step.principal();
        if (principal != null) {
            welcome(principal);
        } else if (step.check() != null) {
            check = step.check();
            session.challenged();
            session.send(new Challenge(method, step.challenge()));
        } else {
            session.abort(step.error(), REFUSED, "authentication by " + method + ": " + step.message());
        }
    }

    private void welcome(Principal principal) {
        RealmCore realm = session.realm();
        if (realm.roles().get(principal.role()) == null) {
            session.abort(WampErrors.NO_SUCH_ROLE, "there is no role '" + principal.role() + "' here");
            return;
        }
        if (principal.isSole()) {
            realm.endAll(
                    other -> other.info().authid().equals(principal.authid())
                            && other.info().role().equals(principal.role())
                            && !other.isLocal(),
                    WampErrors.CLOSE_KILLED,
                    "a new session of '" + principal.authid() + "' takes the place of this one");
        }
        String shut = realm.shut();
        String full = principal.isSpared() ? null : realm.full(session.peer());
        if (shut != null) {
            session.abort(WampErrors.UNAVAILABLE, shut);
        } else if (full != null) {
            router.notices().limited(session.peer(), null, full);
            session.abort(WampErrors.UNAVAILABLE, full);
        } else {
            Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
            SessionInfo info = SessionInfo.of(id, realm.name(), principal, method, session.peer(), now);
            session.joined(realm, info, features);
            session.send(new Welcome(id, details(realm, principal)));
            realm.joined(session);
        }
    }

    private Map<String, Object> details(RealmCore realm, Principal principal) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("realm", realm.name());
        details.put("authid", principal.authid());
        details.put("authrole", principal.role());
        details.put("authmethod", method);
        details.put("authprovider", principal.provider());
        if (!principal.extra().isEmpty()) {
            details.put("authextra", principal.extra());
        }
        details.put("agent", router.agent());
        details.put("roles", Features.announced());
        return details;
    }
}
