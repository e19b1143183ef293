package io.millwright.controller.api.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Text of any origin on a terminal: what could act on it is visible, all else stays as it is. */
class PrintableTest {
    static Stream<Arguments> texts() {
        return Stream.of(
                Arguments.of("plain text", "plain text"),
                Arguments.of("", ""),
                Arguments.of("größe 界 \uD83D\uDE00 e\u0301 \u00a0", "größe 界 \uD83D\uDE00 e\u0301 \u00a0"),
                Arguments.of("\u001b[2J", "\\x1b[2J"),
                Arguments.of("\u001b]52;c;aGk=\u0007", "\\x1b]52;c;aGk=\\x07"),
                Arguments.of("\u001bP1$r0m\u001b\\", "\\x1bP1$r0m\\x1b\\"),
                Arguments.of("a\rb", "a\\x0db"),
                Arguments.of("a\bb\u0000\u007f", "a\\x08b\\x00\\x7f"),
                Arguments.of("\u009b2J\u009d0;t\u009c\u0085", "\\x9b2J\\x9d0;t\\x9c\\x85"),
                Arguments.of("a\u2028b\u2029", "a\\u2028b\\u2029"),
                Arguments.of("\u202ecod.exe\u2066", "\\u202ecod.exe\\u2066"),
                Arguments.of("half \ud83d!", "half \\ud83d!"));
    }

    @ParameterizedTest
    @MethodSource("texts")
    void allButPrintableTextIsVisible(String text, String shown) {
        assertThat(Printable.line(text)).isEqualTo(shown);
        assertThat(Printable.lines(text)).isEqualTo(shown);
        assertThat(Printable.coloured(text)).isEqualTo(shown);
        assertThat(Printable.lines(shown)).as("twice is once").isEqualTo(shown);
    }

    @Test
    void linesAreKeptOrMadeOne() {
        assertThat(Printable.line("a\n\tb")).isEqualTo("a  b");
        assertThat(Printable.lines("a\n\tb")).isEqualTo("a\n\tb");
    }

    static Stream<Arguments> colours() {
        return Stream.of(
                Arguments.of("\u001b[31mred\u001b[0m!", "\u001b[31mred\u001b[0m!"),
                Arguments.of("\u001b[1;38;5;9mred\u001b[m", "\u001b[1;38;5;9mred\u001b[m"),
                Arguments.of("\u001b[4:3mcurly", "\u001b[4:3mcurly\u001b[0m"),
                // what hides text must not hide the next line too
                Arguments.of("\u001b[8mhidden", "\u001b[8mhidden\u001b[0m"),
                Arguments.of("\u001b[31m\u001b[2Jx\r", "\u001b[31m\\x1b[2Jx\u001b[0m"),
                // not SGR, though they end in m or begin like it
                Arguments.of("\u001b[>4;1m", "\\x1b[>4;1m"),
                Arguments.of("\u001b[?4m", "\\x1b[?4m"),
                Arguments.of("\u001b[3\u00071m", "\\x1b[3\\x071m"),
                Arguments.of("\u009b31m", "\\x9b31m"),
                Arguments.of("\u001b[", "\\x1b["),
                Arguments.of("50%\r100%\r", "50%\\x0d100%"));
    }

    @ParameterizedTest
    @MethodSource("colours")
    void coloursAreKeptAndEnd(String text, String shown) {
        assertThat(Printable.coloured(text)).isEqualTo(shown);
    }
}
