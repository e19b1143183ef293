package io.millwright.wamp.serial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonParser;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A worker's JVM needs this bundle and Jackson's core, no more. */
class NoDatabindTest {
    @Test
    void theSerializersLoadWithJacksonsCoreAlone() throws Exception {
        URL own = Serializers.class.getProtectionDomain().getCodeSource().getLocation();
        URL core = JsonParser.class.getProtectionDomain().getCodeSource().getLocation();
        try (URLClassLoader loader = new URLClassLoader(new URL[] {own, core}, ClassLoader.getPlatformClassLoader())) {
            assertThatThrownBy(() -> loader.loadClass("com.fasterxml.jackson.databind.ObjectMapper"))
                    .isInstanceOf(ClassNotFoundException.class);
            Class<?> serializers = loader.loadClass(Serializers.class.getName());
            Class<?> serializer = loader.loadClass(Serializer.class.getName());
            Class<?> message = loader.loadClass("io.millwright.wamp.message.WampMessage");
            byte[] json = "[70,1,{},[1,\"x\"],{\"k\":null}]".getBytes(StandardCharsets.UTF_8);
            Object decoded = serializer
                    .getMethod("decode", byte[].class)
                    .invoke(serializers.getField("JSON").get(null), json);
            for (Object each : (List<?>) serializers.getMethod("all").invoke(null)) {
                byte[] bytes = (byte[]) serializer.getMethod("encode", message).invoke(each, decoded);
                assertThat(serializer.getMethod("decode", byte[].class).invoke(each, bytes))
                        .isEqualTo(decoded);
            }
            assertThat(decoded.getClass().getClassLoader()).isSameAs(loader);
        }
    }

    /** A JVM whose client speaks MessagePack or CBOR needs no other library at all. */
    @Test
    void theBinarySerializersLoadWithNothingElse() throws Exception {
        URL own = Serializers.class.getProtectionDomain().getCodeSource().getLocation();
        try (URLClassLoader loader = new URLClassLoader(new URL[] {own}, ClassLoader.getPlatformClassLoader())) {
            Class<?> serializers = loader.loadClass(Serializers.class.getName());
            Class<?> serializer = loader.loadClass(Serializer.class.getName());
            Class<?> message = loader.loadClass("io.millwright.wamp.message.WampMessage");
            Object parsed = message.getMethod("parse", List.class).invoke(null, List.of(70, 1, Map.of(), List.of("x")));
            for (String name : List.of("MSGPACK", "CBOR")) {
                Object one = serializers.getField(name).get(null);
                byte[] bytes = (byte[]) serializer.getMethod("encode", message).invoke(one, parsed);
                assertThat(serializer.getMethod("decode", byte[].class).invoke(one, bytes))
                        .isEqualTo(parsed);
            }
        }
    }

    @Test
    void theManifestAsksForNoMore() throws Exception {
        URL own = Serializers.class.getProtectionDomain().getCodeSource().getLocation();
        try (URLClassLoader loader = new URLClassLoader(new URL[] {own}, null);
                InputStream manifest = loader.getResourceAsStream("META-INF/MANIFEST.MF")) {
            String text = new String(manifest.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("\r", "")
                    .replace("\n ", "");
            assertThat(text)
                    .contains("io.millwright.wamp.serial")
                    .doesNotContain("databind")
                    .doesNotContain("controller.api");
        }
    }
}
