package io.millwright.remote.wamp.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millwright.controller.api.Role;
import io.millwright.wamp.router.Action;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoleComponentTest {
    private static final List<String> RULES =
            List.of("call exact millwright.restart_worker", " call,publish  prefix com.example ");

    @ParameterizedTest
    @CsvSource({
        "CALL, millwright.restart_worker, true",
        "CALL, millwright.restart_workers, false",
        "CALL, com.example.a.b, true",
        "CALL, com.examples, false",
        "PUBLISH, com.example, true",
        "SUBSCRIBE, com.example.a, false"
    })
    void aRoleMayWhatItsRulesSay(Action action, String uri, boolean allowed) {
        assertThat(RoleComponent.role("ops", RULES).allows(action, uri)).isEqualTo(allowed);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ops|call millwright.x|a rule must be 'ACTIONS exact|prefix",
                "ops|call,walk exact a.b|a rule allows call, register, publish, subscribe, not 'walk'",
                "ops|call glob a.*|a rule matches exact, prefix or wildcard, not 'glob'",
                "ops|call exact a..b|is no URI",
                "operator|call exact a.b|the node has a role of that name",
                "node|call exact a.b|the node has a role of that name",
                "worker:w:1|call exact a.b|the node has a role of that name"
            })
    void whatIsWrongIsASentence(String name, String rule, String sentence) {
        assertThatThrownBy(() -> RoleComponent.role(name, List.of(rule))).hasMessageContaining(sentence);
    }

    @Test
    void whatARoleMayAskOfTheNodeIsSaidBesideItsRules() {
        Access access = new Access();
        access.put("ops", "operator");
        assertThat(access.of("ops")).isEqualTo(Role.OPERATOR);
        assertThat(access.of("other")).isEqualTo(Role.OBSERVER);
        assertThat(access.of("log_observer")).isEqualTo(Role.LOG_OBSERVER);
        assertThatThrownBy(() -> access.put("ops", "boss")).hasMessageContaining("is 'boss'");
        access.remove("ops");
        assertThat(access.of("ops")).isEqualTo(Role.OBSERVER);
    }
}
