package io.millwright.shell.gogo.internal.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextsTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0ms",
        "-5, 0ms",
        "999, 999ms",
        "1000, 1s",
        "12345, 12.3s",
        "59999, 59.9s",
        "60000, 1m",
        "303000, 5m3s",
        "3600000, 1h",
        "7500000, 2h5m",
        "86400000, 1d",
        "273600000, 3d4h"
    })
    void durationsAreShort(long millis, String text) {
        assertThat(Texts.duration(Duration.ofMillis(millis))).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"0, 0B", "1023, 1023B", "1024, 1.0KiB", "1610612736, 1.5GiB", "9223372036854775807, 8.0EiB"})
    void sizesAreShort(double bytes, String text) {
        assertThat(Texts.size(bytes)).isEqualTo(text);
    }

    @Test
    void cuttingNeverSplitsACharacterNorExceedsTheWidth() {
        String text = "a界\uD83D\uDE00e\u0301" + "界".repeat(50);
        for (int width = 0; width < 120; width++) {
            String cut = Texts.cut(text, width);
            assertThat(Texts.columns(cut)).isLessThanOrEqualTo(width);
            assertThat(cut.codePoints().noneMatch(c -> c >= 0xd800 && c <= 0xdfff))
                    .isTrue();
        }
        assertThat(Texts.cut("abcdefgh", 6)).isEqualTo("abcd..");
    }

    @Test
    void textCannotDisturbATable() {
        TextTable table = new TextTable().whole("ID").column("X", 1, 3);
        table.row("a", "two\nlines\u001b[31m");
        assertThat(table.text(80).lines()).hasSize(2).last().isEqualTo("a   two lines\\x1b[31m");
    }

    @Test
    void wrappingKeepsEveryWord() {
        assertThat(Texts.wrap("one two three", 7)).containsExactly("one two", "three");
        assertThat(Texts.wrap("", 7)).containsExactly("");
        assertThat(Texts.wrap("a\nb", 7)).containsExactly("a", "b");
    }
}
