package io.millwright.shell.gogo.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.controller.api.remote.RemoteSession;
import io.millwright.controller.api.remote.RemoteSessions;
import io.millwright.shell.gogo.internal.complete.Suggestion;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code node:sessions}, over sessions of the test. */
class SessionsCommandTest {
    private final List<RemoteSession> there = new ArrayList<>();
    private final List<String> ended = new ArrayList<>();
    private final Shell shell = new Shell();

    @BeforeEach
    void open() {
        there.add(RemoteSession.builder(7, "ci", "observer", Instant.now().minusSeconds(100))
                .method("ticket")
                .listener("lan")
                .address("10.0.0.1:99")
                .transport("websocket json tls")
                .received(12)
                .sent(34)
                .queued(2048)
                .build());
        there.add(RemoteSession.builder(8, "w1", "worker:w1:3", Instant.now().minusSeconds(100))
                .address("user 1000")
                .worker(true)
                .build());
        shell.access.remoteSessions = new RemoteSessions() {
            @Override
            public List<RemoteSession> list() {
                return List.copyOf(there);
            }

            @Override
            public boolean end(long id, String why) {
                ended.add(id + " " + why);
                return there.removeIf(session -> session.id() == id);
            }
        };
        shell.node.remote = shell.access.remoteSessions;
    }

    @AfterEach
    void close() {
        shell.close();
    }

    @Test
    void showsThem() throws Exception {
        assertThat(shell.run("node:sessions").lines().map(line -> line.replaceAll(" +", " ")))
                .satisfiesExactly(
                        heading -> assertThat(heading).startsWith("ID PRINCIPAL ROLE FROM"),
                        ci -> assertThat(ci).startsWith("7 ci observer 10.0.0.1:99 "),
                        worker -> assertThat(worker).startsWith("8 w1 worker:"));
        assertThat(shell.run("node:sessions --json"))
                .contains("\"id\":7,\"principal\":\"ci\"", "\"received\":12", "\"queued\":2048", "\"worker\":true");
    }

    @Test
    void endsOneAndSaysWhich() throws Exception {
        assertThat(shell.run("node:sessions close 7")).contains("closed session 7 of 'ci'");
        assertThat(ended).containsExactly("7 ended by shell:ann");
        assertThat(shell.run("node:sessions --json")).doesNotContain("\"ci\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "close 9 | 1 | there is no session 9",
                "close 7 9 | 1 | there is no session 9",
                "close 8 | 1 | control channel of worker w1; --force",
                "close | 2 | 'close' needs the number",
                "close x | 2 | 'x' is no number",
                "open 7 | 2 | 'open' is not 'close'",
                "--force | 2 | --force is for 'close ID'"
            })
    void refusesAndEndsNone(String words, int code, String sentence) {
        assertThat(shell.failure("node:sessions " + words)).contains(sentence);
        assertThat(shell.exitCode()).isEqualTo(code);
        assertThat(ended).isEmpty();
    }

    @Test
    void endsTheControlChannelOfAWorkerWhenForced() throws Exception {
        assertThat(shell.run("node:sessions close 8 --force --json")).contains("\"principal\":\"w1\"");
        assertThat(ended).hasSize(1);
    }

    @Test
    void saysThatThereIsNoRemoteManagement() {
        shell.access.remoteSessions = null;
        assertThat(shell.failure("node:sessions")).contains("this node has no remote management");
    }

    @Test
    void isCompleted() {
        assertThat(offered("")).containsExactly("close");
        assertThat(offered("", "close")).containsExactly("7", "8");
        assertThat(offered("", "close", "7")).containsExactly("8");
        shell.access.remoteSessions = null;
        assertThat(offered("", "close")).isEmpty();
    }

    private List<String> offered(String word, String... before) {
        List<String> words = new ArrayList<>(List.of("node:sessions"));
        words.addAll(List.of(before));
        return shell.completion.complete(words, word).stream()
                .map(Suggestion::value)
                .toList();
    }
}
