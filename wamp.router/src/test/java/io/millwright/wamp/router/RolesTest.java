package io.millwright.wamp.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.wamp.WampErrors;
import io.millwright.wamp.message.Event;
import io.millwright.wamp.message.Goodbye;
import io.millwright.wamp.message.Register;
import io.millwright.wamp.message.Subscribe;
import io.millwright.wamp.message.Unregistered;
import io.millwright.wamp.message.Unsubscribed;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RolesTest {
    private static final Map<String, Object> REVOCABLE = Map.of(
            "callee", Map.of("features", Map.of("registration_revocation", true)),
            "subscriber", Map.of("features", Map.of("subscription_revocation", true)));

    private final TestRealm test = new TestRealm();

    @ParameterizedTest
    @CsvSource({
        // action, URI, match, allowed
        "register, m.worker.c1.x, exact, true",
        "register, m.worker.c1, exact, false",
        "register, m.worker.c10.x, exact, false",
        "register, m.get_status, exact, false",
        "register, m.worker.c1., prefix, true",
        "register, m.worker.c1, prefix, false",
        "register, m.worker., prefix, false",
        "register, m.worker.c1.., wildcard, true",
        "register, m.worker..x, wildcard, false",
        "subscribe, m.worker.c1.x, exact, true",
        "subscribe, m.worker.c10.on_log, exact, false",
        "subscribe, m.worker.c1., prefix, true",
        "subscribe, '', prefix, false",
        "subscribe, ..., wildcard, false",
    })
    void aWorkerHasWhatIsBelowItsIdAndNothingBeside(String action, String uri, String match, boolean allowed) {
        test.realm.roles().put(Role.of("w", Rule.prefix("m.worker.c1.", Action.values())));
        TestPeer worker = test.peer("c1", "w");
        long request = worker.nextRequest();
        worker.send(
                action.equals("register")
                        ? new Register(request, Map.of("match", match), uri)
                        : new Subscribe(request, Map.of("match", match), uri));
        boolean refused = worker.next().toList().contains(WampErrors.NOT_AUTHORIZED);
        assertThat(refused).isEqualTo(!allowed);
    }

    @Test
    void aRoleThatIsChangedIsInForceAtOnce() {
        TestPeer operator = test.peer("op", "operator");
        test.realm.roles().put(Role.of("w", Rule.prefix("a", Action.values()), Rule.prefix("b", Action.values())));
        TestPeer worker = test.peer("w", "w", REVOCABLE);
        TestPeer plain = test.peer("p", "w");
        long registration = worker.register("a");
        long subscription = worker.subscribe("a", Map.of());
        worker.register("b");
        plain.subscribe("a");
        test.realm.roles().put(Role.of("w", Rule.prefix("b", Action.values())));
        assertThat(worker.next())
                .isEqualTo(
                        new Unsubscribed(0, Map.of("subscription", subscription, "reason", WampErrors.NOT_AUTHORIZED)));
        assertThat(worker.next())
                .isEqualTo(
                        new Unregistered(0, Map.of("registration", registration, "reason", WampErrors.NOT_AUTHORIZED)));
        operator.publish("a", Map.of());
        operator.call("a", Map.of());
        operator.error(WampErrors.NO_SUCH_PROCEDURE);
        operator.call("b", Map.of());
        worker.next();
        worker.nothing();
        plain.nothing();
        worker.publish("a", Map.of("acknowledge", true));
        worker.error(WampErrors.NOT_AUTHORIZED);
    }

    @Test
    void aRoleThatIsTakenAwayEndsItsSessionsAndNoOther() {
        test.realm.roles().put(Role.of("w", Rule.prefix("a", Action.values())));
        TestPeer worker = test.peer("w", "w");
        TestPeer bob = test.peer("bob", "all");
        bob.subscribe("a");
        test.realm.roles().remove("w");
        worker.next(Goodbye.class);
        assertThat(test.realm.sessions().toCompletableFuture().join()).hasSize(1);
        test.peer("carol", "all").publish("a", Map.of());
        bob.next(Event.class);
    }
}
