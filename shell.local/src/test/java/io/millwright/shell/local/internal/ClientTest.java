package io.millwright.shell.local.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millwright.shell.local.internal.Node.Kind;
import io.millwright.shell.local.internal.Node.Result;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.felix.service.command.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The shipped clients as processes against a real Gogo. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ClientTest {
    private Node node;

    @BeforeEach
    void open() {
        node = new Node();
    }

    @AfterEach
    void close() throws IOException {
        node.close();
    }

    /** The kind: messages that quote what was typed or what a stranger's command says. */
    @ParameterizedTest
    @EnumSource(Kind.class)
    void errorsAreHarmlessOnATerminal(Kind kind) throws Exception {
        assertThat(node.run(kind, "a\u001b[2J").err()).startsWith("'a\\x1b[2J' is not the name of a command");
        assertThat(node.run(kind, "demo:fail", "x\u001b]0;t\u0007\r\u009by", "3")
                        .err())
                .isEqualTo("x\\x1b]0;t\\x07\\x0d\\x9by\n");
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void argumentsArriveLiterally(Kind kind) throws Exception {
        String[] words = {
            "$",
            ";",
            "[",
            "\"",
            "|",
            "(",
            "{",
            "#",
            "\\",
            "\n",
            "",
            "--",
            "-d",
            "'",
            "`",
            "&&",
            "> x",
            "$HOME",
            "${a}",
            "{a,b}",
            "{1..3}",
            "*",
            "~",
            "a b",
            "%(1+1)",
            "<",
            "!",
            "ünï → 😀",
            "null",
            "true",
            "1.50",
            "\t",
            "x=y",
            "-f"
        };
        List<String> line = new ArrayList<>(List.of("demo:args"));
        StringBuilder expected = new StringBuilder();
        for (String word : words) {
            line.add(word);
            expected.append(word.length()).append('[').append(word).append("]\n");
        }
        assertThat(node.run(kind, line.toArray(String[]::new))).isEqualTo(new Result(0, expected.toString(), ""));
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void exitCodes(Kind kind) throws Exception {
        assertThat(node.run(kind, "--ping")).isEqualTo(new Result(0, "", ""));
        assertThat(node.run(kind, "demo:code", "42")).isEqualTo(new Result(42, "", ""));
        assertThat(node.run(kind, "demo:fail", "it broke", "0")).isEqualTo(new Result(1, "", "it broke\n"));
        assertThat(node.run(kind, "demo:fail", "no such worker", "7")).isEqualTo(new Result(7, "", "no such worker\n"));
        assertThat(node.run(kind, "demo:silent")).isEqualTo(new Result(1, "", "UnsupportedOperationException\n"));
        assertThat(node.run(kind, "demo:broken")).isEqualTo(new Result(1, "", "com/example/Missing\n"));
        assertThat(node.run(kind, "demo:lits"))
                .isEqualTo(new Result(
                        2,
                        "",
                        "there is no command 'demo:lits' in the node; the nearest is 'demo:list';"
                                + " 'node:help' lists the commands\n"));
        assertThat(node.run(kind, "demo:list; demo:code 9").code()).isEqualTo(2);
        Result wrong = node.run(kind, "demo:code", "x", "y");
        assertThat(wrong.code()).isEqualTo(2);
        assertThat(wrong.err()).startsWith("demo:code does not take these arguments: ");
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void usage(Kind kind) throws Exception {
        assertThat(node.run(kind)).satisfies(r -> {
            assertThat(r.code()).isEqualTo(2);
            assertThat(r.err()).startsWith("millwright: which command?\nusage: ");
        });
        assertThat(node.run(kind, "--nothing").code()).isEqualTo(2);
        assertThat(node.run(kind, "--ping", "demo:list").code()).isEqualTo(2);
        assertThat(node.run(kind, "--ping", "--shell").code()).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void noNode(Kind kind) throws Exception {
        Path missing = node.directory.resolve("missing");
        assertThat(Node.finish(node.start(kind, missing, "--ping"), new byte[0]))
                .isEqualTo(new Result(
                        69, "", "millwright: no node runs in " + missing + ": there is no such directory\n"));
        Path empty = Files.createDirectory(node.directory.resolve("empty"));
        assertThat(Node.finish(node.start(kind, empty, "demo:list"), new byte[0]))
                .isEqualTo(new Result(69, "", "millwright: no node runs in " + empty + "\n"));
        Path deep = node.directory.resolve("d".repeat(110));
        Files.createDirectory(deep);
        Result tooLong = Node.finish(node.start(kind, deep, "demo:list"), new byte[0]);
        assertThat(tooLong.code()).isEqualTo(69);
        assertThat(tooLong.err()).contains("the path of its socket");
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void resultsAreFormattedOnce(Kind kind) throws Exception {
        assertThat(node.run(kind, "demo:list")).isEqualTo(new Result(0, "one\ntwo\n", ""));
        assertThat(node.run(kind, "list").out()).isEqualTo("one\ntwo\n");
        assertThat(node.run(kind, "demo:both")).isEqualTo(new Result(0, "to out\n", "to err\n"));
        assertThat(node.run(kind, "--commands").out().lines()).contains("demo:list", "demo:args");
    }

    @Test
    void helpIsTheNodesAndNotTheFrameworks() throws Exception {
        Function framework = (session, words) -> "the framework's";
        Function own = (session, words) -> "the node's";
        node.gogo.addCommand("felix", framework, "help");
        node.gogo.addCommand("node", own, "help");
        node.gogo.addCommand("other", framework, "help");
        assertThat(node.run(Kind.PERL, "help").out()).isEqualTo("the node's\n");
        assertThat(Node.finish(node.start(Kind.PERL, "--shell"), "help\n".getBytes(StandardCharsets.UTF_8))
                        .out())
                .isEqualTo("the node's\n");
        assertThat(node.run(Kind.PERL, "felix:help").out()).isEqualTo("the framework's\n");
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void commandsKnowTheClient(Kind kind) throws Exception {
        String out = node.run(kind, "demo:who").out();
        String directory = node.directory.toRealPath().toString();
        assertThat(out.lines().map(line -> line.replaceAll(" +", " ")))
                .containsExactlyInAnyOrder(
                        "user " + System.getProperty("user.name"), "cwd " + directory, "dir " + directory);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void inputIsTakenWhenAskedFor(Kind kind) throws Exception {
        assertThat(Node.finish(node.start(kind, "demo:upper"), "änd\n".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(new Result(0, "ÄND\n", ""));
        assertThat(Node.finish(node.start(kind, "demo:upper"), new byte[0])).isEqualTo(new Result(0, "", ""));
        assertThat(Node.finish(node.start(kind, "demo:count"), new byte[3_000_001])
                        .out())
                .isEqualTo("3000001\n");
    }

    @Test
    void inputNobodyAsksForIsLeftToTheNextProgram() throws Exception {
        String client = Path.of("../run/src/main/lib/client")
                .toAbsolutePath()
                .normalize()
                .toString();
        Process script = new ProcessBuilder(
                        "sh", "-c", "\"$0\" -d \"$1\" demo:list; cat", client, node.directory.toString())
                .start();
        assertThat(Node.finish(script, "rest\n".getBytes(StandardCharsets.UTF_8))
                        .out())
                .isEqualTo("one\ntwo\nrest\n");
    }

    @Test
    void closedStandardStreamsDoNotDisturb() throws Exception {
        String client = Path.of("../run/src/main/lib/client")
                .toAbsolutePath()
                .normalize()
                .toString();
        Process script = new ProcessBuilder(
                        "sh",
                        "-c",
                        "\"$0\" -d \"$1\" demo:count <&-; \"$0\" -d \"$1\" demo:list >&-; echo $?",
                        client,
                        node.directory.toString())
                .start();
        assertThat(Node.finish(script, new byte[0]))
                .isEqualTo(new Result(0, "0\n1\n", "millwright: cannot write the output: Bad file descriptor\n"));
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void outputIsSeenAtOnceAndAClientThatDiesEndsItsCommand(Kind kind) throws Exception {
        Process client = node.start(kind, "demo:follow");
        assertThat(client.getInputStream().readNBytes(6)).isEqualTo("a line".getBytes(StandardCharsets.UTF_8));
        node.demo.running.acquire();
        assertThat(node.demo.interrupted).hasValue(0);
        client.destroyForcibly().waitFor();
        await().untilAsserted(() -> assertThat(node.demo.interrupted).hasValue(1));
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aReaderThatLeavesEndsTheClientQuietly(Kind kind) throws Exception {
        Process client = node.start(kind, "demo:flood", "200000");
        client.getInputStream().readNBytes(4);
        client.getInputStream().close();
        assertThat(new String(client.getErrorStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEmpty();
        assertThat(client.waitFor()).isEqualTo(141);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    @EnabledOnOs(OS.LINUX)
    void outputThatCannotBeWrittenIsSaid(Kind kind) throws Exception {
        Process client = node.start(kind, Redirect.to(new File("/dev/full")), "demo:flood", "200000");
        assertThat(Node.finish(client, new byte[0]))
                .isEqualTo(new Result(1, "", "millwright: cannot write the output: No space left on device\n"));
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void muchOutputIsWhole(Kind kind) throws Exception {
        assertThat(node.run(kind, "demo:flood", "50000").out().lines())
                .hasSize(50_000)
                .last()
                .asString()
                .startsWith("line 49999 ");
    }

    @Test
    void twentyClientsAtOnce() throws Exception {
        List<Process> clients = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            clients.add(node.start(Kind.PERL, "demo:args", "client " + i));
        }
        for (int i = 0; i < 20; i++) {
            String word = "client " + i;
            assertThat(Node.finish(clients.get(i), new byte[0]))
                    .isEqualTo(new Result(0, word.length() + "[" + word + "]\n", ""));
        }
    }

    @Test
    void anInterpreterThatComesAndGoes() throws Exception {
        node.shell.processor = null;
        Result without = node.run(Kind.PERL, "demo:list");
        assertThat(without.code()).isEqualTo(1);
        assertThat(without.err()).contains("no command interpreter");
        assertThat(node.run(Kind.PERL, "--ping").code()).isZero();
        node.shell.processor = node.gogo;
        assertThat(node.run(Kind.PERL, "demo:list").code()).isZero();
    }

    @Test
    void aCommandInstalledLaterWorksAndOneThatIsGoneIsUnknown() throws Exception {
        assertThat(node.run(Kind.PERL, "later:list").code()).isEqualTo(2);
        node.gogo.addCommand("later", node.demo);
        assertThat(node.run(Kind.PERL, "later:list").code()).isZero();
        node.gogo.removeCommand(node.demo);
        assertThat(node.run(Kind.PERL, "later:list").code()).isEqualTo(2);
        assertThat(node.run(Kind.PERL, "--commands").out()).doesNotContain("later");
    }
}
