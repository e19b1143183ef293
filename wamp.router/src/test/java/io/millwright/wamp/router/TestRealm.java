package io.millwright.wamp.router;

import io.millwright.wamp.serial.Serializer;
import io.millwright.wamp.serial.Serializers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** A router with one realm and the roles {@code all}, {@code operator}, {@code observer} and {@code none}, in the thread of the test. */
final class TestRealm implements RouterListener {
    static final String NAME = "test.realm";

    final TestTimer timer = new TestTimer();
    final List<String> notes = new ArrayList<>();
    final List<String> limited = new ArrayList<>();
    final List<Throwable> failures = new ArrayList<>();
    final Router router;
    final Realm realm;

    TestRealm() {
        this(Limits.DEFAULT);
    }

    TestRealm(Limits limits) {
        this(limits, Runnable::run);
    }

    TestRealm(Limits limits, Executor executor) {
        router = Routers.create(executor, timer, this, "test");
        realm = router.addRealm(NAME, limits);
        Rule everything = Rule.prefix("", Action.values());
        realm.roles().put(Role.of("all", everything));
        realm.roles().put(Role.of("operator", everything).withMeta(MetaRights.ALL));
        realm.roles().put(Role.of("observer").withMeta(MetaRights.READ));
        realm.roles().put(Role.of("none"));
        realm.setAuthenticators(List.of(new Test()));
    }

    TestPeer peer(String authid, String role) {
        return peer(authid, role, Serializers.CBOR);
    }

    TestPeer peer(String authid, String role, Serializer serializer) {
        return connect(serializer).join(NAME, authid, role);
    }

    TestPeer peer(String authid, String role, Map<String, Object> roles) {
        return connect(Serializers.CBOR).join(NAME, authid, role, roles);
    }

    TestPeer connect(Serializer serializer) {
        return TestPeer.connect(router, Peer.of("test", "host:1", "host").asConfidential(), serializer);
    }

    @Override
    public void refused(Peer peer, String why) {
        notes.add("refused: " + why);
    }

    @Override
    public void limited(Peer peer, SessionInfo session, String why) {
        limited.add((session == null ? "nobody" : session.authid()) + ": " + why);
    }

    @Override
    public void left(SessionInfo session, String why, boolean forced) {
        notes.add(session.authid() + " left: " + why + (forced ? " (forced)" : ""));
    }

    @Override
    public void lost(SessionInfo session, long events, String why) {
        notes.add(session.authid() + " lost " + events + ": " + why);
    }

    @Override
    public synchronized void failed(String what, SessionInfo session, Throwable cause) {
        failures.add(cause);
    }

    static Authenticator believing() {
        return new Test();
    }

    /** Believes whatever a HELLO says. */
    private static final class Test implements Authenticator {
        @Override
        public String method() {
            return "test";
        }

        @Override
        public CompletionStage<AuthStep> begin(AuthRequest request) {
            String authid = request.authid() == null ? "nobody" : request.authid();
            Principal principal = Principal.of(authid, (String) request.extra().getOrDefault("role", "none"));
            principal = request.extra().containsKey("spared") ? principal.asSpared() : principal;
            principal = request.extra().containsKey("sole") ? principal.asSole() : principal;
            return CompletableFuture.completedFuture(AuthStep.accept(principal));
        }
    }
}
