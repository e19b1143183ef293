package io.millwright.controller.internal.options;

import static io.millwright.controller.api.worker.OptionDefinition.option;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.millwright.controller.api.Problem;
import io.millwright.controller.api.Signal;
import io.millwright.controller.api.worker.OptionDefinition;
import io.millwright.controller.api.worker.OptionDefinition.Change;
import io.millwright.controller.api.worker.OptionType;
import io.millwright.controller.api.worker.OptionValues;
import io.millwright.controller.internal.launch.InputOptions;
import io.millwright.options.Checked;
import io.millwright.options.JsonSyntax;
import io.millwright.options.OptionChecker;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommonOptionsTest {
    private static final OptionChecker CHECKER = CommonOptions.checker(
            List.of(
                    option("executable", OptionType.STRING, "The program.").build(),
                    option("workdir", OptionType.INTEGER, "Hides nothing.").build()),
            name -> null);

    @Test
    void defaultsAreThoseOfTheSpecification() {
        Checked checked = CHECKER.check(Map.of());
        assertThat(checked.problems()).isEmpty();
        assertThat(checked.values().asMap())
                .isEqualTo(Map.ofEntries(
                        Map.entry("workdir.create", false),
                        Map.entry("env.inherit", true),
                        Map.entry("stdin.mode", "close"),
                        Map.entry("stdin.close", true),
                        Map.entry("stdout", "log"),
                        Map.entry("stderr", "log"),
                        Map.entry("log.ring", 1000L),
                        Map.entry("log.file", true),
                        Map.entry("log.format", "stamped"),
                        Map.entry("log.max.size", 64L << 20),
                        Map.entry("log.keep", 5L),
                        Map.entry("log.compress", false),
                        Map.entry("restart.policy", "never"),
                        Map.entry("restart.delay", Duration.ofMillis(100)),
                        Map.entry("restart.factor", 2.0),
                        Map.entry("restart.max", Duration.ofSeconds(30)),
                        Map.entry("restart.jitter", 10.0),
                        Map.entry("restart.window", Duration.ofSeconds(60)),
                        Map.entry("restart.on_limit", "keep-trying"),
                        Map.entry("restart.reset", Duration.ofSeconds(60)),
                        Map.entry("ready.interval", Duration.ofMillis(100)),
                        Map.entry("start.timeout", Duration.ofSeconds(90)),
                        Map.entry("stop.signal", Signal.TERM),
                        Map.entry("stop.timeout", Duration.ofSeconds(20)),
                        Map.entry("exit.success", List.of("0")),
                        Map.entry("start.on", "boot"),
                        Map.entry("trees", "process"),
                        Map.entry("reload.mode", "replace"),
                        Map.entry("reload.shared", false),
                        Map.entry("reload.at_once", 1L),
                        Map.entry("disabled", false)));
    }

    @Test
    void everyDefinitionSaysItsDefaultAndWhatAChangeDoes() {
        for (OptionDefinition option : CommonOptions.definitions()) {
            assertThat(option.description())
                    .as(option.key())
                    .contains("default")
                    .endsWith(".");
            boolean inPlace = option.key()
                            .matches(
                                    "(log|ready|health|restart|reload|start|stop|exec|exit|watch|cgroup|schedule)\\..*|disabled|after|requires|instances")
                    && !option.key().equals("health.watchdog");
            assertThat(option.change()).as(option.key()).isEqualTo(inPlace ? Change.IN_PLACE : Change.RESTART);
        }
    }

    @Test
    void takesTheNestedSpelling() {
        Checked checked = CHECKER.check(Map.of(
                "env", Map.of("inherit", List.of("PATH"), "vars", Map.of("A", "1")),
                "stdin", Map.of("type", "json", "value", Map.of("a", 1), "close", false),
                "log", Map.of("max", Map.of("size", "1MiB")),
                "stop", Map.of("signal", "INT"),
                "restart", Map.of("policy", "on-failure", "jitter", "10%")));
        assertThat(checked.problems()).isEmpty();
        assertThat(checked.values().strings("env.inherit")).containsExactly("PATH");
        assertThat(checked.values().variables("env.vars")).containsOnlyKeys("A");
        assertThat(checked.values().any("stdin.value")).isEqualTo("{\"a\":1}");
        assertThat(checked.values().integer("log.max.size")).contains(1L << 20);
        assertThat(checked.values().string("restart.policy")).contains("on-failure");
    }

    @Test
    void bareRestartMeansItsPolicy() {
        Checked checked = CHECKER.check(Map.of("restart", "always"));
        assertThat(checked.values().string("restart.policy")).contains("always");
        assertThat(checked.values().isGiven("restart.policy")).isTrue();
        assertThat(checked.values().has("restart")).isFalse();
        assertThat(CHECKER.check(Map.of("restart", "allways")).problems())
                .containsExactly(Problem.definition(
                        "restart",
                        "'allways' is not allowed; use one of never, on-failure, always (did you mean 'always'?)"));
        Map<String, Object> both = new LinkedHashMap<>();
        both.put("restart", "always");
        both.put("restart.policy", "never");
        assertThat(CHECKER.check(both).problems())
                .containsExactly(Problem.definition("restart.policy", "is given twice, also as 'restart'; keep one"));
    }

    @Test
    void whatIsWrongWithAScheduleIsSaid() {
        assertThat(CHECKER.check(Map.of("schedule", "0 25 * * *")).problems())
                .containsExactly(Problem.definition(
                        "schedule.cron",
                        "'0 25 * * *' has the hour '25', which cannot be read: Value 25 not in range [0, 23]; 0 to 23, lists,"
                                + " ranges and steps of them (*/2, 9-17, 0,12)"));
        assertThat(CHECKER.check(Map.of("schedule", "0 0 30 2 *")).problems())
                .containsExactly(
                        Problem.definition(
                                "schedule.cron",
                                "'0 0 30 2 *' never comes: no month that it names has such a day; change the day or the month"));
        assertThat(CHECKER.check(Map.of("schedule.cron", "@daily", "schedule.zone", "europe/berln"))
                        .problems())
                .containsExactly(Problem.definition(
                        "schedule.zone", "'europe/berln' is no time zone; did you mean 'Europe/Berlin'?"));
    }

    static Stream<Arguments> contradictions() {
        return Stream.of(
                arguments(Map.of("stdin", "open", "stdin.type", "text", "stdin.value", "x"), "stdin.mode"),
                arguments(Map.of("stdin.value", "x"), "stdin.value"),
                arguments(Map.of("stdin.type", "text"), "stdin.type"),
                arguments(Map.of("stdin.close", false), "stdin.close"),
                arguments(Map.of("stdin.type", "text", "stdin.value", 5), "stdin.value"),
                arguments(Map.of("stdin.type", "text", "stdin.value", true), "stdin.value"),
                arguments(Map.of("stdin.type", "text", "stdin.value", Map.of("a", 1)), "stdin.value"),
                arguments(Map.of("stdin.type", "text", "stdin.value.a", "x"), "stdin.value"),
                arguments(Map.of("workdir.create", true), "workdir.create"),
                arguments(Map.of("stop.command.timeout", "3s"), "stop.command.timeout"),
                arguments(Map.of("exec.before", List.of("", "x")), "exec.before.command"),
                arguments(Map.of("exec.after", Map.of("command", List.of("x"), "timeout", "0s")), "exec.after.timeout"),
                arguments(Map.of("watch.include", List.of("*.py")), "watch.include"),
                arguments(Map.of("restart.delay", "31s"), "restart.delay"),
                arguments(Map.of("restart.delay", "2s", "restart.max", "1s"), "restart.max"),
                arguments(Map.of("restart.factor", 0.5), "restart.factor"),
                arguments(Map.of("restart.jitter", 101), "restart.jitter"),
                arguments(Map.of("restart.jitter", "-1%"), "restart.jitter"),
                arguments(Map.of("exit.success", List.of(0, 256)), "exit.success"),
                arguments(Map.of("exit.success", -1), "exit.success"),
                arguments(Map.of("exit.success", "SEGFAULT"), "exit.success"),
                arguments(Map.of("exit.success", true), "exit.success"),
                arguments(Map.of("env.inherit", List.of("A=B")), "env.inherit"),
                arguments(Map.of("restart.codes", List.of(1, 256)), "restart.codes"),
                arguments(Map.of("restart.codes", "yes"), "restart.codes"),
                arguments(Map.of("start.on", "demand"), "start.on"),
                arguments(Map.of("schedule", "61 * * * *"), "schedule.cron"),
                arguments(Map.of("schedule.cron", "0 0 30 2 *"), "schedule.cron"),
                arguments(Map.of("schedule", Map.of("cron", "@daily", "zone", "Europe/Berlni")), "schedule.zone"),
                arguments(Map.of("schedule", "@daily", "schedule.overlap", "both"), "schedule.overlap"),
                arguments(Map.of("schedule", "@daily", "schedule.missed", "all"), "schedule.missed"),
                arguments(Map.of("schedule", "@daily", "schedule.jitter", "-1s"), "schedule.jitter"),
                arguments(Map.of("schedule", "@daily", "schedule.timeout", "0s"), "schedule.timeout"),
                arguments(Map.of("schedule.zone", "UTC"), "schedule.zone"),
                arguments(Map.of("schedule.overlap", "queue"), "schedule.overlap"),
                arguments(Map.of("schedule.missed", "once"), "schedule.missed"),
                arguments(Map.of("schedule.jitter", "5m"), "schedule.jitter"),
                arguments(Map.of("schedule.timeout", "5m"), "schedule.timeout"),
                arguments(Map.of("schedule", "@daily", "restart", "always"), "restart.policy"),
                arguments(Map.of("schedule", "@daily", "start.on", "demand", "sockets.a.listen", "unix:s"), "start.on"),
                arguments(Map.of("sockets.web.backlog", 5), "sockets.web.listen"),
                arguments(Map.of("sockets.web.listen", "127.0.0.1:80"), "sockets.web.listen"),
                arguments(Map.of("sockets.web.listen", "tcp:127.0.0.1"), "sockets.web.listen"),
                arguments(Map.of("sockets.web.listen", "tcp:127.0.0.1:0"), "sockets.web.listen"),
                arguments(Map.of("sockets.web.listen", "tcp:127.0.0.1:65536"), "sockets.web.listen"),
                arguments(Map.of("sockets.web.listen", "tcp:::1:80"), "sockets.web.listen"),
                arguments(Map.of("sockets.web.listen", "unix:"), "sockets.web.listen"),
                arguments(Map.of("sockets.web.listen", "unix:s", "sockets.web.mode", "9"), "sockets.web.mode"),
                arguments(Map.of("sockets.web.listen", "tcp:[::1]:80", "sockets.web.mode", "0660"), "sockets.web.mode"),
                arguments(Map.of("sockets.a.listen", "unix:s", "sockets.b.listen", "unix:s"), "sockets.b.listen"),
                arguments(
                        Map.of(
                                "sockets",
                                "abcdefg"
                                        .chars()
                                        .boxed()
                                        .collect(Collectors.toMap(
                                                c -> "" + (char) c.intValue(), c -> Map.of("listen", "unix:" + c)))),
                        "sockets"),
                arguments(Map.of("restart.codes", "3", "restart.never_codes", "1 3"), "restart.codes"),
                arguments(Map.of("restart.never_codes", List.of("SEGFAULT")), "restart.never_codes"),
                arguments(Map.of("restart.codes", "true"), "restart.codes"),
                arguments(Map.of("restart.codes", "03"), "restart.codes"),
                arguments(Map.of("restart.codes", ""), "restart.codes"),
                arguments(Map.of("restart.limit", 0), "restart.limit"),
                arguments(Map.of("restart.window", "0s"), "restart.window"),
                arguments(Map.of("restart.reset", 0), "restart.reset"),
                arguments(Map.of("env.inherit", List.of("")), "env.inherit"),
                arguments(Map.of("env.vars.A=B", "x"), "env.vars.A=B"),
                arguments(Map.of("workdir", "a\0b"), "workdir"),
                arguments(Map.of("log.ring", 0), "log.ring"),
                // One mistake is one problem: nothing follows from a bad value.
                arguments(Map.of("stdin.type", "xml", "stdin.value", "x"), "stdin.type"),
                arguments(Map.of("restart.max", "x", "restart.delay", "40s"), "restart.max"),
                arguments(Map.of("stdout", "file", "log.file", "maybe"), "log.file"));
    }

    @ParameterizedTest
    @MethodSource("contradictions")
    void contradictionsAreProblems(Map<String, Object> raw, String path) {
        assertThat(CHECKER.check(raw).problems()).extracting(Problem::path).containsExactly(path);
    }

    @ParameterizedTest
    @ValueSource(strings = {"detach"})
    void whatLaterIssuesBringIsUnknown(String key) {
        List<Problem> problems = CHECKER.check(Map.of(key, "1")).problems();
        assertThat(problems).extracting(Problem::path).containsExactly(key);
        assertThat(problems.get(0).message()).startsWith("is not an option; ");
    }

    @ParameterizedTest
    @CsvSource({
        "timeout, stop.timeout",
        "stop.timout, stop.timeout",
        "stopTimeout, stop.timeout",
        "signal, stop.signal",
        "log.max_size, log.max.size",
        "workdirr, workdir",
        "stdot, stdout",
        "executabel, executable",
        "env.var, env.vars",
        "exec.workdir, workdir"
    })
    void nearestKey(String wrong, String right) {
        assertThat(CHECKER.check(Map.of(wrong, "1")).problems())
                .containsExactly(Problem.definition(wrong, "is not an option; did you mean '" + right + "'?"));
    }

    static Stream<Arguments> inputs() {
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("a", Arrays.asList(1, 2.5, true, null, "ü\"\\\n\u0001\ud800"));
        value.put("b", Map.of());
        value.put("c", List.of());
        value.put("d", "😀");
        return Stream.of(
                arguments(Map.of(), "", false),
                arguments(Map.of("stdin", "open"), "", true),
                arguments(Map.of("stdin.type", "text", "stdin.value", "grüß"), "grüß", false),
                arguments(Map.of("stdin.type", "text", "stdin.value", "{}", "stdin.close", "false"), "{}", true),
                arguments(
                        Map.of("stdin.type", "json", "stdin.value", value),
                        "{\"a\":[1,2.5,true,null,\"ü\\\"\\\\\\n\\u0001\\ud800\"],\"b\":{},\"c\":[],\"d\":\"😀\"}\n",
                        false),
                arguments(Map.of("stdin.type", "json", "stdin.value", "x"), "\"x\"\n", false),
                arguments(Map.of("stdin.type", "json", "stdin.value", 5), "5\n", false),
                arguments(Map.of("stdin.type", "json", "stdin.value", "5"), "5\n", false),
                arguments(Map.of("stdin.type", "json", "stdin.value", "\"5\""), "\"5\"\n", false),
                arguments(Map.of("stdin.type", "json", "stdin.value", ""), "\"\"\n", false),
                arguments(Map.of("stdin.type", "json", "stdin.value", " {\"a\": 1}"), "{\"a\": 1}\n", false),
                arguments(Map.of("stdin.type", "json", "stdin.value", "[draft]"), "\"[draft]\"\n", false));
    }

    @ParameterizedTest
    @MethodSource("inputs")
    void standardInput(Map<String, Object> raw, String data, boolean open) {
        Checked checked = CHECKER.check(raw);
        assertThat(checked.problems()).isEmpty();
        OptionValues values = checked.values();
        assertThat(new String(InputOptions.input(values).data(), StandardCharsets.UTF_8))
                .isEqualTo(data);
        assertThat(InputOptions.input(values).keepOpen()).isEqualTo(open);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{}|true",
                "[]|true",
                "[1, -2.5e+3, true, false, null, \"a\\u00e4\\n\"]|true",
                " { \"a\" : { \"b\" : [ [ ] ] } , \"c\" : 0 } |true",
                "5|true",
                " \"x\" |true",
                "x|false",
                "''|false",
                "5 5|false",
                "[1,]|false",
                "[1 2]|false",
                "{\"a\"}|false",
                "{a:1}|false",
                "{\"a\":1,}|false",
                "[01]|false",
                "[\"\\x\"]|false",
                "[\"a]|false",
                "[] []|false",
                "[|false",
                "[tru]|false"
            })
    void tellsJson(String text, boolean json) {
        assertThat(JsonSyntax.isJson(text)).isEqualTo(json);
    }

    @Test
    void jsonMayBeLongButNotBottomless() {
        assertThat(JsonSyntax.isJson("[\"" + "x\\n".repeat(200_000) + "\"]")).isTrue();
        assertThat(JsonSyntax.isJson("[".repeat(100_000) + "]".repeat(100_000))).isFalse();
    }
}
