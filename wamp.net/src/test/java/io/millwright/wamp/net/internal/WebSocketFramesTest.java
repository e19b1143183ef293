package io.millwright.wamp.net.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millwright.wamp.net.internal.WebSocketFrames.FrameException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames of clients, whole and in parts, right and wrong. */
class WebSocketFramesTest {
    private static byte[] frame(Random random, int first, byte[] content) {
        ByteBuffer frame = ByteBuffer.allocate(14 + content.length).put((byte) first);
        if (content.length <= 125) {
            frame.put((byte) (0x80 | content.length));
        } else if (content.length <= 0xffff) {
            frame.put((byte) (0x80 | 126)).putShort((short) content.length);
        } else {
            frame.put((byte) (0x80 | 127)).putLong(content.length);
        }
        byte[] mask = new byte[4];
        random.nextBytes(mask);
        frame.put(mask);
        for (int i = 0; i < content.length; i++) {
            frame.put((byte) (content[i] ^ mask[i % 4]));
        }
        return Arrays.copyOf(frame.array(), frame.position());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void messagesComeWholeHoweverTheyComeInPartsAndControlFramesBetween(long seed) throws Exception {
        Random random = new Random(seed);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        List<String> sent = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            byte[] content = new byte[new int[] {0, 1, 125, 126, 300, 65_535, 65_536, 100_000}[random.nextInt(8)]];
            random.nextBytes(content);
            int opcode = 1 + random.nextInt(2);
            int parts = 1 + random.nextInt(4);
            List<String> controls = new ArrayList<>();
            for (int part = 0; part < parts; part++) {
                int from = content.length * part / parts;
                int to = content.length * (part + 1) / parts;
                int first = (part == parts - 1 ? 0x80 : 0) | (part == 0 ? opcode : 0);
                bytes.writeBytes(frame(random, first, Arrays.copyOfRange(content, from, to)));
                if (part < parts - 1 && random.nextBoolean()) {
                    byte[] ping = new byte[random.nextInt(126)];
                    bytes.writeBytes(frame(random, 0x80 | (random.nextBoolean() ? 9 : 10), ping));
                    controls.add("control" + ping.length);
                }
            }
            sent.addAll(controls);
            sent.add(opcode + HexFormat.of().formatHex(content));
        }
        for (int most : new int[] {1, 3, 70, 5000, 1 << 20}) {
            WebSocketFrames frames = new WebSocketFrames();
            frames.maxLength(100_000);
            List<String> read = new ArrayList<>();
            ByteBuffer all = ByteBuffer.wrap(bytes.toByteArray());
            while (all.hasRemaining()) {
                int count = Math.min(all.remaining(), 1 + random.nextInt(most));
                frames.read(
                        all.slice(all.position(), count),
                        (opcode, content) -> read.add(
                                opcode > 2
                                        ? "control" + content.length
                                        : opcode + HexFormat.of().formatHex(content)));
                all.position(all.position() + count);
            }
            assertThat(read).isEqualTo(sent);
        }
    }

    @ParameterizedTest
    @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    @CsvSource({
        "8100, 1002, not masked",
        "c180, 1002, reserved",
        "9180, 1002, reserved",
        "8380, 1002, kind 3",
        "8f80, 1002, kind 15",
        "8080, 1002, without its beginning",
        "0980, 1002, control frame",
        "89fe, 1002, control frame",
        "018000000000018000000000, 1002, before the one before",
        "81ff000000000001000100000000, 1009, 65537 bytes",
        "81ffffffffffffffffff00000000, 1009, over 2^63",
        "81ff7fffffffffffffff00000000, 1009, longest that is taken has 65536",
        "01fe000100000000aa80ff000000000001000000000000, 1009, 65537 bytes",
        "018100000000aa80ff7fffffffffffffff00000000, 1009, longest that is taken has 65536",
        "018200000000aabb80ff7ffffffffffffffe00000000, 1009, longest that is taken has 65536",
    })
    void whatIsNoFrameOfAClientIsRefused(String hex, int code, String sentence) {
        WebSocketFrames frames = new WebSocketFrames();
        frames.maxLength(65_536);
        FrameException e = catchThrowableOfType(
                FrameException.class,
                () -> frames.read(ByteBuffer.wrap(HexFormat.of().parseHex(hex)), (opcode, content) -> {}));
        assertThat(e).hasMessageContaining(sentence);
        assertThat(e.code()).isEqualTo(code);
    }

    @Test
    void randomBytesDoNothingWorse() {
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            WebSocketFrames frames = new WebSocketFrames();
            frames.maxLength(1000);
            byte[] bytes = new byte[random.nextInt(60)];
            random.nextBytes(bytes);
            if (bytes.length > 1) {
                bytes[0] &= (byte) 0x8f;
                bytes[1] |= (byte) 0x80;
            }
            try {
                frames.read(ByteBuffer.wrap(bytes), (opcode, content) -> assertThat(content.length)
                        .isLessThan(1001));
            } catch (FrameException e) {
                assertThat(e.code()).isIn(1002, 1009);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 8100", "125, 817d", "126, 817e007e", "65535, 817effff", "65536, 817f0000000000010000"})
    void aServersHeadersAreOfTheShortestForm(int length, String hex) {
        ByteBuffer header = WebSocketFrames.header(WebSocketFrames.TEXT, length);
        byte[] octets = new byte[header.remaining()];
        header.get(octets);
        assertThat(HexFormat.of().formatHex(octets)).isEqualTo(hex);
    }
}
