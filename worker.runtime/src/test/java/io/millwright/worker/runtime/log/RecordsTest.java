package io.millwright.worker.runtime.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millwright.options.JsonSyntax;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordsTest {
    private static Map<?, ?> parsed(byte[] line) {
        String text = new String(line, StandardCharsets.UTF_8);
        assertThat(text).startsWith("!").endsWith("}\n");
        assertThat(text.indexOf('\n')).isEqualTo(text.length() - 1);
        return (Map<?, ?>) JsonSyntax.structure(text.substring(1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "plain",
                "a \"quote\" and \\",
                "two\nlines\r\n\ttab",
                "\u0000\u0001\u007f",
                "ü € 😀",
                "half \ud83d"
            })
    void everyTextIsOneLineOfJson(String text) {
        Map<?, ?> record = parsed(Records.line("!", "INFO", text, text, text, text));
        assertThat(record.get("level")).isEqualTo("INFO");
        assertThat(record.get("logger")).isEqualTo(text);
        assertThat(record.get("thread")).isEqualTo(text);
        assertThat(record.get("message")).isEqualTo(text);
        assertThat(record.get("trace")).isEqualTo(text);
    }

    @Test
    void withoutAThrowableThereIsNoTrace() {
        assertThat(parsed(Records.line("!", "INFO", "l", "t", "m", null)).containsKey("trace"))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "\u0001", "😀", "€"})
    void whatIsTooLongIsCutAndStaysARecord(String character) {
        String text = character.repeat(100_000);
        byte[] line = Records.line("!", "INFO", text, text, text, text);
        assertThat(line.length).isLessThan(61_000);
        assertThat((String) parsed(line).get("message")).endsWith("…");
    }

    @ParameterizedTest
    @CsvSource({
        "a.b.c, INFO, true",
        "a.b.c, DEBUG, false",
        "levels.loud, TRACE, true",
        "levels.loud.deep.Down, TRACE, true",
        "levels.louder, DEBUG, false",
        "levels.quiet.X, WARN, false",
        "levels.quiet.X, ERROR, true"
    })
    void levelsAreOfLoggersByWholeSegments(String logger, String level, boolean on) {
        Levels.set("levels.loud", Levels.parse("trace"));
        Levels.set("levels.quiet", Levels.parse("Error"));
        assertThat(Levels.isOn(logger, Levels.parse(level))).isEqualTo(on);
    }

    @Test
    void aWordThatIsNoLevelIsRefused() {
        assertThatThrownBy(() -> Levels.parse("loud"))
                .hasMessage("the log level 'loud' is none; it must be one of [off, error, warn, info, debug, trace]");
    }
}
