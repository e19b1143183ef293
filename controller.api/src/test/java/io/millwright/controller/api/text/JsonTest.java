package io.millwright.controller.api.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.LogEntry;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.Outcome;
import io.millwright.controller.api.Problem;
import io.millwright.controller.api.StartResult;
import io.millwright.controller.api.WorkerExit;
import io.millwright.controller.api.WorkerId;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The one mapping of values to JSON. */
class JsonTest {
    private static final Instant AT = Instant.parse("2026-01-02T03:04:05.6Z");

    static Stream<Arguments> values() {
        Map<String, Object> nested = new LinkedHashMap<>();
        nested.put("a", Arrays.asList(1, null, "x"));
        nested.put("b", null);
        return Stream.of(
                Arguments.of(null, "null"),
                Arguments.of(true, "true"),
                Arguments.of(-5L, "-5"),
                Arguments.of(0.25, "0.25"),
                Arguments.of(Double.NaN, "null"),
                Arguments.of(Float.NEGATIVE_INFINITY, "null"),
                Arguments.of(new BigDecimal("1.10"), "1.10"),
                Arguments.of(BigInteger.TEN.pow(400), BigInteger.TEN.pow(400).toString()),
                Arguments.of(AT, "\"2026-01-02T03:04:05.600Z\""),
                Arguments.of(Duration.ofMillis(1500), "1.5"),
                Arguments.of(ErrorCode.NO_SUCH_WORKER, "\"no_such_worker\""),
                Arguments.of(nested, "{\"a\":[1,null,\"x\"],\"b\":null}"),
                Arguments.of(Map.of(), "{}"),
                Arguments.of(List.of(), "[]"),
                Arguments.of(List.of(Map.of("at", AT)), "[{\"at\":\"2026-01-02T03:04:05.600Z\"}]"),
                Arguments.of("q\"b\\n\nr\rt\tü界", "\"q\\\"b\\\\n\\nr\\rt\\tü界\""),
                Arguments.of("\u0000\u001b\u007f\u009b\u2028", "\"\\u0000\\u001b\\u007f\\u009b\\u2028\""),
                Arguments.of("\uD83D\uDE00 \uD83D", "\"\uD83D\uDE00 \\ud83d\""));
    }

    @ParameterizedTest
    @MethodSource("values")
    void everyValueHasOneForm(Object value, String json) {
        assertThat(Json.write(value)).isEqualTo(json);
    }

    /** The kind: text for a stream in an encoding that has no place for it; JSON has one for every character. */
    @ParameterizedTest
    @CsvSource({"größe, gr\\u00f6\\u00dfe", "日本, \\u65e5\\u672c", "\ud83d\ude00, \\ud83d\\ude00", "a, a"})
    void whatIsBeyondAsciiCanBeEscaped(String text, String escaped) {
        String json = "{\"" + escaped + "\":[\"" + escaped + "\"]}";
        assertThat(Json.ascii(Json.write(Map.of(text, List.of(text))))).isEqualTo(json);
    }

    /** The default charset says nothing of a terminal from JDK 18 on. */
    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "UTF-8, ANSI_X3.4-1968, true",
                "ANSI_X3.4-1968, UTF-8, false",
                "ISO-8859-1, -, false",
                "-, UTF-8, true",
                "-, ANSI_X3.4-1968, false",
                "'', utf8, true",
                "no such thing, UTF-8, false"
            })
    void theEncodingIsThatOfStandardOutput(@Nullable String output, @Nullable String system, boolean utf8) {
        Map<String, @Nullable String> properties = new HashMap<>();
        properties.put("stdout.encoding", output);
        properties.put("native.encoding", system);
        assertThat(Json.isUtf8(properties::get)).isEqualTo(utf8);
    }

    @Test
    void withoutBothTheDefaultCharsetCounts() {
        assertThat(Json.isUtf8(key -> null)).isEqualTo(Charset.defaultCharset().equals(StandardCharsets.UTF_8));
    }

    @Test
    void anErrorSaysAllThatBelongsToIt() {
        WorkerExit exit = WorkerExit.of(WorkerExit.ExitClass.ERROR, 3, null, "exit code 3", AT);
        NodeException error = new NodeException(
                ErrorCode.CANNOT_START,
                "it ended",
                List.of(Problem.of("stop.signal", 7, "is none", Problem.Kind.DEFINITION)),
                List.of(LogEntry.of(AT, LogEntry.Stream.STDERR, null, "no port")),
                exit,
                null);
        String common = "\"error\":\"cannot_start\",\"message\":\"it ended\","
                + "\"details\":[{\"path\":\"stop.signal\",\"line\":7,\"message\":\"is none\"}],"
                + "\"exit\":{\"class\":\"error\",\"code\":3,\"signal\":null,\"reason\":\"exit code 3\","
                + "\"at\":\"2026-01-02T03:04:05.600Z\"},"
                + "\"log\":[{\"time\":\"2026-01-02T03:04:05.600Z\",\"stream\":\"stderr\",\"level\":null,\"text\":\"no port\"}]}";
        assertThat(Json.write(error)).isEqualTo("{" + common);
        assertThat(Json.write(Outcome.<StartResult>failed(new WorkerId("w"), error)))
                .isEqualTo("{\"id\":\"w\"," + common);
        assertThat(Json.write(new NodeException(ErrorCode.NO_SUCH_WORKER, "gone")))
                .isEqualTo("{\"error\":\"no_such_worker\",\"message\":\"gone\",\"details\":[]}");
    }
}
