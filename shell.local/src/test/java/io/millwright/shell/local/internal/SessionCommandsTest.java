package io.millwright.shell.local.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millwright.shell.local.internal.Node.Kind;
import io.millwright.shell.local.internal.Node.Result;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.felix.service.command.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.osgi.framework.ServiceReference;

class SessionCommandsTest {
    private Node node;

    @BeforeEach
    void open() {
        node = new Node();
    }

    @AfterEach
    void close() throws Exception {
        node.close();
    }

    @Test
    void isCalledInTheThreadOfItsConnectionWithTheStreamsOfItsSession() throws Exception {
        AtomicReference<String> thread = new AtomicReference<>();
        node.register("own", new String[] {"upper", "other"}, 0, (session, arguments) -> {
            thread.set(Thread.currentThread().getName());
            session.getConsole().println("typed:");
            session.put(Conversation.EXIT_CODE, 7);
            return new String(session.getKeyboard().readAllBytes(), StandardCharsets.UTF_8).toUpperCase() + arguments;
        });
        Result result =
                Node.finish(node.start(Kind.PERL, "own:upper", "a b", "{c}"), "x".getBytes(StandardCharsets.UTF_8));
        assertThat(result).isEqualTo(new Result(7, "typed:\nX[a b, {c}]\n", ""));
        assertThat(thread.get()).matches("millwright-shell-local-\\d+");
        assertThat(node.run(Kind.PERL, "own:other").out()).isEqualTo("typed:\n[]\n");
    }

    @Test
    void aClientThatDiesInterruptsIt() throws Exception {
        node.register("own", "follow", 0, (session, arguments) -> {
            session.getConsole().print("a line");
            node.demo.hang();
            return null;
        });
        Process client = node.start(Kind.PERL, "own:follow");
        assertThat(client.getInputStream().readNBytes(6)).isEqualTo("a line".getBytes(StandardCharsets.UTF_8));
        node.demo.running.acquire();
        assertThat(node.demo.interrupted).hasValue(0);
        client.destroyForcibly().waitFor();
        await().untilAsserted(() -> assertThat(node.demo.interrupted).hasValue(1));
        // its thread is used again, with no interrupt left over
        node.register(
                "own", "flag", 0, (session, arguments) -> Thread.currentThread().isInterrupted());
        assertThat(node.run(Kind.PERL, "own:flag").out()).isEqualTo("false\n");
    }

    @Test
    void whatItThrowsIsTold() throws Exception {
        node.register("own", "fail", 0, (session, arguments) -> {
            session.put(Conversation.EXIT_CODE, 3);
            throw new IllegalStateException("no more of it");
        });
        assertThat(node.run(Kind.PERL, "own:fail")).isEqualTo(new Result(3, "", "no more of it\n"));
        node.register("own", "broken", 0, (session, arguments) -> {
            throw new NoClassDefFoundError("com/example/Missing");
        });
        Result broken = node.run(Kind.PERL, "own:broken");
        assertThat(broken.code()).isEqualTo(1);
        assertThat(broken.err()).contains("com/example/Missing");
    }

    /** The kind: an Error is told like an exception, wherever it is thrown, and the node answers on. */
    @Test
    void anErrorIsToldToo() throws Exception {
        node.register("own", "deep", 0, (session, arguments) -> {
            throw new StackOverflowError("too deep");
        });
        assertThat(node.run(Kind.PERL, "own:deep")).isEqualTo(new Result(1, "", "too deep\n"));
        node.register("own", "shown", 0, (session, arguments) -> new Object() {
            @Override
            public String toString() {
                throw new NoClassDefFoundError("com/example/Shown");
            }
        });
        Result shown = node.run(Kind.PERL, "own:shown");
        assertThat(shown.code()).isEqualTo(1);
        assertThat(shown.err()).contains("com/example/Shown");
        node.register("own", "fine", 0, (session, arguments) -> "fine");
        assertThat(node.run(Kind.PERL, "own:fine").out()).isEqualTo("fine\n");
    }

    @Test
    void theHighestRankingServesAndOneThatIsGoneIsUnknown() throws Exception {
        Function low = (session, arguments) -> List.of("low");
        Function high = (session, arguments) -> List.of("high");
        ServiceReference<Function> first = node.register("own", "which", 5, high);
        ServiceReference<Function> second = node.register("own", "which", 1, low);
        assertThat(node.run(Kind.PERL, "own:which").out()).isEqualTo("high\n");
        node.unregister(first);
        assertThat(node.run(Kind.PERL, "own:which").out()).isEqualTo("low\n");
        node.unregister(second);
        assertThat(node.run(Kind.PERL, "own:which").code()).isEqualTo(2);
    }
}
