package io.millwright.remote.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandLineTest {
    private static final String SEED = "00".repeat(32);

    @TempDir
    Path temp;

    private static CommandLine read(Map<String, String> environment, String... words) throws CommandLine.Wrong {
        return CommandLine.of(List.of(words), environment);
    }

    @ParameterizedTest
    @CsvSource({
        "unix:/srv/node/run/wamp.sock, unix:/srv/node/run/wamp.sock",
        "rs://127.0.0.1:8080, tcp://127.0.0.1:8080",
        "rss://127.0.0.1:8080, tls://127.0.0.1:8080",
        "rs://[::1]:8080, tcp://::1:8080",
        "ws://localhost:8080/x, ws://localhost:8080/x",
        "wss://node.example.com, wss://node.example.com"
    })
    void aUrlIsAWay(String url, String way) throws CommandLine.Wrong {
        assertThat(read(Map.of(), "--url", url, "worker:list").transport()).hasToString(way);
    }

    @Test
    void optionsAreNearerThanTheEnvironment() throws Exception {
        Path ticket = Files.writeString(temp.resolve("ticket"), "secret\n");
        Path key = Files.writeString(temp.resolve("key"), SEED + "\n");
        Map<String, String> environment =
                Map.of("MILLWRIGHT_URL", "unix:/a", "MILLWRIGHT_USER", "ci", "MILLWRIGHT_TICKET", ticket.toString());
        CommandLine line = read(environment, "--url", "unix:/b", "--realm", "other", "worker:log", "-f", "w");
        assertThat(line.transport()).hasToString("unix:/b");
        assertThat(line.authentication().method()).isEqualTo("ticket");
        assertThat(line.authentication().authid()).isEqualTo("ci");
        assertThat(line.realm()).isEqualTo("other");
        assertThat(line.words()).containsExactly("worker:log", "-f", "w");
        assertThat(read(Map.of(), "--url", "unix:/b", "--user", "me", "--key", key.toString(), "x")
                        .authentication()
                        .method())
                .isEqualTo("cryptosign");
        assertThat(read(Map.of(), "--url", "unix:/b", "x").authentication().method())
                .isEqualTo("anonymous");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "worker:list | --url (or MILLWRIGHT_URL) says where",
                "--url | --url needs a value",
                "--url unix:/a | no command given",
                "--loud x | there is no option '--loud'",
                "--url http://a x | --url must be wss://",
                "--url rs://a x | --url must be wss://",
                "--url rss://a x | --url must be wss://",
                "--url unheard x | --url must be wss://",
                "--url ws:// x | is no URL",
                "--url unix:/a --ticket no/such x | --user says whose ticket",
                "--url unix:/a --user u --ticket no/such x | --ticket: the file no/such cannot be read",
                "--url unix:/a --user u --key TEMP/bad x | has no key as 'millwright remote keygen' writes it",
                "--url unix:/a --user u --key a --ticket b x | exclude each other",
                "--url wss://a --ca TEMP/bad x | cannot be read as certificates"
            })
    void whatIsWrongIsASentence(String line, String sentence) throws IOException {
        Files.writeString(temp.resolve("bad"), "no such thing");
        assertThatThrownBy(() ->
                        read(Map.of(), line.replace("TEMP", temp.toString()).split(" ")))
                .isInstanceOf(CommandLine.Wrong.class)
                .hasMessageContaining(sentence);
    }

    private OutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String... words) {
        return new Main(new ByteArrayInputStream(new byte[0]), out, err, Map.of()).run(List.of(words));
    }

    @Test
    void wherePeopleLookForHelpItIs() {
        assertThat(run("--url", "unix:" + temp.resolve("none"), "help")).isZero();
        assertThat(out.toString()).contains("worker:log", "node:status");
        assertThat(run("--url", "unix:" + temp.resolve("none"), "felix:lb")).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("there is no command 'felix:lb' by --url");
    }

    @ParameterizedTest
    @CsvSource({
        "No space left on device, 1, millwright: cannot write the output: No space left on device",
        "Broken pipe, 141, ''"
    })
    void outputThatCannotBeWrittenIsNoSuccess(String fault, int code, String sentence) {
        out = new OutputStream() {
            @Override
            public void write(int one) throws IOException {
                throw new IOException(fault);
            }
        };
        assertThat(run("--url", "unix:" + temp.resolve("none"), "help")).isEqualTo(code);
        assertThat(err.toString(StandardCharsets.UTF_8).strip()).isEqualTo(sentence);
    }

    @ParameterizedTest
    @CsvSource({
        "worker:exec -i w -- cat, true, true",
        "worker:exec w -i -- cat, true, true",
        "worker:exec w -- cat -i, true, false",
        "worker:exec w -i -- cat, false, false",
        "worker:input -i w, true, false"
    })
    void whoTypesForACommandThatBeginsLaterIsToldSo(String words, String keyboard, boolean told) {
        Map<String, String> environment = Map.of("MILLWRIGHT_KEYBOARD", keyboard);
        assertThat(Main.typesInAdvance(List.of(words.split(" ")), environment)).isEqualTo(told);
    }

    @Test
    void aNodeThatIsNotThereIsSaid() {
        assertThat(run("--url", "unix:" + temp.resolve("none"), "worker:list")).isEqualTo(69);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("no session with the node at unix:");
    }
}
