package io.millwright.controller.internal.options;

import static io.millwright.controller.api.worker.OptionDefinition.option;
import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.controller.api.worker.OptionType;
import io.millwright.options.Checked;
import io.millwright.options.Masking;
import io.millwright.options.OptionChecker;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MaskingTest {
    private static final OptionChecker CHECKER = CommonOptions.checker(
            List.of(option("token", OptionType.STRINGS, "Tokens.").secret().build()), name -> null);

    @Test
    void showsNoSecretAndReadableValues() {
        Checked checked = CHECKER.check(Map.of(
                "token",
                List.of("hunter2"),
                "env",
                Map.of(
                        "vars",
                        Map.of(
                                "A", "plain",
                                "B", Map.of("secret", "hunter2"),
                                "C", Map.of("secretFile", "hunter2"))),
                "stop.timeout",
                "1500ms",
                "log.max.size",
                1_000_000,
                "restart.max",
                "PT2H"));
        Map<String, Object> shown = Masking.display(CHECKER.definitions(), checked.values());
        assertThat(shown)
                .containsEntry("token", "******")
                .containsEntry("env.vars.A", "plain")
                .containsEntry("env.vars.B", "******")
                .containsEntry("env.vars.C", "******")
                .containsEntry("stop.timeout", "1500ms")
                .containsEntry("log.max.size", "1000000B")
                .containsEntry("restart.max", "2h")
                .containsEntry("restart.delay", "100ms")
                .containsEntry("restart.factor", 2L)
                .containsEntry("stop.signal", "TERM")
                .containsEntry("exit.success", List.of("0"))
                .doesNotContainKeys("env.vars", "workdir", "stdin.value");
        assertThat(shown.toString()).doesNotContain("hunter2");
    }

    @Test
    void whatIsShownKeepsTheOrderOfTheDefinitions() {
        Checked checked = CHECKER.check(Map.of("token", "x", "env.vars.A", "1"));
        Map<String, Object> shown = Masking.display(CHECKER.definitions(), checked.values());
        List<String> order = CHECKER.definitions().stream()
                .map(definition -> definition.key())
                .map(key -> key.equals("env.vars") ? "env.vars.A" : key)
                .filter(shown::containsKey)
                .toList();
        assertThat(shown.keySet()).containsExactlyElementsOf(order).contains("token", "env.vars.A");
        assertThat(shown).hasSize(order.size()).isEqualTo(new LinkedHashMap<>(shown));
    }

    @Test
    void whatIsShownIsAcceptedAgain() {
        Map<String, Object> raw = Map.of(
                "stop.timeout",
                "0",
                "restart.delay",
                "0.0000015",
                "restart.max",
                "3d",
                "log.max.size",
                "2KiB",
                "restart.jitter",
                2.5);
        Checked first = CHECKER.check(raw);
        assertThat(first.problems()).isEmpty();
        Map<String, Object> shown = new java.util.HashMap<>(Masking.display(CHECKER.definitions(), first.values()));
        shown.keySet().removeIf(key -> key.startsWith("stdin"));
        Checked second = CHECKER.check(shown);
        assertThat(second.problems()).isEmpty();
        assertThat(second.values().asMap()).isEqualTo(first.values().asMap());
    }
}
