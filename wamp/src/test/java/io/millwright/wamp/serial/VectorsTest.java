package io.millwright.wamp.serial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millwright.wamp.WampProtocolException;
import io.millwright.wamp.message.EncodedPayload;
import io.millwright.wamp.message.WampMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * The protocol's own message vectors, read where they lie: beside the project, or where the system property {@code wamp.vectors} says. Where
 * they are not, this says so and does nothing: they are not the project's to copy.
 */
class VectorsTest {
    private static final Path FOLDER = Path.of(System.getProperty("wamp.vectors", "../../shared/data/wamp-proto"));

    @Test
    void eachVectorIsDecodedAndEncodedAgain() throws IOException {
        int tried = 0;
        for (Map<String, Object> sample : samples()) {
            Map<String, Object> serializers = map(sample.get("serializers"));
            List<WampMessage> same = new ArrayList<>();
            for (Serializer serializer : serializers == null ? List.<Serializer>of() : Serializers.all()) {
                List<?> vectors = (List<?>) serializers.getOrDefault(serializer.name(), List.of());
                for (Object vector : vectors) {
                    byte[] bytes = HexFormat.of().parseHex((String) map(vector).get("bytes_hex"));
                    same.add(decodedAndEncodedAgain(serializer, bytes, sample));
                    tried++;
                }
                assertThat(vectors).as("%s of %s", serializer.name(), sample).isNotEmpty();
            }
            assertThat(same.stream().distinct().count())
                    .as("one message in each serializer: %s", same)
                    .isLessThanOrEqualTo(1);
        }
        assertThat(tried).isGreaterThan(90);
    }

    private static WampMessage decodedAndEncodedAgain(Serializer serializer, byte[] bytes, Map<String, Object> sample) {
        WampMessage message = serializer.decode(bytes);
        // By the payload as it came, and by one that was decoded.
        byte[] again = serializer.encode(message);
        byte[] anew = serializer.encode(WampMessage.parse(message.toList()));
        boolean compact = isCompact(serializer, bytes);
        if (compact) {
            assertThat(again).as("%s", sample).isEqualTo(bytes);
            assertThat(anew).as("%s", sample).isEqualTo(bytes);
        }
        assertThat(serializer.decode(again)).isEqualTo(message);
        assertThat(serializer.decode(anew)).isEqualTo(message);
        Map<String, Object> expected = map(sample.get("expected_attributes"));
        assertThat(message.type().code()).isEqualTo(((Long) expected.get("message_type")).intValue());
        if (expected.get("args") != null) {
            assertThat(message.payload().args()).isEqualTo(expected.get("args"));
        }
        if (expected.get("kwargs") != null) {
            assertThat(message.payload().kwargs()).isEqualTo(expected.get("kwargs"));
        }
        if (expected.get("payload") != null) {
            assertThat(HexFormat.of().formatHex(message.payload().opaque())).isEqualTo(expected.get("payload"));
        }
        return message;
    }

    /** Only JSON has blanks that are lost. */
    private static boolean isCompact(Serializer serializer, byte[] bytes) {
        return serializer != Serializers.JSON || !new String(bytes, StandardCharsets.UTF_8).contains(", ");
    }

    @Test
    void eachOptionIsTakenOrRefusedAsTheVectorsSay() throws IOException {
        int tried = 0;
        for (Map<String, Object> sample : samples()) {
            if (sample.get("wmsg") instanceof List<?> list) {
                Map<String, Object> error = map(sample.get("expected_error"));
                WampProtocolException refusal =
                        catchThrowableOfType(WampProtocolException.class, () -> WampMessage.parse(binary(list)));
                if (error == null) {
                    assertThat(refusal).as("%s", sample).isNull();
                } else {
                    assertThat(refusal).as("%s", sample).isNotNull();
                    assertThat(refusal.uri()).endsWith((String) error.get("type"));
                    assertThat(refusal).hasMessageContaining((String) error.get("contains"));
                }
                tried++;
            }
        }
        assertThat(tried).isGreaterThan(60);
    }

    /** A payload that only applications understand stands in these lists in hexadecimal. */
    private static List<?> binary(List<?> list) {
        List<Object> binary = new ArrayList<>(list);
        int last = list.size() - 1;
        if (list.get(last) instanceof String text && text.equals("a1666e6f74696365")) {
            binary.set(last, HexFormat.of().parseHex(text));
        }
        return binary;
    }

    private static List<Map<String, Object>> samples() throws IOException {
        Path folder = FOLDER.resolve("singlemessage");
        if (!Files.isDirectory(folder)) {
            String missing = "the protocol's vectors are not at "
                    + FOLDER.toAbsolutePath().normalize()
                    + ": nothing was tried with them (-Dwamp.vectors=FOLDER says where they are)";
            System.err.println("VectorsTest: " + missing);
            Assumptions.abort(missing);
        }
        List<Map<String, Object>> samples = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith(".json")).sorted().toList()) {
                byte[] bytes = Files.readAllBytes(file);
                EncodedPayload text = new EncodedPayload(Serializers.JSON, 1, bytes, 0, bytes.length);
                Map<String, Object> content =
                        map(Serializers.JSON.decodePayload(text).get(0));
                for (Object sample : (List<?>) content.get("samples")) {
                    samples.add(map(sample));
                }
            }
        }
        return samples;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }
}
