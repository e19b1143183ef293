package io.millwright.options;

import static io.millwright.controller.api.worker.OptionDefinition.option;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.millwright.controller.api.Problem;
import io.millwright.controller.api.Signal;
import io.millwright.controller.api.text.Json;
import io.millwright.controller.api.worker.OptionDefinition;
import io.millwright.controller.api.worker.OptionType;
import io.millwright.controller.api.worker.Variable;
import io.millwright.controller.api.worker.Variable.Kind;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Vector;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class OptionCheckerTest {
    private static final String NO_VARIABLES =
            "the value is not an object of variables, for example {\"NAME\": \"value\"}, or a list of NAME=value";
    private static final Map<String, String> NODE = Map.of("ON", "true", "OFF", "False", "ODD", "hunter2", "EMPTY", "");
    private static final List<OptionDefinition> OPTIONS = List.of(
            option("text", OptionType.STRING, "A text.").build(),
            option("choice", OptionType.STRING, "One of two.")
                    .oneOf("red", "green")
                    .build(),
            option("flag", OptionType.BOOLEAN, "A flag.").build(),
            option("count", OptionType.INTEGER, "A count.")
                    .atLeast(1)
                    .atMost(10)
                    .build(),
            option("number", OptionType.NUMBER, "A number.").build(),
            option("percent", OptionType.NUMBER, "Percent.")
                    .atLeast(0)
                    .atMost(100)
                    .build(),
            option("time", OptionType.DURATION, "A time.").build(),
            option("size", OptionType.SIZE, "A size.").atMost(1 << 30).build(),
            option("signal", OptionType.SIGNAL, "A signal.").build(),
            option("texts", OptionType.STRINGS, "Texts.").build(),
            option("codes", OptionType.INTEGERS, "Codes.")
                    .atLeast(0)
                    .atMost(255)
                    .build(),
            option("inherit", OptionType.BOOLEAN_OR_STRINGS, "Names.").build(),
            option("vars", OptionType.VARIABLES, "Variables.").build(),
            option("json.value", OptionType.ANY, "Anything.").build(),
            option("password", OptionType.STRING, "A password.")
                    .secret()
                    .oneOf("s3cret-good")
                    .build(),
            option("pin", OptionType.INTEGER, "A secret number.")
                    .secret()
                    .atMost(9)
                    .build());
    private static final OptionChecker CHECKER = new OptionChecker(OPTIONS, NODE::get);

    private static String octal(String given, String right) {
        return "'" + given + "' has a leading zero and may be meant as octal; write " + right
                + " without it, or the decimal value";
    }

    private static String noList(String given) {
        return "'" + given + "' begins like a list and is none; check its quotes, commas and ']', or, if it is meant as"
                + " one text, write it as the only element of a list";
    }

    private static String word(String given, boolean meant) {
        return "'" + given + "' looks like " + meant + ", not like a name; write " + meant
                + " without quotes, or a list of names";
    }

    @Test
    void severalUnknownKeysNameTheKnownOnesOnce() {
        Map<String, Object> raw = new LinkedHashMap<>();
        raw.put("xxxxxxxx", 1);
        raw.put("zzzzzzzz", 1);
        raw.put("flga", true);
        raw.put("qqqqqqqq", 1);
        List<Problem> problems = CHECKER.check(raw).problems();
        assertThat(problems.subList(0, 3))
                .containsExactly(
                        Problem.definition("xxxxxxxx", "is not an option"),
                        Problem.definition("zzzzzzzz", "is not an option"),
                        Problem.definition("flga", "is not an option; did you mean 'flag'?"));
        assertThat(problems.get(3).message()).startsWith("is not an option; known are choice, codes, count,");
        assertThat(problems).hasSize(4);
    }

    static Stream<Arguments> good() {
        return Stream.of(
                arguments("text", "a b", "a b"),
                arguments(
                        "texts", "[\"-c\", \"a \\\"b\\\" \\u00e9\", 5, true]", List.of("-c", "a \"b\" é", "5", "true")),
                arguments("texts", " [ ] ", List.of()),
                arguments("texts", "[a-z]", List.of("[a-z]")),
                arguments("texts", List.of("[\"a\",]"), List.of("[\"a\",]")),
                arguments("time", "05s", Duration.ofSeconds(5)),
                arguments("inherit", List.of("yes", "no"), List.of("yes", "no")),
                // A number in a list of texts is a text as it is written.
                arguments(
                        "texts", List.of(1.0, 2.5f, -3L, new BigDecimal("1.10")), List.of("1.0", "2.5", "-3", "1.10")),
                arguments("texts", new Double[] {0.1, 1e10}, List.of("0.1", "1.0E10")),
                arguments("texts", 2.0, List.of("2.0")),
                arguments("choice", "green", "green"),
                arguments("flag", true, true),
                arguments("flag", "true", true),
                arguments("flag", " False ", false),
                arguments("flag", "${ON}", true),
                arguments("flag", "${OFF}", false),
                arguments("count", 5, 5L),
                arguments("count", (byte) 5, 5L),
                arguments("count", 5.0, 5L),
                arguments("count", " 5 ", 5L),
                arguments("number", "1.5", 1.5),
                arguments("number", 2, 2.0),
                arguments("percent", "10%", 10.0),
                arguments("percent", "10", 10.0),
                arguments("percent", 100, 100.0),
                arguments("time", "500ms", Duration.ofMillis(500)),
                arguments("time", "20s", Duration.ofSeconds(20)),
                arguments("time", "5m", Duration.ofMinutes(5)),
                arguments("time", "2 h", Duration.ofHours(2)),
                arguments("time", "1d", Duration.ofDays(1)),
                arguments("time", "1.5s", Duration.ofMillis(1500)),
                arguments("time", "PT1M30S", Duration.ofSeconds(90)),
                arguments("time", 3, Duration.ofSeconds(3)),
                arguments("time", 0.25, Duration.ofMillis(250)),
                arguments("time", "0.25", Duration.ofMillis(250)),
                arguments("time", "1e1", Duration.ofSeconds(10)),
                arguments("time", 0, Duration.ZERO),
                arguments("time", "36500d", Duration.ofDays(36500)),
                arguments("size", "64KiB", 65536L),
                arguments("size", "10 MiB", 10L << 20),
                arguments("size", "1GiB", 1L << 30),
                arguments("size", "1.5KiB", 1536L),
                arguments("size", "2kB", 2000L),
                arguments("size", "2KB", 2000L),
                arguments("size", "3MB", 3_000_000L),
                arguments("size", "1GB", 1_000_000_000L),
                arguments("size", "7B", 7L),
                arguments("size", "4096", 4096L),
                arguments("size", 0, 0L),
                arguments("signal", "TERM", Signal.TERM),
                arguments("signal", "sigint", Signal.INT),
                arguments("texts", List.of("a", "b c"), List.of("a", "b c")),
                arguments("texts", new String[] {"a", ""}, List.of("a", "")),
                arguments("texts", new Vector<>(List.of("a")), List.of("a")),
                arguments("texts", new int[] {1, 2}, List.of("1", "2")),
                arguments("texts", List.of("-p", 8080), List.of("-p", "8080")),
                arguments("texts", "x, y", List.of("x, y")),
                arguments("texts", List.of(), List.of()),
                arguments("codes", 3, List.of(3L)),
                arguments("codes", "0, 3 4", List.of(0L, 3L, 4L)),
                arguments("codes", new long[] {0, 3}, List.of(0L, 3L)),
                arguments("codes", List.of("0", 3), List.of(0L, 3L)),
                arguments("inherit", "true", true),
                arguments("inherit", false, false),
                arguments("inherit", "PATH", List.of("PATH")),
                arguments("inherit", new String[] {"PATH", "HOME"}, List.of("PATH", "HOME")),
                arguments("json.value", Arrays.asList(1, null, "x"), Arrays.asList(1L, null, "x")),
                arguments("json.value", new Object[] {true, new int[] {1}}, List.of(true, List.of(1L))),
                arguments("json.value", Map.of("a", List.of(1.5)), Map.of("a", List.of(1.5))));
    }

    @ParameterizedTest
    @MethodSource("good")
    void takesTypedAndPlainText(String key, Object raw, Object expected) {
        Checked checked = CHECKER.check(Map.of(key, raw));
        assertThat(checked.problems()).isEmpty();
        assertThat(checked.values().asMap()).isEqualTo(Map.of(key, expected));
        assertThat(checked.values().isGiven(key)).isTrue();
    }

    static Stream<Arguments> bad() {
        return Stream.of(
                arguments("text", 5, "5 is not a text"),
                arguments("text", 1.5, "1.5 is not a text"),
                arguments("text", true, "true is not a text"),
                arguments("text", List.of("a"), "a list is not a text"),
                arguments("text", Map.of("a", 1), "an object is not a text"),
                arguments("text", "", "is empty; give a text, or leave the key out"),
                arguments("text", "a\0b", "contains a NUL character, which no program can be given; leave it out"),
                arguments("choice", "gren", "'gren' is not allowed; use one of red, green (did you mean 'green'?)"),
                arguments("choice", true, "true is not a text, one of red, green"),
                arguments("flag", "yes", "'yes' is not true, false or ${NAME} of the node's environment"),
                arguments("flag", 1, "1 is not true, false or ${NAME} of the node's environment"),
                arguments(
                        "flag",
                        "${ODD}",
                        "'${ODD}' is neither true nor false in the node's environment; set ODD to true or false, or"
                                + " write true or false here"),
                arguments(
                        "flag",
                        "${EMPTY}",
                        "'${EMPTY}' is neither true nor false in the node's environment; set EMPTY to true or false, or"
                                + " write true or false here"),
                arguments(
                        "flag",
                        "${UNSET}",
                        "'${UNSET}' is not set in the node's environment; set UNSET to true or false, or write true or"
                                + " false here"),
                arguments(
                        "flag",
                        "${}",
                        "'${}' is not set in the node's environment; write the name of a variable in it, or write true"
                                + " or false here"),
                arguments("count", "many", "'many' is not a whole number, 1 to 10"),
                arguments("count", 1.5, "1.5 is not a whole number, 1 to 10"),
                arguments("count", 11, "11 is out of range; must be 1 to 10"),
                arguments("count", "99999999999999999999", "'99999999999999999999' is not a whole number, 1 to 10"),
                arguments("count", "1e999999999", "'1e999999999' is not a whole number, 1 to 10"),
                arguments("number", Double.NaN, "NaN is not a number"),
                arguments("number", "10%", "'10%' is not a number"),
                arguments("percent", "101%", "'101%' is out of range; must be 0% to 100%"),
                arguments(
                        "time",
                        "soon",
                        "'soon' is not a length of time: write for example 500ms, 20s, 5m, 2h, 1d, PT20S (ISO-8601), or"
                                + " a number of seconds"),
                arguments(
                        "time",
                        "5min",
                        "'5min' is not a length of time: write for example 500ms, 20s, 5m, 2h, 1d,"
                                + " PT20S (ISO-8601), or a number of seconds"),
                arguments("time", "-5s", "'-5s' is out of range; must be at least 0s"),
                arguments("time", -1, "-1 is out of range; must be at least 0s"),
                arguments("time", "-PT1S", "'-PT1S' is out of range; must be at least 0s"),
                arguments("time", "36501d", "'36501d' is too long; the most is 36500d"),
                arguments("time", "P9999999999999D", "'P9999999999999D' is too long; the most is 36500d"),
                arguments("time", "-P9999999999999D", "'-P9999999999999D' is out of range; must be at least 0s"),
                arguments("time", -1e30, "-1.0E30 is out of range; must be at least 0s"),
                arguments(
                        "size",
                        "64K",
                        "'64K' is not a size: write for example 64KiB, 10MiB, 1GB, or a whole number"
                                + " of bytes, 0B to 1GiB"),
                arguments(
                        "size",
                        1.5,
                        "1.5 is not a size: write for example 64KiB, 10MiB, 1GB, or a whole number of"
                                + " bytes, 0B to 1GiB"),
                arguments("size", "2GiB", "'2GiB' is out of range; must be 0B to 1GiB"),
                arguments("size", "-1", "'-1' is out of range; must be 0B to 1GiB"),
                arguments("signal", "BANG", "'BANG' is not a signal name: use one of " + Signal.names()),
                arguments("texts", true, "true is not a list of texts or one text"),
                arguments("texts", List.of("a", true), "element 1: true is not a text; write it in quotes"),
                arguments("texts", Arrays.asList("a", null), "element 1: null is not a text; write it in quotes"),
                arguments(
                        "texts",
                        List.of("a\0"),
                        "contains a NUL character, which no program can be given; leave it out"),
                arguments("texts", Map.of("a", 1), "an object is not a list of texts or one text"),
                arguments("codes", 256, "256 is out of range; must be 0 to 255"),
                arguments("codes", "x", "'x' is not a list of whole numbers, 0 to 255"),
                arguments("count", "07", octal("07", "7")),
                arguments("number", "0777", octal("0777", "777")),
                arguments("time", "010", octal("010", "10")),
                arguments("size", "0777", octal("0777", "777")),
                arguments("codes", "1, 010", octal("010", "10")),
                arguments("codes", List.of("00"), octal("00", "0")),
                arguments(
                        "pin",
                        "0042",
                        "the value has a leading zero and may be meant as octal; write it without it, or"
                                + " the decimal value"),
                arguments("texts", "[\"a\",]", noList("[\"a\",]")),
                arguments("texts", "[ \"a\", b]", noList("[ \"a\", b]")),
                arguments(
                        "texts",
                        "[[1], {}]",
                        "'[[1], {}]' is a list with lists, objects or null in it; write texts and numbers only, or, if it"
                                + " is meant as one text, write it as the only element of a list"),
                arguments("texts", " [\"a\", \"b\", \"c]", noList(" [\"a\", \"b\", \"c]")),
                arguments("texts", "[\"a\" \"b\"]", noList("[\"a\" \"b\"]")),
                arguments("inherit", "yes", word("yes", true)),
                arguments("inherit", " All ", word(" All ", true)),
                arguments("inherit", "on", word("on", true)),
                arguments("inherit", 1, word("1", true)),
                arguments("inherit", List.of("true"), word("true", true)),
                arguments("inherit", "no", word("no", false)),
                arguments("inherit", "none", word("none", false)),
                arguments("inherit", "0", word("0", false)),
                arguments("inherit", new String[] {"off"}, word("off", false)),
                arguments("inherit", 5.5, "5.5 is not true, false or a list of texts"),
                arguments("vars", "A=1", NO_VARIABLES),
                arguments("vars", List.of("A=1", "hunter2"), NO_VARIABLES),
                arguments("vars", List.of("{\"A\": \"hunter2=\"}"), NO_VARIABLES),
                arguments(
                        "json.value",
                        List.of(Double.NaN),
                        "holds something that is no JSON value; use texts, numbers," + " booleans, lists and objects"),
                arguments("password", "s3cret-bad", "the value is not allowed; use one of s3cret-good"),
                arguments("pin", 4711, "the value is out of range; must be at most 9"),
                arguments("pin", "s3cret", "the value is not a whole number, at most 9"));
    }

    @ParameterizedTest
    @MethodSource("bad")
    void saysWhatIsWrongAndWhatWouldBeRight(String key, Object raw, String message) {
        Checked checked = CHECKER.check(Map.of(key, raw));
        // What the environment may still say is no fault of the text.
        boolean environment = raw instanceof String text && text.startsWith("${");
        assertThat(checked.problems())
                .containsExactly(environment ? Problem.environment(key, message) : Problem.definition(key, message));
        assertThat(checked.values().has(key)).isFalse();
    }

    @Test
    void longAndUnprintableValuesAreShownShort() {
        Checked checked = CHECKER.check(Map.of("count", "\u001b[31m" + "x".repeat(5000)));
        assertThat(checked.problems().get(0).message())
                .startsWith("'?[31mxxx")
                .contains("x…'")
                .hasSizeLessThan(150);
    }

    /** The kind: text that is far longer than anything that is meant; it costs no time, and the message is one to read. */
    @ParameterizedTest
    @ValueSource(strings = {"", ".", "json."})
    void aKeyOfMegabytesIsRefusedAtOnceInAShortMessage(String before) {
        String key = before + "x".repeat(4_000_000);
        assertThat(CHECKER.check(Map.of(key, 1)).problems().toString())
                .contains(before + "xxx", "...")
                .hasSizeLessThan(5000);
        assertThat(NearestKey.find(key, List.of("text", key))).isNull();
        assertThat(NearestKey.find("txet", List.of("text", key))).isEqualTo("text");
    }

    static Stream<Arguments> unknown() {
        return Stream.of(
                arguments(Map.of("txet", 1), "txet", "is not an option; did you mean 'text'?"),
                arguments(Map.of("json.valeu", 1), "json.valeu", "is not an option; did you mean 'json.value'?"),
                arguments(Map.of("jsonValue", 1), "jsonValue", "is not an option; did you mean 'json.value'?"),
                arguments(Map.of("Text", 1), "Text", "is not an option; did you mean 'text'?"),
                arguments(Map.of("value", 1), "value", "is not an option; did you mean 'json.value'?"),
                arguments(Map.of("json", Map.of("size", 1)), "json.size", "is not an option; did you mean 'size'?"),
                arguments(Map.of("json.zzzzz", 1), "json.zzzzz", "is not an option; known there are json.value"),
                arguments(
                        Map.of("json", 1),
                        "json",
                        "is a group of options and takes an object; known there are json.value"));
    }

    @ParameterizedTest
    @MethodSource("unknown")
    void namesTheNearestKey(Map<String, Object> raw, String path, String message) {
        assertThat(CHECKER.check(raw).problems()).containsExactly(Problem.definition(path, message));
    }

    @Test
    void anUnknownGroupIsOneProblemAndShowsNoValue() {
        List<Problem> problems = CHECKER.check(Map.of("watching", Map.of("a", "hunter2", "b", Map.of("c", 1))))
                .problems();
        assertThat(problems).hasSize(1);
        assertThat(problems.get(0).path()).isEqualTo("watching");
        assertThat(problems.get(0).message())
                .startsWith("is not an option; known are choice, codes, count,")
                .doesNotContain("hunter2");
    }

    @Test
    void allProblemsAtOnceInOrder() {
        Map<String, Object> raw = new LinkedHashMap<>();
        raw.put("count", 0);
        raw.put("nonsense", 1);
        raw.put("text", null);
        raw.put("flag", true);
        OptionChecker checker = new OptionChecker(
                concat(
                        OPTIONS,
                        option("must", OptionType.STRING, "What it is.")
                                .required()
                                .build()),
                NODE::get);
        Checked checked = checker.check(raw);
        assertThat(checked.problems()).extracting(Problem::path).containsExactly("count", "nonsense", "text", "must");
        assertThat(checked.problems().get(2).message())
                .isEqualTo("has no value (null); give one, or leave the key out");
        assertThat(checked.problems().get(3).message()).isEqualTo("is required and missing: What it is.");
        assertThat(checked.ok()).isFalse();
        assertThat(checked.values().asMap()).isEqualTo(Map.of("flag", true));
    }

    @Test
    void theSameKeyTwiceIsAProblem() {
        Map<String, Object> raw = new LinkedHashMap<>();
        raw.put("json.value", 1);
        raw.put("json", Map.of("value", 2));
        raw.put("vars.A", "1");
        raw.put("vars", Map.of("A", "2"));
        raw.put("vars.A.secret", "hunter2");
        assertThat(CHECKER.check(raw).problems())
                .containsExactly(
                        Problem.definition("json.value", "is given twice, once dotted and once nested; keep one"),
                        Problem.definition("vars.A", "is given twice, once dotted and once nested; keep one"),
                        Problem.definition("vars.A.secret", "is given twice, also as 'vars.A'; keep one"));
    }

    @Test
    void aJsonValueMayBeWrittenDotted() {
        Map<String, Object> raw = new LinkedHashMap<>();
        raw.put("json.value.a", 1);
        raw.put("json.value.b.c", List.of("x"));
        Checked checked = CHECKER.check(raw);
        assertThat(checked.problems()).isEmpty();
        assertThat(checked.values().any("json.value")).isEqualTo(Map.of("a", 1L, "b", Map.of("c", List.of("x"))));

        raw.put("json.value.a.z", 1);
        raw.put("json.value", 5);
        assertThat(CHECKER.check(raw).problems())
                .extracting(Problem::path)
                .containsExactly("json.value.a.z", "json.value");
    }

    /** The kind: a number that was written otherwise than a number of ours would be; it was a text, in JSON too. */
    @ParameterizedTest
    @CsvSource({
        "1e3, 1000.0",
        "1.10, 1.1",
        "-2.50E-1, -0.25",
        "5, 5",
        "5.0, 5.0",
        "12345678901234567890, 12345678901234567890",
        "'\"1e3\"', '\"1e3\"'",
    })
    void aNumberOfJsonIsANumberHoweverItIsWritten(String written, String expected) {
        Checked checked = CHECKER.check(Map.of("json.value", "{\"a\": [" + written + "]}"));
        assertThat(checked.problems()).isEmpty();
        assertThat(Json.write(checked.values().any("json.value"))).isEqualTo("{\"a\":[" + expected + "]}");
        assertThat(CHECKER.check(Map.of("texts", List.of(new WrittenNumber("1e3"))))
                        .values()
                        .strings("texts"))
                .as("as it is written where it is a text")
                .containsExactly("1e3");
    }

    @Test
    void nestedMapsOfTheCallerStayAsTheyAre() {
        Map<String, Object> mine = new LinkedHashMap<>(Map.of("b", 1));
        Map<String, Object> raw = new LinkedHashMap<>();
        raw.put("json.value.a", mine);
        raw.put("json.value.a.c", 2);
        assertThat(CHECKER.check(raw).problems()).hasSize(1);
        assertThat(mine).isEqualTo(Map.of("b", 1));
    }

    @Test
    void defaultsAreCoercedAndNotGiven() {
        OptionChecker checker = new OptionChecker(
                List.of(option("time", OptionType.DURATION, "T.")
                        .byDefault("20s")
                        .build()),
                NODE::get);
        Checked checked = checker.check(Map.of());
        assertThat(checked.values().duration("time")).contains(Duration.ofSeconds(20));
        assertThat(checked.values().isGiven("time")).isFalse();
        assertThat(checker.check(Map.of("time", "x")).values().has("time")).isFalse();
        assertThatThrownBy(() -> new OptionChecker(
                        List.of(option("time", OptionType.DURATION, "T.")
                                .byDefault("x")
                                .build()),
                        NODE::get))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("default of option 'time': 'x' is not a length of time");
    }

    @Test
    void variablesInAllForms() {
        Map<String, Object> raw = new LinkedHashMap<>();
        raw.put("vars.PLAIN", "a");
        raw.put("vars.mixedCase", 8080);
        raw.put("vars.TOKEN.secret", "hunter2");
        raw.put("vars.KEY.secretFile", "key/x");
        raw.put("vars", Map.of("EMPTY", "", "NESTED", Map.of("secret", "hunter3")));
        Checked checked = CHECKER.check(raw);
        assertThat(checked.problems()).isEmpty();
        assertThat(checked.values().variables("vars"))
                .isEqualTo(Map.of(
                        "PLAIN", Variable.of(Kind.PLAIN, "a"),
                        "mixedCase", Variable.of(Kind.PLAIN, "8080"),
                        "TOKEN", Variable.of(Kind.SECRET, "hunter2"),
                        "KEY", Variable.of(Kind.SECRET_FILE, "key/x"),
                        "EMPTY", Variable.of(Kind.PLAIN, ""),
                        "NESTED", Variable.of(Kind.SECRET, "hunter3")));
        assertThat(checked.values().isGiven("vars")).isTrue();
        assertThat(checked.toString()).doesNotContain("hunter");
    }

    static Stream<Arguments> badVariables() {
        String asText = "is a text that looks like an object with a secret, and would be shown; write the key ending in"
                + " .secret or .secretFile with the bare value";
        String forms = "a text, {\"secret\": \"…\"} or {\"secretFile\": \"path\"}";
        return Stream.of(
                arguments("A", Collections.singletonMap("secret", null), "has no value; it must be " + forms),
                arguments("A", Map.of("secrt", "hunter2"), "must be " + forms + "; 'secrt' is none of these"),
                arguments("A", Map.of(), "must be " + forms + "; it is empty"),
                arguments(
                        "A",
                        Map.of("secret", "hunter2", "secretFile", "x"),
                        "must be " + forms + ", and only one of them"),
                arguments("A", true, "is not a text; write it in quotes (the value must be " + forms + ")"),
                arguments(
                        "A", List.of("hunter2"), "is not a text; write it in quotes (the value must be " + forms + ")"),
                arguments(
                        "A.secrt",
                        "hunter2",
                        "is no variable: names have no '.' here, and after the name only"
                                + " '.secret' or '.secretFile' may follow"),
                arguments("A=B", "hunter2", "is no name of a variable: it must not contain '=' or a NUL character"),
                arguments("", "hunter2", "is empty; a variable needs a name"),
                arguments("A", "hunter2\0", "contains a NUL character, which no environment can hold; leave it out"),
                arguments("A", "{\"secret\": \"hunter2\"}", asText),
                arguments("A", " { secretFile: hunter2 }", asText),
                arguments("A.secretFile", "", "is empty; give the path of the file that holds the secret"));
    }

    @ParameterizedTest
    @MethodSource("badVariables")
    void badVariablesAreNamedWithoutTheirValue(String name, Object raw, String message) {
        assertThat(CHECKER.check(Map.of("vars." + name, raw)).problems())
                .containsExactly(Problem.definition("vars." + name, message));
        assertThat(CHECKER.check(Map.of("vars", Map.of(name, raw))).problems())
                .containsExactly(Problem.definition("vars." + name, message));
    }

    @Test
    void variablesMayBeAList() {
        Map<String, Variable> expected = Map.of(
                "A", Variable.of(Kind.PLAIN, "b=c"),
                "EMPTY", Variable.of(Kind.PLAIN, ""),
                "KEY", Variable.of(Kind.SECRET_FILE, "key/x"));
        String[] list = {"A=b=c", "EMPTY=", "KEY.secretFile=key/x"};
        String text = "[\"A=b=c\", \"EMPTY=\", \"KEY.secretFile=key/x\"]";
        for (Object given : List.of(list, List.of(list), text)) {
            Checked checked = CHECKER.check(Map.of("vars", given));
            assertThat(checked.problems()).isEmpty();
            assertThat(checked.values().variables("vars")).isEqualTo(expected);
        }
        assertThat(CHECKER.check(Map.of("vars", new String[0])).problems()).isEmpty();
        assertThat(CHECKER.check(Map.of("vars", new String[] {"A=1"}, "vars.A", "2"))
                        .problems())
                .hasSize(1);
    }

    @Test
    void reservedKeysOfConfigAdminAreNoOptions() {
        Map<String, Object> dictionary = new LinkedHashMap<>();
        for (String key : List.of(
                "service.pid",
                "service.factoryPid",
                "felix.fileinstall.filename",
                "worker.id",
                "millwright.origin",
                "component.name",
                ":configurator:feature",
                "org.apache.karaf.features.configKey",
                ".private",
                "workdir",
                "text")) {
            dictionary.put(key, "x");
        }
        assertThat(OptionChecker.stripReserved(dictionary)).containsOnlyKeys("workdir", "text");
    }

    private static List<OptionDefinition> concat(List<OptionDefinition> some, OptionDefinition one) {
        return Stream.concat(some.stream(), Stream.of(one)).toList();
    }
}
