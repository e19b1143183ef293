package io.millwright.wamp.serial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.millwright.wamp.WampEncodingException;
import io.millwright.wamp.WampProtocolException;
import io.millwright.wamp.message.Call;
import io.millwright.wamp.message.Hello;
import io.millwright.wamp.message.Payload;
import io.millwright.wamp.message.WampMessage;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Bytes that mean harm: refused by the one exception, with little memory. */
class HostileTest {
    /** How many seeds of each kind: {@code -Dwamp.fuzz=N} for a longer search. */
    private static final int FUZZ = Integer.getInteger("wamp.fuzz", 3_000);

    static Stream<Arguments> hostile() {
        byte[] deepJson = ("[70,1,{},[" + "[".repeat(1_000_000)).getBytes(StandardCharsets.UTF_8);
        byte[] deepDict = ("[70,1," + "{\"a\":".repeat(1_000_000)).getBytes(StandardCharsets.UTF_8);
        return Stream.of(
                Arguments.of("json", deepJson, "nest"),
                Arguments.of("json", deepDict, "nest"),
                Arguments.of("json", text("[70,1,{},[" + "9".repeat(100_000) + "]]"), "no JSON"),
                Arguments.of("json", text("[70,1,{},[1e999999999]]"), "no JSON"),
                Arguments.of("json", text("[70,1,{},[" + "[],".repeat(1_100_000) + "1]]"), "more than 1000000 values"),
                Arguments.of("json", text("[70,1,{},[NaN]]"), "no JSON"),
                Arguments.of("json", text("[70,1,{},[1,]]"), "no JSON"),
                Arguments.of("json", text("[70,1,{},['x']]"), "no JSON"),
                Arguments.of("json", text("[70,1,{},[]] []"), "follows the message"),
                Arguments.of("json", text("[70,1,{},[]"), "too early"),
                Arguments.of("json", text("[70,1,{},[\"\\u0000\u00fc\"]]"), "Base64"),
                Arguments.of("json", text("[70,1,{},[{\"a\":{\"b\":\"\\u0000%%\"}}]]"), "Base64"),
                Arguments.of("json", text("[70,1,{},\"x\"]"), "must be a list"),
                Arguments.of("json", text("{}"), "is a list"),
                Arguments.of("json", text("[]"), "is empty"),
                Arguments.of("json", text(""), "too early"),
                Arguments.of("json", text("[70,1,{}," + "[".repeat(200)), "more than 100 levels"),
                Arguments.of("json", text("[70,1,{},[" + "1".repeat(2000)), "more than 1000 digits"),
                Arguments.of("json", text("[70,1,{},[],{},0,0,0]"), "elements"),
                Arguments.of("json", "[70]".getBytes(StandardCharsets.UTF_16LE), "control character"),
                Arguments.of("json", "[70]".getBytes(StandardCharsets.UTF_16), "UTF-8"),
                Arguments.of("json", new byte[] {'[', '"', (byte) 0xc0, (byte) 0x80, '"', ']'}, "UTF-8"),
                Arguments.of("cbor", hex("84184601a09b7fffffffffffffff"), "too early"),
                Arguments.of("cbor", hex("84184601a09bffffffffffffffff"), "too early"),
                Arguments.of("cbor", hex("84184601a0 5b00000000ffffffff"), "too early"),
                Arguments.of("cbor", hex("84184601a0 bb00000000ffffffff"), "too early"),
                Arguments.of("cbor", hex("9b00000000ffffffff"), "too early"),
                Arguments.of("cbor", hex("84184601a0" + "81".repeat(100_000)), "nested deeper"),
                Arguments.of("cbor", hex("84184601" + "a161" + "61a161".repeat(100_000)), "nested deeper"),
                Arguments.of("cbor", hex("84184601a0" + "9f".repeat(100_000)), "nested deeper"),
                Arguments.of("cbor", hex("84184601a0" + "c0".repeat(2_000_000)), "more than 1000000 values"),
                Arguments.of("cbor", hex("84184601a0 81c25a00010000" + "ff".repeat(65536)), "digits"),
                Arguments.of("cbor", hex("84184601a0 81 5f" + "40".repeat(1_100_000) + "ff"), "more than 1000000"),
                Arguments.of("cbor", hex("82184601"), "elements"),
                Arguments.of("cbor", hex("84184601a08000"), "follow the message"),
                Arguments.of("msgpack", hex("94460180ddffffffff"), "too early"),
                Arguments.of("msgpack", hex("94460180dfffffffff"), "too early"),
                Arguments.of("msgpack", hex("94460180c6ffffffff"), "too early"),
                Arguments.of("msgpack", hex("ddffffffff"), "too early"),
                Arguments.of("msgpack", hex("94460180" + "91".repeat(100_000)), "nested deeper"),
                Arguments.of("msgpack", hex("94460180dd00200000" + "90".repeat(2_097_152)), "more than 1000000 values"),
                Arguments.of("msgpack", hex("9446018090c0"), "follow the message"),
                Arguments.of("msgpack", hex(""), "too early"));
    }

    @ParameterizedTest(name = "{index} {0} {2}")
    @MethodSource("hostile")
    void itIsRefusedInASentence(String name, byte[] bytes, String sentence) {
        Serializer serializer = Serializers.byName(name);
        refuse(serializer, bytes, sentence);
        long before = allocated();
        refuse(serializer, bytes, sentence);
        assertThat(allocated() - before)
                .as("bytes allocated for %s bytes", bytes.length)
                .isLessThan(4L * bytes.length + (1 << 20));
    }

    private static void refuse(Serializer serializer, byte[] bytes, String sentence) {
        assertThatThrownBy(() -> serializer.decode(bytes))
                .isInstanceOf(WampProtocolException.class)
                .hasMessageContaining(sentence)
                .satisfies(e -> assertThat(e.getMessage().length()).isLessThan(400));
    }

    private static long allocated() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }

    enum Format {
        JSON,
        CBOR,
        MSGPACK;

        Serializer serializer() {
            return Serializers.all().stream()
                    .filter(s -> s.name().equalsIgnoreCase(name()))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** Valid messages with some bytes changed, cut off, put in or doubled: a message or the one exception, nothing else. */
    @ParameterizedTest
    @EnumSource
    void mutatedMessages(Format format) {
        Serializer serializer = format.serializer();
        int taken = 0;
        for (long seed = 1; seed <= FUZZ; seed++) {
            Random random = new Random(seed);
            byte[] bytes = mutated(serializer.encode(RandomMessages.message(random)), random);
            taken += decode(serializer, bytes, seed) ? 1 : 0;
        }
        assertThat(taken).as("some mutations leave a message").isBetween(FUZZ / 100, FUZZ - FUZZ / 100);
    }

    /** Bytes by chance, behind a beginning that gets them past the first look. */
    @ParameterizedTest
    @EnumSource
    void randomBytes(Format format) {
        Serializer serializer = format.serializer();
        byte[] whole = serializer.encode(new Call(1, Map.of(), "a.b", Payload.args(List.of())));
        for (long seed = 1; seed <= FUZZ; seed++) {
            Random random = new Random(seed);
            byte[] bytes = Arrays.copyOf(whole, random.nextInt(whole.length) + random.nextInt(60));
            int from = random.nextInt(whole.length);
            for (int i = from; i < bytes.length; i++) {
                bytes[i] = format == Format.JSON
                        ? (byte) "[]{},:\"\\u0123456789.eE+-truefalsn \n".charAt(random.nextInt(35))
                        : (byte) random.nextInt(256);
            }
            decode(serializer, bytes, seed);
        }
    }

    /** Whatever is valid comes back the same, from each serializer through each. */
    @Test
    void randomMessagesComeBack() {
        for (long seed = 1; seed <= FUZZ; seed++) {
            WampMessage message = RandomMessages.message(new Random(seed));
            WampMessage travelled = message;
            for (Serializer serializer : Serializers.all()) {
                travelled = serializer.decode(serializer.encode(travelled));
                assertThat(Serializers.CBOR.encode(travelled))
                        .as("seed %s in %s: %s", seed, serializer.name(), message)
                        .isEqualTo(Serializers.CBOR.encode(message));
                assertThat(travelled.payload()).isEqualTo(message.payload());
            }
        }
    }

    /** Whether it is a message; what was taken can be decoded to its end and sent on. */
    private static boolean decode(Serializer serializer, byte[] bytes, long seed) {
        try {
            WampMessage message;
            try {
                message = serializer.decode(bytes);
            } catch (WampProtocolException refused) {
                return false;
            }
            message.payload().elements();
            for (Serializer other : Serializers.all()) {
                try {
                    assertThat(other.decode(other.encode(message)).type()).isEqualTo(message.type());
                } catch (WampEncodingException formless) {
                    assertThat(formless.getMessage()).isNotEmpty();
                }
            }
            return true;
        } catch (RuntimeException | Error e) {
            throw new AssertionError("seed " + seed + ": " + HexFormat.of().formatHex(bytes), e);
        }
    }

    private static byte[] mutated(byte[] bytes, Random random) {
        byte[] result = bytes.clone();
        int changes = 1 + random.nextInt(3);
        for (int i = 0; i < changes && result.length > 0; i++) {
            int at = random.nextInt(result.length);
            switch (random.nextInt(5)) {
                case 0 -> result[at] = (byte) random.nextInt(256);
                case 1 -> result[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> result = Arrays.copyOf(result, at);
                case 3 -> {
                    byte[] longer = Arrays.copyOf(result, result.length + 1);
                    System.arraycopy(result, at, longer, at + 1, result.length - at);
                    result = longer;
                }
                default -> System.arraycopy(result, 0, result, at, Math.min(8, result.length - at));
            }
        }
        return result;
    }

    /** A name that is asked for is taken as it is, however long. */
    @Test
    void aLargeMessageOfOneTextIsTaken() {
        String large = "x".repeat(3_000_000);
        for (Serializer serializer : Serializers.all()) {
            WampMessage message = new Hello("r", Map.of("a", large, large, 1L));
            assertThat(serializer.decode(serializer.encode(message))).isEqualTo(message);
        }
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] hex(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }
}
