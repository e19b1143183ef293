package io.millwright.worker.runtime.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTextTest {
    @Test
    void readsEachKindOfValue() {
        String text =
                " { \"a\" : [ ] , \"b\":{}, \"c\":[1,-2.5,1e3,12345678901234567890,true,false,null], \"d\\n\\u00fc\\\"\":\"\\\\ \\/ \\t\" }\n";
        assertThat(JsonText.parse(text))
                .isEqualTo(Map.of(
                        "a", List.of(),
                        "b", Map.of(),
                        "c", Arrays.asList(1L, -2.5, 1000.0, 12345678901234567890.0, true, false, null),
                        "d\nü\"", "\\ / \t"));
        assertThat(JsonText.parse("\"" + "x".repeat(1_000_000) + "\"")).isEqualTo("x".repeat(1_000_000));
        assertThat(JsonText.parse("null")).isNull();
    }

    @Test
    void whatIsWrittenIsReadAgain() {
        Map<String, Object> value = Map.of(
                "a", List.of(),
                "b", Map.of(),
                "c", Arrays.asList(1L, -2.5, true, false, null),
                "d\nü\"\\\ud83d", List.of("x", List.of("\u0001")));
        assertThat(JsonText.parse(JsonText.write(value))).isEqualTo(value);
        assertThat(JsonText.write(Double.NaN)).isEqualTo("\"NaN\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[",
                "[1",
                "[1 2]",
                "[,1]",
                "{\"a\"}",
                "{\"a\":}",
                "{a:1}",
                "{\"a\":1,}",
                "\"a",
                "\"\\",
                "\"\\u12",
                "\"\\u12xy\"",
                "nul",
                "1 2",
                "{} x",
                "-",
                "]"
            })
    void whatIsNoJsonIsRefused(String text) {
        assertThatThrownBy(() -> JsonText.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatIsTooDeepIsRefused() {
        assertThatThrownBy(() -> JsonText.parse("[".repeat(100_000))).isInstanceOf(IllegalArgumentException.class);
    }
}
