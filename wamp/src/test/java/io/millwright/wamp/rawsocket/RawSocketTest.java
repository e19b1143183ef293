package io.millwright.wamp.rawsocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millwright.wamp.WampProtocolException;
import io.millwright.wamp.rawsocket.Frames.Kind;
import io.millwright.wamp.serial.Serializers;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The octets of the handshake and the frames, both ways. */
class RawSocketTest {
    @ParameterizedTest
    @CsvSource({
        "json, 16777216, 7ff10000",
        "json, 2147483647, 7ff10000",
        "json, 16777215, 7fe10000",
        "msgpack, 65536, 7f720000",
        "cbor, 512, 7f030000",
        "cbor, 1, 7f030000",
        "cbor, 1023, 7f030000"
    })
    void aSideSaysItsSerializerAndLength(String name, int length, String octets) throws Exception {
        Handshake own = Handshake.of(Serializers.byName(name), length);
        assertThat(HexFormat.of().formatHex(own.octets())).isEqualTo(octets);
        assertThat(own.maxLength()).isLessThanOrEqualTo(Math.max(512, length));
        Handshake read = Handshake.ofClient(own.octets());
        assertThat(read.serializer()).isSameAs(own.serializer());
        assertThat(read.maxLength()).isEqualTo(own.maxLength());
        assertThat(own.ofRouter(own.octets()).maxLength()).isEqualTo(own.maxLength());
    }

    @ParameterizedTest
    @CsvSource({
        "47455420, , 0x47",
        "00000000, , 0x00",
        "7ff10001, 7f300000, reserved bits",
        "7ff18000, 7f300000, reserved bits",
        "7ff00000, 7f100000, serializer number 0",
        "7ff40000, 7f100000, serializer number 4",
    })
    void aRouterRefuses(String octets, String answer, String sentence) {
        Handshake.RefusedException e = catchThrowableOfType(
                Handshake.RefusedException.class,
                () -> Handshake.ofClient(HexFormat.of().parseHex(octets)));
        assertThat(e).hasMessageContaining(sentence);
        assertThat(
                        e.refusal() == null
                                ? null
                                : HexFormat.of().formatHex(e.refusal().octets()))
                .isEqualTo(answer);
    }

    @ParameterizedTest
    @CsvSource({
        "48545450, does not speak RawSocket",
        "7f100000, does not have the serializer",
        "7f200000, does not take messages of that length",
        "7f300000, reserved bits",
        "7f400000, too many connections",
        "7ff00000, reason 15",
        "7ff10100, reserved bits",
        "7ff20000, another serializer",
    })
    void aClientIsRefusedInASentence(String octets, String sentence) {
        Handshake own = Handshake.of(Serializers.JSON, 65536);
        assertThatThrownBy(() -> own.ofRouter(HexFormat.of().parseHex(octets)))
                .isInstanceOf(WampProtocolException.class)
                .hasMessageContaining(sentence);
    }

    @Test
    void framesComeWholeHoweverTheBytesCome() {
        Random random = new Random(1);
        List<String> sent = new ArrayList<>();
        ByteBuffer all = ByteBuffer.allocate(400_000);
        for (int length : new int[] {0, 1, 5, 0, 0, 300, 8192, 8193, 70_000, 100_000, 0}) {
            byte[] content = new byte[length];
            random.nextBytes(content);
            Kind kind = Kind.values()[random.nextInt(3)];
            all.put(Frames.frame(kind, content));
            sent.add(kind + HexFormat.of().formatHex(content));
        }
        all.flip();
        for (int most : new int[] {1, 2, 3, 4, 7, 1000, 400_000}) {
            List<String> read = new ArrayList<>();
            FrameReader reader = new FrameReader(1 << 17);
            ByteBuffer bytes = all.duplicate();
            while (bytes.hasRemaining()) {
                int count = Math.min(bytes.remaining(), 1 + random.nextInt(most));
                reader.read(
                        bytes.slice(bytes.position(), count),
                        (kind, content) -> read.add(kind + HexFormat.of().formatHex(content)));
                bytes.position(bytes.position() + count);
            }
            assertThat(read).isEqualTo(sent);
            assertThat(reader.pending()).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "00010001, the longest that is taken has 65536",
        "01ffffff, the longest that is taken has 65536",
        "03000000, 0x3",
        "08000000, 0x8",
        "ff000000, 0xff",
        "80000000, 0x80",
    })
    void aFrameThatIsTooLongOrHasReservedBitsIsRefusedAtItsHeader(String header, String sentence) {
        FrameReader reader = new FrameReader(65536);
        ByteBuffer bytes = ByteBuffer.wrap(HexFormat.of().parseHex(header));
        assertThatThrownBy(() -> reader.read(bytes, (kind, content) -> {}))
                .isInstanceOf(WampProtocolException.class)
                .hasMessageContaining(sentence);
    }

    /** A length is only announced: memory comes with the bytes. */
    @Test
    void anAnnouncedLengthTakesNoMemory() {
        FrameReader reader = new FrameReader(Frames.LONGEST);
        reader.read(ByteBuffer.wrap(HexFormat.of().parseHex("00ffffff01")), (kind, content) -> {});
        assertThat(reader.pending()).isLessThanOrEqualTo(8192);
        reader.maxLength(10);
        reader.read(ByteBuffer.allocate(100_000), (kind, content) -> {});
        assertThat(reader.pending()).isBetween(100_001, 300_000);
    }

    @Test
    void aFrameThatIsTooLongIsNotSent() {
        assertThatThrownBy(() -> Frames.header(Kind.MESSAGE, Frames.LONGEST + 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(Frames.header(Kind.PONG, Frames.LONGEST)).isEqualTo(0x02ffffff);
    }
}
