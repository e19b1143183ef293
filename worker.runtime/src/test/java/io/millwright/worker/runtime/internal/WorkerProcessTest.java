package io.millwright.worker.runtime.internal;

import static io.millwright.worker.runtime.internal.FakeNode.next;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millwright.options.JsonSyntax;
import io.millwright.wamp.message.Payload;
import io.millwright.worker.runtime.internal.FakeNode.Child;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/** Programs in JVMs of their own, as workers of a node that is not one. */
@Timeout(120)
class WorkerProcessTest {
    @TempDir
    Path dir;

    private FakeNode node;

    @BeforeEach
    void open() throws Exception {
        node = new FakeNode(dir);
    }

    @AfterEach
    void close() throws Exception {
        node.close();
    }

    private static String program(Class<?> type) {
        return type.getName();
    }

    private Child startNative() throws Exception {
        Child child = node.start(
                node.birth("the-token", ",\"extra\":{\"a\":[1,\"b\"]}"),
                List.of(),
                program(Programs.Native.class),
                "x");
        next(node.ready);
        return child;
    }

    @Test
    void threeLinesMakeAProgramNative() throws Exception {
        Child child = node.start(
                node.birth("the-token", ",\"extra\":{\"a\":[1,\"b\"]}"),
                List.of(),
                program(Programs.Native.class),
                "x");
        Map<?, ?> info = next(node.ready);
        assertThat(String.valueOf(info.get("runtime"))).startsWith("Java ");
        assertThat(info.get("capabilities")).isEqualTo(List.of("jvm"));
        assertThat((List<?>) info.get("operations"))
                .asString()
                .contains("add", "trigger_gc", "get_thread_dump", "shutdown");
        assertThat(node.call("add", 3, 4)).isEqualTo(7L);
        assertThat(node.call("tell")).isEqualTo(List.of("w1", "w1", 7L, 1L, Map.of("a", List.of(1L, "b"))));
        assertThatThrownBy(() -> node.call("fail")).hasMessageContaining("no more paper");
        node.publish("news", "printed");
        assertThat(next(node.events)).isEqualTo("millwright.worker.w1.echo[printed]");
        node.call("shutdown");
        assertThat(child.exit()).isZero();
        assertThat(child.err).isEmpty();
    }

    @Test
    void aLostChannelIsNoEnd() throws Exception {
        startNative();
        assertThat(next(node.joined).authid()).isEqualTo("w1");
        for (int i = 0; i < 3; i++) {
            node.stopListening();
            node.listen();
            next(node.joined);
            await().ignoreExceptions()
                    .untilAsserted(() -> assertThat(node.call("add", 1, 2)).isEqualTo(3L));
            // What was lost with the first connection may be the answer to ready.
            if (i == 0) {
                node.ready.clear();
            }
        }
        assertThat(node.ready).isEmpty();
    }

    @Test
    void theNodesEndIsTheWorkers() throws Exception {
        Child child = startNative();
        child.process.getOutputStream().close();
        assertThat(child.exit()).isEqualTo(Lifeline.EXIT_CODE);
    }

    @Test
    void aProgramThatKnowsNoNodeIsReadyWhenItsMainHasReturned() throws Exception {
        Child child = node.start(program(Programs.Hello.class), "a", "b");
        next(node.ready);
        assertThat(child.exit()).isZero();
        assertThat(child.out).containsExactly("hello a b -1");
    }

    @Test
    void aProgramThatGoesOnStays() throws Exception {
        Child child = node.start(program(Programs.Server.class));
        next(node.ready);
        assertThat((String) node.call("get_thread_dump")).contains("Programs$Endless.run");
        // The process itself would close standard input too.
        child.process.toHandle().destroy();
        assertThat(child.exit()).isEqualTo(143);
    }

    @Test
    void aProgramWhoseMainDoesNotReturnIsReadyBeforeIt() throws Exception {
        node.start("--ready", program(Programs.Endless.class));
        next(node.ready);
        assertThat((Double) node.call("uptime")).isPositive();
    }

    @Test
    void aJarNamesItsMainClass() throws Exception {
        Path jar = dir.resolve("app.jar");
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, program(Programs.Hello.class));
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream made = new JarOutputStream(out, manifest)) {
            made.finish();
        }
        Child child = node.start("-jar", jar.toString(), "jar");
        next(node.ready);
        assertThat(child.exit()).isZero();
        assertThat(child.out).containsExactly("hello jar -1");
    }

    private static List<Arguments> failures() {
        return List.of(
                Arguments.of(List.of("com.acme.None"), 1, "the main class 'com.acme.None' is not on the class path"),
                Arguments.of(
                        List.of(program(Programs.Nothing.class)),
                        1,
                        "has no method 'public static void main(String[])'"),
                Arguments.of(
                        List.of(program(Programs.Broken.class)), 1, "java.lang.IllegalStateException: out of order"),
                Arguments.of(List.of(program(Programs.Greedy.class)), 1, "not_authorized"),
                Arguments.of(List.of("-jar", "/none.jar"), 1, "the jar '/none.jar' cannot be run"),
                Arguments.of(List.of(), 1, "no main class and no jar"),
                Arguments.of(List.of(program(Programs.Exits.class), "0"), 0, ""),
                Arguments.of(List.of(program(Programs.Exits.class), "3"), 3, ""));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("failures")
    void aProgramThatDoesNotGetReadyEndsWithASentence(List<String> args, int code, String sentence) throws Exception {
        Child child = node.start(args.toArray(new String[0]));
        assertThat(child.exit()).isEqualTo(code);
        assertThat(String.join("\n", child.err)).contains(sentence);
        assertThat(node.ready).isEmpty();
    }

    @Test
    void aWrongTokenIsRefused() throws Exception {
        Child child = node.start(node.birth("another", ""), List.of(), program(Programs.Native.class));
        assertThat(child.exit()).isEqualTo(1);
        assertThat(String.join("\n", child.err)).contains("the node does not").doesNotContain("another");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"hello|is no JSON object", "{\"v\":2}|of version 2", "{\"v\":1}|no text 'realm'"})
    void withoutABirthLineThereIsNoWorker(String line, String sentence) throws Exception {
        Child child = node.start(line + "\n", List.of(), program(Programs.Hello.class));
        assertThat(child.exit()).isEqualTo(1);
        assertThat(String.join("\n", child.err)).contains("no native worker").contains(sentence);
    }

    @Test
    void theJvmAnswersOnItself() throws Exception {
        startNative();
        assertThat((Double) node.call("trigger_gc")).isPositive();
        assertThat(((Map<?, ?>) node.call("get_heap_info")).keySet())
                .asString()
                .isEqualTo("[used, committed, max, pools]");
        assertThat((String) node.call("get_class_histogram", 3))
                .contains("#instances")
                .hasLineCount(6);
        assertThat((String) node.call("get_thread_dump"))
                .contains("Full thread dump")
                .contains("worker-lifeline");
        assertThat((String) node.call("utcnow")).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
        assertThatThrownBy(() -> node.call("stop_jfr")).hasMessageContaining("no recording is on its way");
        assertThatThrownBy(() -> node.call("start_jfr", "mine")).hasMessageContaining("'default' or 'profile'");
        assertThatThrownBy(() -> node.call("get_class_histogram", 0)).hasMessageContaining("'limit' is 0");
        assertThatThrownBy(() -> node.call("set_log_level", "loud")).hasMessageContaining("[off, error, warn");
        assertThatThrownBy(() -> node.call("set_log_level")).hasMessageContaining("'level' is missing");
        node.call("start_jfr");
        Map<?, ?> recording = (Map<?, ?>) node.call("stop_jfr");
        Map<?, ?> heap = (Map<?, ?>) node.call("dump_heap", Payload.of(List.of(), Map.of("live", true)));
        for (Map<?, ?> one : List.of(recording, heap)) {
            Path file = Path.of((String) one.get("file"));
            assertThat(file.getParent()).isEqualTo(dir.resolve("log/dumps"));
            assertThat(file.getFileName().toString()).startsWith("w1-7-");
            assertThat(one.get("bytes")).isEqualTo(Files.size(file));
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
        }
    }

    private static List<Map<?, ?>> records(Child child) {
        List<Map<?, ?>> records = new ArrayList<>();
        for (String line : child.err) {
            assertThat(line).startsWith(FakeNode.MARK);
            records.add((Map<?, ?>) JsonSyntax.structure(line.substring(FakeNode.MARK.length())));
        }
        return records;
    }

    @Test
    void whatIsLoggedAreRecords() throws Exception {
        Child child =
                node.start(node.birth("the-token", ""), List.of(LoggerFactory.class), program(Programs.Logs.class));
        next(node.ready);
        node.call("log");
        node.call("set_log_level", "debug", "app");
        node.call("log");
        node.call("shutdown");
        assertThat(child.exit()).isZero();
        List<Map<?, ?>> records = records(child);
        assertThat(records)
                .extracting(record -> record.get("level") + " " + record.get("logger") + " " + record.get("message"))
                .containsExactly(
                        "warn app.slf4j paper 3\nlow",
                        "error app.jul ink gone",
                        "info app.system by the system",
                        "warn app.slf4j paper 3\nlow",
                        "debug app.slf4j fine slf4j",
                        "error app.jul ink gone",
                        "debug app.jul fine jul",
                        "info app.system by the system");
        assertThat((String) records.get(0).get("trace"))
                .startsWith("java.lang.IllegalStateException: tray 2\n\tat ")
                .contains("Programs$Logs");
        assertThat((String) records.get(0).get("thread")).startsWith("wamp-w1-");
    }
}
