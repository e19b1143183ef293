package io.millwright.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** The kind: text that a file or a name brings along must not command the terminal that it is printed on. */
class ConsoleTest {
    @Test
    void controlsAreQuestionMarks() {
        Map<String, String> shown = Map.of(
                "\033[31mred", "?[31mred",
                "\u009b2J", "?2J",
                "\033]0;title\007", "?]0;title?",
                "over\rwritten", "over?written",
                "back\b\177", "back??",
                "line\n\tindented", "line\n\tindented",
                "größe 日本", "größe 日本");
        shown.forEach((text, harmless) -> assertThat(Console.harmless(text)).isEqualTo(harmless));
    }
}
