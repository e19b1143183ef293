package io.millwright.controller.internal.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.millwright.controller.api.Problem;
import io.millwright.options.Checked;
import io.millwright.options.OptionChecker;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class NodeOptionsTest {
    private static final OptionChecker CHECKER = NodeOptions.checker(name -> null);

    @Test
    void defaults() {
        assertThat(CHECKER.check(Map.of()).values().asMap())
                .isEqualTo(Map.of(
                        "uri_prefix",
                        "millwright",
                        "shutdown.triggers",
                        List.of(),
                        "shutdown.count_requested",
                        false,
                        "boot.strict",
                        false,
                        "boot.parallel",
                        0L,
                        "history.size",
                        100L));
    }

    static Stream<Arguments> triggers() {
        List<String> one = List.of("shutdown_on_worker_exit");
        return Stream.of(
                arguments(Map.of("shutdown.triggers", "shutdown_on_worker_exit"), one),
                arguments(Map.of("shutdown", "shutdown_on_worker_exit"), one),
                arguments(Map.of("shutdown", one), one),
                arguments(
                        Map.of("shutdown", Map.of("triggers", new String[] {"a", "b"}, "scope", "workers")),
                        List.of("a", "b")));
    }

    @ParameterizedTest
    @MethodSource("triggers")
    void triggersInAllSpellings(Map<String, Object> raw, List<String> expected) {
        Checked checked = CHECKER.check(raw);
        assertThat(checked.problems()).isEmpty();
        assertThat(checked.values().strings("shutdown.triggers")).isEqualTo(expected);
    }

    @ParameterizedTest
    @MethodSource("bad")
    void badValues(Map<String, Object> raw, String path, String message) {
        assertThat(CHECKER.check(raw).problems()).containsExactly(Problem.definition(path, message));
    }

    static Stream<Arguments> bad() {
        return Stream.of(
                arguments(
                        Map.of("node.id", "a b"),
                        "node.id",
                        "'a b' is no node id; use up to 63 letters, digits, '_', '.' and '-'"),
                arguments(
                        Map.of("uri_prefix", "Mill."),
                        "uri_prefix",
                        "'Mill.' is no URI prefix; use lower-case words joined by dots, such as com.example"),
                arguments(
                        Map.of("shutdown", "a, b"),
                        "shutdown.triggers",
                        "'a, b' is no name of a trigger; give one name, or a list of names, such as"
                                + " [\"shutdown_on_worker_exit\"]"),
                arguments(
                        Map.of("shutdown.triggers", "yes"),
                        "shutdown.triggers",
                        "'yes' looks like true, not like the name of a trigger; write a name, such as"
                                + " \"shutdown_on_worker_exit\""),
                arguments(
                        Map.of("shutdown", List.of("None")),
                        "shutdown.triggers",
                        "'None' looks like false, not like the name of a trigger; leave the key out, or write an empty"
                                + " list: []"),
                arguments(
                        Map.of("shutdown.scope", "all"),
                        "shutdown.scope",
                        "'all' is not allowed; use one of workers, framework"),
                arguments(Map.of("history.size", -1), "history.size", "-1 is out of range; must be 0 to 100000"),
                arguments(Map.of("titel", "x"), "titel", "is not an option; did you mean 'title'?"));
    }
}
