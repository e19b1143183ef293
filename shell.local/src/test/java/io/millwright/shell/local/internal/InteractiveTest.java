package io.millwright.shell.local.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millwright.shell.local.internal.Node.Kind;
import io.millwright.shell.local.internal.Node.Result;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The interactive session. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class InteractiveTest {
    private Node node;

    @BeforeEach
    void open() {
        node = new Node();
    }

    @AfterEach
    void close() throws IOException {
        node.close();
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void linesShareOneSession(Kind kind) throws Exception {
        String lines = "x = hello\n\ndemo:args $x [1 2]\ndemo:args \"two\nlines\"\ndemo:fail oops 0\ndemo:code 3\n";
        Result result = Node.finish(node.start(kind, "--shell"), lines.getBytes(StandardCharsets.UTF_8));
        assertThat(result).isEqualTo(new Result(3, "hello\n5[hello]\n6[[1, 2]]\n9[two\nlines]\n", "oops\n"));
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void exitEndsIt(Kind kind) throws Exception {
        Process client = node.start(kind, "--shell");
        client.getOutputStream().write("demo:list\nexit\ndemo:list\n".getBytes(StandardCharsets.UTF_8));
        client.getOutputStream().flush();
        assertThat(new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo("one\ntwo\n");
        assertThat(client.waitFor()).isZero();
    }

    @Test
    void anInterruptEndsTheLineAndNotTheSession() throws Exception {
        Process client = node.start(Kind.PERL, "--shell");
        OutputStream in = client.getOutputStream();
        in.write("x = kept\ndemo:follow\n".getBytes(StandardCharsets.UTF_8));
        in.flush();
        assertThat(client.getInputStream().readNBytes(11)).isEqualTo("kept\na line".getBytes(StandardCharsets.UTF_8));
        node.demo.running.acquire();
        new ProcessBuilder("sh", "-c", "kill -s INT " + client.pid()).start().waitFor();
        await().untilAsserted(() -> assertThat(node.demo.interrupted).hasValue(1));
        in.write("demo:args $x\ndemo:both\n".getBytes(StandardCharsets.UTF_8));
        in.close();
        assertThat(new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo("4[kept]\nto out\n");
        assertThat(new String(client.getErrorStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo("interrupted\nto err\n");
        assertThat(client.waitFor()).isZero();
    }

    @Test
    void aClientThatLeavesEndsItsSession() throws Exception {
        Process client = node.start(Kind.PERL, "--shell");
        client.getOutputStream().write("demo:hang\n".getBytes(StandardCharsets.UTF_8));
        client.getOutputStream().flush();
        node.demo.running.acquire();
        client.destroyForcibly().waitFor();
        await().untilAsserted(() -> assertThat(node.demo.interrupted).hasValue(1));
    }

    @Test
    void aTerminalGetsPromptsAndAnInterruptAtThePromptANewOne() throws Exception {
        try (RawClient raw = new RawClient(node.socket())) {
            raw.open().request('S', 2, "/");
            assertThat(raw.output(12)).isEqualTo("millwright> ");
            raw.input("demo:args (\n");
            assertThat(raw.output(2)).isEqualTo("> ");
            raw.frame('C', "");
            assertThat(raw.output(13)).isEqualTo("\nmillwright> ");
            raw.input("demo:code 4\n");
            assertThat(raw.output(12)).isEqualTo("millwright> ");
            raw.input("");
            assertThat(raw.output(1)).isEqualTo("\n");
            assertThat(raw.exit()).isEqualTo(4);
        }
    }
}
