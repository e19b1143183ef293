package io.millwright.shell.gogo.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.millwright.controller.api.WorkerState;
import io.millwright.options.WrittenNumber;
import io.millwright.shell.gogo.internal.json.JsonInput;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StartRequestTest {
    private static Map<String, ?> options(Shell shell) {
        return Objects.requireNonNull(shell.node.spec).options();
    }

    @Test
    void wordsArriveLiterally() throws Exception {
        try (Shell shell = new Shell()) {
            assertThat(shell.call(
                            "worker:start",
                            "web",
                            "guest",
                            "a=b=c",
                            "s= two words ",
                            "e=",
                            "u=grüße界\uD83D\uDE00",
                            "q=it's \"so\"",
                            "n=007",
                            "t=true",
                            "z=null",
                            "d=$HOME;x",
                            "--",
                            "/bin/sh",
                            "-c",
                            "echo \"$1\" [x] {y}",
                            "--",
                            "--json",
                            ""))
                    .startsWith("web started, pid 4194303, in 12ms");
            assertThat(options(shell))
                    .isEqualTo(Map.ofEntries(
                            entry("a", "b=c"),
                            entry("s", " two words "),
                            entry("e", ""),
                            entry("u", "grüße界\uD83D\uDE00"),
                            entry("q", "it's \"so\""),
                            entry("n", "007"),
                            entry("t", "true"),
                            entry("z", "null"),
                            entry("d", "$HOME;x"),
                            entry("executable", "/bin/sh"),
                            entry("arguments", List.of("-c", "echo \"$1\" [x] {y}", "--", "--json", ""))));
            assertThat(shell.node.calls).containsExactly("start web guest by shell:ann");
        }
    }

    @Test
    void numbersThatWereTypedStayAsTheyWereTyped() throws Exception {
        try (Shell shell = new Shell()) {
            shell.run("worker:start web guest mode=0755 -- 0755 1.50 true null");
            assertThat(options(shell))
                    .isEqualTo(
                            Map.of("mode", "0755", "executable", "0755", "arguments", List.of("1.50", "true", "null")));
        }
    }

    @Test
    void numbersInJsonStayAsTheyWereTyped() throws Exception {
        try (Shell shell = new Shell()) {
            shell.call("worker:start", "web", "guest", "a=[1.10, 1.0, 1e3, -0, 5, 2.5]");
            assertThat(options(shell))
                    .isEqualTo(Map.of(
                            "a",
                            List.of(
                                    new WrittenNumber("1.10"),
                                    1.0,
                                    new WrittenNumber("1e3"),
                                    new WrittenNumber("-0"),
                                    5,
                                    2.5)));
        }
    }

    /** The kind: a parser's own words, which name its classes and its switches and quote what may be a secret. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "[+1]",
                "[01]",
                "[NaN]",
                "[hunter2]",
                "{\"a\": 1]",
                "[\"\\x\"]",
                "{'a': 1}",
                "[1,",
                "[// x",
                "[\"a\nb\"]",
                "[1}"
            })
    void whatIsNoJsonIsSaidInWordsOfItsAuthor(String text) {
        assertThatThrownBy(() -> JsonInput.value(text))
                .message()
                .matches("line 1, column [0-9]+: [^`_<]+")
                .doesNotContainPattern("[a-z][A-Z]|CTRL|code [0-9]|oken|enable|hunter2");
    }

    @Test
    void valuesThatAreJsonAreParsed() throws Exception {
        try (Shell shell = new Shell()) {
            shell.call(
                    "worker:start",
                    "web",
                    "guest",
                    "arguments=[\"a b\", 1, true, null, [\"x\"]]",
                    "restart={\"policy\": \"always\", \"factor\": 1.5}",
                    "ready.log=\"[0-9]+\"",
                    "odd=\"a\" and b");
            assertThat(options(shell).get("arguments")).isEqualTo(Arrays.asList("a b", 1, true, null, List.of("x")));
            assertThat(options(shell).get("restart")).isEqualTo(Map.of("policy", "always", "factor", 1.5));
            assertThat(options(shell).get("ready.log")).isEqualTo("[0-9]+");
            assertThat(options(shell).get("odd")).isEqualTo("\"a\" and b");
            assertThat(shell.failure("worker:start web guest 'r=[0-9]+'"))
                    .contains("the value of 'r'")
                    .contains("as a JSON string");
        }
    }

    @Test
    void optionsComeFromAFileOfTheSessionsDirectory(@TempDir Path dir) throws Exception {
        Files.writeString(dir.resolve("o.json"), "{\"executable\": \"/bin/x\", \"stop\": {\"timeout\": 5}}\n");
        try (Shell shell = new Shell()) {
            shell.session.currentDir(dir);
            assertThat(shell.run("worker:start web guest --json o.json stop.signal=INT --json"))
                    .startsWith("{\"id\":\"web\"");
            assertThat(options(shell))
                    .isEqualTo(Map.of("executable", "/bin/x", "stop", Map.of("timeout", 5), "stop.signal", "INT"));
            for (String bad : List.of(
                    "",
                    "[1]",
                    "{\"a\":1",
                    "{\"a\":1,\"a\":2}",
                    "{\"a\":secret77}",
                    "{} x",
                    "{\"a\":\"secret77}",
                    "nope")) {
                Files.writeString(dir.resolve("bad.json"), bad);
                assertThat(shell.failure("worker:start web guest --json bad.json"))
                        .startsWith("invalid_configuration: bad.json is not valid JSON: ")
                        .doesNotContain("secret77");
            }
            Files.write(dir.resolve("bad.json"), new byte[] {'{', '"', (byte) 0xff, '"', ':', '1', '}'});
            assertThat(shell.failure("worker:start web guest --json bad.json")).contains("bad.json is not UTF-8");
            assertThat(shell.failure("worker:start web guest --json " + dir)).startsWith("invalid_configuration: ");
        }
    }

    @Test
    void optionsComeFromWhatIsTypedOrPiped() throws Exception {
        try (Shell shell = new Shell("{\"env.vars\": {\"TOKEN\": {\"secret\": \"s3\"}}}\n")) {
            shell.run("worker:start web guest --json - -- /bin/x");
            assertThat(options(shell))
                    .isEqualTo(Map.of(
                            "env.vars",
                            Map.of("TOKEN", Map.of("secret", "s3")),
                            "executable",
                            "/bin/x",
                            "arguments",
                            List.of()));
        }
        try (Shell shell = new Shell()) {
            shell.processor.addCommand(
                    "test",
                    new Object() {
                        @SuppressWarnings("unused")
                        public String text() {
                            return "{\"executable\": \"/piped\"}";
                        }
                    },
                    "text");
            shell.run("test:text | worker:check web guest --json -");
            assertThat(options(shell)).isEqualTo(Map.of("executable", "/piped"));
        }
    }

    /** Someone at a terminal sends no end of input: the closing brace is enough. */
    @Test
    @Timeout(60)
    void typedJsonNeedsNoEndOfInput() throws Exception {
        PipedInputStream keyboard = new PipedInputStream();
        try (PipedOutputStream fingers = new PipedOutputStream(keyboard);
                Shell shell = new Shell(keyboard, new java.io.ByteArrayOutputStream())) {
            fingers.write("{}\n".getBytes(StandardCharsets.UTF_8));
            fingers.flush();
            shell.run("worker:start web guest --json -");
            assertThat(options(shell)).isEmpty();
        }
    }

    @Test
    void wordsAloneAreKnownWorkersOrAnIdAndAType() throws Exception {
        try (Shell shell = new Shell()) {
            shell.node.with(FakeNode.worker("a", WorkerState.INACTIVE), FakeNode.worker("b", WorkerState.EXITED));
            assertThat(shell.run("worker:start a")).startsWith("a started");
            assertThat(shell.run("worker:start a b")).contains("a   started").contains("b   started");
            shell.run("worker:start --all");
            shell.run("worker:start 'a*' b");
            shell.run("worker:start a guest");
            assertThat(shell.node.calls)
                    .containsExactly(
                            "start [a] by shell:ann",
                            "start [a, b] by shell:ann",
                            "start [*] by shell:ann",
                            "start [a*, b] by shell:ann",
                            "start a guest by shell:ann");
            assertThat(shell.failure("worker:start a gone b")).startsWith("1 of 3 failed\ngone: no_such_worker");
        }
    }

    @Test
    void inputIsWrittenAsALineAsItIsOrClosed() throws Exception {
        try (Shell shell = new Shell("raw\0\n bytes")) {
            shell.call("worker:input", "w", "two  spaces", "ü");
            shell.run("worker:input w -- --eof");
            shell.run("worker:input w -");
            shell.run("worker:input w --eof");
            assertThat(shell.node.input.toString(StandardCharsets.UTF_8))
                    .isEqualTo("two  spaces ü\n--eof\nraw\0\n bytes");
            assertThat(shell.node.calls)
                    .containsExactly(
                            "input w KEEP_OPEN",
                            "input w KEEP_OPEN",
                            "input w GOES_ON",
                            "input w KEEP_OPEN",
                            "input w CLOSE");
        }
    }
}
