package io.millwright.wamp.serial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millwright.wamp.WampEncodingException;
import io.millwright.wamp.WampProtocolException;
import io.millwright.wamp.message.EncodedPayload;
import io.millwright.wamp.message.Payload;
import io.millwright.wamp.message.Yield;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Values to bytes and back, in each serializer; what has no form is refused in a sentence. */
class ValuesTest {
    private static final BigInteger TWO_64 = BigInteger.ONE.shiftLeft(64);

    static Stream<Object> values() {
        return Stream.of(
                true,
                false,
                0L,
                1L,
                -1L,
                23L,
                24L,
                -24L,
                -25L,
                127L,
                128L,
                -32L,
                -33L,
                -128L,
                -129L,
                255L,
                256L,
                65535L,
                65536L,
                -32768L,
                -32769L,
                1L << 31,
                -(1L << 31),
                -(1L << 31) - 1,
                (1L << 32) - 1,
                1L << 32,
                1L << 53,
                Long.MAX_VALUE,
                Long.MIN_VALUE,
                TWO_64.subtract(BigInteger.ONE),
                0.0,
                -0.0,
                1.5,
                -1e300,
                Double.MIN_VALUE,
                Double.MAX_VALUE,
                "",
                "x",
                "y".repeat(31),
                "y".repeat(32),
                "y".repeat(255),
                "y".repeat(256),
                "y".repeat(70_000),
                "ünï ☃ 😀 \"\\/\b\f\n\r\t\u0001\u007f\u2028",
                "x\u0000",
                new byte[0],
                new byte[] {0, -1, 2},
                new byte[300],
                new byte[70_000],
                List.of(),
                List.of(List.of(), Map.of()),
                longList(15),
                longList(16),
                longList(70_000),
                Map.of(),
                Map.of("", "", "ключ", List.of(1L)),
                longMap(15),
                longMap(16),
                longMap(66_000),
                Arrays.asList(null, null));
    }

    private static List<Object> longList(int size) {
        List<Object> list = new ArrayList<>();
        for (long i = 0; i < size; i++) {
            list.add(i);
        }
        return list;
    }

    private static Map<String, Object> longMap(int size) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (long i = 0; i < size; i++) {
            map.put("k" + i, i);
        }
        return map;
    }

    @ParameterizedTest(name = "{index}")
    @MethodSource("values")
    void aValueComesBack(Object value) {
        Payload payload = Payload.of(Arrays.asList(value, null, "end"), Map.of("k", value));
        for (Serializer serializer : Serializers.all()) {
            Payload back = decoded(serializer, serializer.encode(new Yield(1, Map.of(), payload)));
            assertThat(back).as("%s", serializer.name()).isEqualTo(payload);
            assertThat(back.elements()).isSameAs(back.elements());
        }
    }

    static Stream<Arguments> converted() {
        return Stream.of(
                Arguments.of(1, 1L),
                Arguments.of((short) 1, 1L),
                Arguments.of((byte) -1, -1L),
                Arguments.of(1.5f, 1.5),
                Arguments.of(BigInteger.TEN, 10L),
                Arguments.of(new BigDecimal("0.1"), 0.1),
                Arguments.of(new StringBuilder("x"), "x"),
                Arguments.of(new Object[] {1, "a"}, List.of(1L, "a")),
                Arguments.of(new TreeSet<>(List.of("b", "a")), List.of("a", "b")),
                Arguments.of("half \ud83d and \ude00", "half \ufffd and \ufffd"));
    }

    @ParameterizedTest(name = "{index}")
    @MethodSource("converted")
    void whatIsLikeAValueIsSentAsOne(Object value, Object received) {
        for (Serializer serializer : Serializers.all()) {
            Payload back = decoded(serializer, serializer.encode(new Yield(1, Map.of(), Payload.args(value))));
            assertThat(back.args().get(0)).as("%s", serializer.name()).isEqualTo(received);
        }
    }

    static Stream<Arguments> formless() {
        Object deep = List.of();
        for (int i = 0; i < Serializer.MAX_DEPTH; i++) {
            deep = i % 2 == 0 ? List.of(deep) : Map.of("k", deep);
        }
        List<Object> cycle = new ArrayList<>();
        cycle.add(cycle);
        return Stream.of(
                Arguments.of("json", Double.NaN, "NaN has no form in JSON"),
                Arguments.of("json", Double.NEGATIVE_INFINITY, "no form in JSON"),
                Arguments.of("json", "\u0000abcd", "begins with U+0000"),
                Arguments.of("msgpack", TWO_64, "no form in MessagePack"),
                Arguments.of("msgpack", BigInteger.valueOf(Long.MIN_VALUE).subtract(BigInteger.ONE), "no form"),
                Arguments.of("*", BigInteger.ONE.shiftLeft(4000), "more than 1000 digits"),
                Arguments.of("*", new BigDecimal("0.12345678901234567890"), "send it as a text"),
                Arguments.of("*", new BigDecimal("1e400"), "send it as a text"),
                Arguments.of("*", deep, "nested deeper than 100"),
                Arguments.of("*", cycle, "nested deeper than 100"),
                Arguments.of("*", Map.of(1, 2), "a key of a map is no text"),
                Arguments.of("*", Instant.EPOCH, "a java.time.Instant cannot be sent"),
                Arguments.of("*", new int[1], "cannot be sent"),
                Arguments.of("*", new AtomicLong(), "cannot be sent as a number"));
    }

    @ParameterizedTest(name = "{index}")
    @MethodSource("formless")
    void whatHasNoFormIsRefused(String name, Object value, String sentence) {
        for (Serializer serializer : Serializers.all()) {
            if (name.equals("*") || name.equals(serializer.name())) {
                assertThatThrownBy(() -> serializer.encode(new Yield(1, Map.of(), Payload.args(value))))
                        .isInstanceOf(WampEncodingException.class)
                        .hasMessageContaining(sentence);
            }
        }
    }

    @Test
    void numbersThatAreNoneComeBackWhereTheyHaveAForm() {
        for (Serializer serializer : List.of(Serializers.CBOR, Serializers.MSGPACK)) {
            Payload payload = Payload.args(Double.NaN, Double.POSITIVE_INFINITY);
            assertThat(decoded(serializer, serializer.encode(new Yield(1, Map.of(), payload))))
                    .isEqualTo(payload);
        }
        Payload big = Payload.args(TWO_64, TWO_64.negate().subtract(BigInteger.TEN), BigInteger.ONE.shiftLeft(3000));
        for (Serializer serializer : List.of(Serializers.CBOR, Serializers.JSON)) {
            assertThat(decoded(serializer, serializer.encode(new Yield(1, Map.of(), big))))
                    .isEqualTo(big);
        }
    }

    /** Foreign forms of values: what other implementations write and ours does not. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "null",
            value = {
                "cbor    | f93c00               | 1.0",
                "cbor    | f97bff               | 65504.0",
                "cbor    | f90400               | 6.103515625E-5",
                "cbor    | f9c400               | -4.0",
                "cbor    | f97c00               | Infinity",
                "cbor    | f97e00               | NaN",
                "cbor    | fa47c35000           | 100000.0",
                "cbor    | f7                   | null",
                "cbor    | 1817                 | 23",
                "cbor    | 1b0000000000000001   | 1",
                "cbor    | 1bffffffffffffffff   | 18446744073709551615",
                "cbor    | 3bffffffffffffffff   | -18446744073709551616",
                "cbor    | c249010000000000000000 | 18446744073709551616",
                "cbor    | c349010000000000000000 | -18446744073709551617",
                "cbor    | c24101               | 1",
                "cbor    | c25f41014100ff       | 256",
                "cbor    | c11a514b67b0         | 1363896240",
                "cbor    | d82063613a62         | a:b",
                "cbor    | 9fff                 | []",
                "cbor    | 9f01820203ff         | [1, [2, 3]]",
                "cbor    | bf616101616202ff     | {a=1, b=2}",
                "cbor    | 7f6161626262ff       | abb",
                "cbor    | 7fff                 | ''",
                "cbor    | 7f4161ff             | !",
                "cbor    | 7f7fffff             | !",
                "cbor    | a10102               | !",
                "cbor    | e0                   | !",
                "cbor    | f818                 | !",
                "cbor    | 1c                   | !",
                "cbor    | ff                   | !",
                "cbor    | c26101               | !",
                "cbor    | 61ff                 | !",
                "cbor    | 62c080               | !",
                "cbor    | 63eda080             | !",
                "msgpack | ca3fc00000           | 1.5",
                "msgpack | d400ff               | !",
                "msgpack | d40000               | null",
                "msgpack | d6ff00000000         | !",
                "msgpack | c7010000             | !",
                "msgpack | c1                   | !",
                "msgpack | d3ffffffffffffffff   | -1",
                "msgpack | cfffffffffffffffff   | 18446744073709551615",
                "msgpack | d90161               | a",
                "msgpack | db0000000161         | a",
                "msgpack | de0001a16101         | {a=1}",
                "msgpack | 8101c0               | !",
                "msgpack | 81c40161c0           | !",
                "msgpack | a1ff                 | !",
            })
    void foreignFormsAreRead(String name, String hex, String value) {
        Serializer serializer = Serializers.byName(name);
        // A YIELD with that value as its only argument.
        String head = name.equals("cbor") ? "841846" + "01" + "a0" + "81" : "944601" + "80" + "91";
        if (hex.length() % 2 == 1 || "!".equals(value)) {
            String even = hex.length() % 2 == 1 ? hex + "0" : hex;
            assertThatThrownBy(() -> serializer.decode(HexFormat.of().parseHex(head + even)))
                    .isInstanceOf(WampProtocolException.class);
        } else {
            Payload payload = decoded(serializer, HexFormat.of().parseHex(head + hex));
            assertThat(String.valueOf(payload.args().get(0))).isEqualTo(String.valueOf(value));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            nullValues = "null",
            value = {
                "1e2              | 100.0",
                "-0               | 0",
                "12345678901234567890 | 12345678901234567890",
                "\"\\u00fc\\ud83d\\ude00\" | ü😀",
                "\"\\ud83d\"      | \ud83d",
                "{\"a\":1,\"a\":2} | {a=2}",
                " [ 1 , 2 ]       | [1, 2]",
                "null             | null",
            })
    void jsonIsRead(String json, String value) {
        byte[] bytes = ("[70, 1, {}, [" + json + "] ]\n").getBytes(StandardCharsets.UTF_8);
        assertThat(String.valueOf(decoded(Serializers.JSON, bytes).args().get(0)))
                .isEqualTo(String.valueOf(value));
    }

    /** Binary values in JSON, by the protocol; in each place of a message. */
    @Test
    void binaryValuesInJson() {
        byte[] bytes = {16, 1, -8};
        String text = "[70,1,{\"x\":\"\\u0000EAH4\"},[\"\\u0000EAH4\"],{\"k\":[\"\\u0000EAH4\"]}]";
        Yield yield = (Yield) Serializers.JSON.decode(text.getBytes(StandardCharsets.UTF_8));
        assertThat(yield.options().get("x")).isEqualTo(bytes);
        assertThat(yield.payload()).isEqualTo(Payload.of(List.of(bytes), Map.of("k", List.of(bytes))));
        assertThat(new String(Serializers.JSON.encode(yield), StandardCharsets.UTF_8))
                .isEqualTo(text);
        assertThat(Serializers.CBOR.decode(Serializers.CBOR.encode(yield)).payload())
                .isEqualTo(yield.payload());
    }

    @Test
    void aPayloadIsEncodedOnceASerializer() {
        for (Serializer from : Serializers.all()) {
            Payload payload = decoded(from, from.encode(new Yield(1, Map.of(), Payload.args(1, "x", List.of(2)))));
            EncodedPayload own = payload.in(from);
            assertThat(payload.toString()).as("not decoded yet").contains("bytes");
            for (Serializer to : Serializers.all()) {
                assertThat(payload.in(to)).isSameAs(payload.in(to));
                assertThat(decoded(to, to.encode(new Yield(2, Map.of(), payload))))
                        .isEqualTo(payload);
            }
            assertThat(payload.in(from)).isSameAs(own);
        }
        SharedMessage shared = SharedMessage.of(new Yield(1, Map.of(), Payload.args(1)));
        for (Serializer to : Serializers.all()) {
            assertThat(shared.bytes(to)).isSameAs(shared.bytes(to)).isEqualTo(to.encode(shared.message()));
        }
    }

    @Test
    void anEmptyListOfArgumentsIsNone() {
        byte[] bytes = "[70,1,{},[],{}]".getBytes(StandardCharsets.UTF_8);
        assertThat(decoded(Serializers.JSON, bytes)).isEqualTo(Payload.EMPTY).hasSameHashCodeAs(Payload.EMPTY);
        assertThat(Payload.opaque(new byte[0])).isNotEqualTo(Payload.EMPTY);
        assertThat(Payload.opaque(new byte[1])).isEqualTo(Payload.opaque(new byte[1]));
    }

    @Test
    void serializersAreFoundByTheirNames() {
        for (Serializer serializer : Serializers.all()) {
            assertThat(Serializers.byName(serializer.name())).isSameAs(serializer);
            assertThat(Serializers.byRawSocketId(serializer.rawSocketId())).isSameAs(serializer);
            assertThat(Serializers.byWebSocketProtocol(serializer.webSocketProtocol()))
                    .isSameAs(serializer);
        }
        assertThat(Serializers.byName("xml")).isNull();
        assertThat(Serializers.byRawSocketId(0)).isNull();
        assertThat(Serializers.byWebSocketProtocol("wamp.2.xml")).isNull();
        assertThat(Serializers.JSON.webSocketProtocol()).isEqualTo("wamp.2.json");
    }

    private static Payload decoded(Serializer serializer, byte[] bytes) {
        return serializer.decode(bytes).payload();
    }
}
