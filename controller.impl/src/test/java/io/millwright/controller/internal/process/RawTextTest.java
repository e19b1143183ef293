package io.millwright.controller.internal.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The kind: bytes of the system that are no text, or none in the encoding of the locale, must come out as they went in. */
class RawTextTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "plain", "größe", "日本", "😀", "a\u0000b"})
    void textIsText(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        assertThat(RawText.decode(bytes)).isEqualTo(text);
        assertThat(RawText.encode(text)).isEqualTo(bytes);
        assertThat(RawText.withoutRaw(text)).isEqualTo(text);
    }

    @Test
    void latinIsKept() {
        byte[] latin = "größe".getBytes(StandardCharsets.ISO_8859_1);
        String text = RawText.decode(latin);
        assertThat(RawText.encode("x=" + text)).endsWith(latin);
        assertThat(RawText.withoutRaw(text)).isEqualTo("gre");
    }

    @Test
    void anyBytesAreKept() {
        Random random = new Random(1);
        for (int i = 0; i < 10_000; i++) {
            byte[] bytes = new byte[random.nextInt(12)];
            random.nextBytes(bytes);
            assertThat(RawText.encode(RawText.decode(bytes))).isEqualTo(bytes);
        }
        // Pieces that are nearly right: cut, overlong, surrogates, too high.
        for (byte[] bytes : new byte[][] {
            {(byte) 0xe6, (byte) 0x97},
            {(byte) 0xc0, (byte) 0x80},
            {(byte) 0xed, (byte) 0xb2, (byte) 0x80},
            {(byte) 0xf4, (byte) 0x90, (byte) 0x80, (byte) 0x80},
            {'a', (byte) 0xff, 'b', (byte) 0xf0, (byte) 0x9f, (byte) 0x98, (byte) 0x80, (byte) 0x80}
        }) {
            assertThat(RawText.encode(RawText.decode(bytes))).isEqualTo(bytes);
        }
    }

    @Test
    void aBlockOfVariables() {
        byte[] block = "A=1\0B=x=y\0EMPTY=\0A=2\0nonsense\0=odd\0LC_ALL=C.UTF-8\0MILLWRIGHT_LC_ALL=de_DE\0"
                .getBytes(StandardCharsets.US_ASCII);
        assertThat(NodeEnvironment.withLocaleOfCaller(NodeEnvironment.parse(block)))
                .containsExactlyInAnyOrderEntriesOf(Map.of("A", "1", "B", "x=y", "EMPTY", "", "LC_ALL", "de_DE"));
        assertThat(NodeEnvironment.withLocaleOfCaller(
                        new LinkedHashMap<>(Map.of("LC_ALL", "C.UTF-8", "MILLWRIGHT_LC_ALL", ""))))
                .isEmpty();
        assertThat(NodeEnvironment.withLocaleOfCaller(new LinkedHashMap<>(Map.of("LC_ALL", "C"))))
                .containsExactly(Map.entry("LC_ALL", "C"));
    }
}
