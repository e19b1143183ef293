package io.millwright.config.file.internal;

import static io.millwright.controller.api.worker.OptionDefinition.option;
import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.controller.api.Signal;
import io.millwright.controller.api.worker.OptionDefinition;
import io.millwright.controller.api.worker.OptionType;
import io.millwright.controller.api.worker.OptionValues;
import io.millwright.controller.api.worker.Variable;
import io.millwright.options.Checked;
import io.millwright.options.FlatOptions;
import io.millwright.options.OptionChecker;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.felix.cm.file.ConfigurationHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One worker written in every way there is, with an option of every type: each way ends in the same values. The test fails for a
 * type of option that is not in it.
 */
class SameWorkerTest {
    private static final String PID = "io.millwright.worker.all~w";
    private static final List<OptionDefinition> OPTIONS = List.of(
            option("text", OptionType.STRING, "T.").build(),
            option("flag", OptionType.BOOLEAN, "F.").build(),
            option("count", OptionType.INTEGER, "C.").build(),
            option("rate.number", OptionType.NUMBER, "R.").build(),
            option("time", OptionType.DURATION, "T.").build(),
            option("size", OptionType.SIZE, "S.").build(),
            option("signal", OptionType.SIGNAL, "S.").build(),
            option("texts", OptionType.STRINGS, "T.").build(),
            option("codes", OptionType.INTEGERS, "C.").build(),
            option("inherit", OptionType.BOOLEAN_OR_STRINGS, "I.").build(),
            option("vars", OptionType.VARIABLES, "V.").build(),
            option("payload", OptionType.ANY, "P.").build(),
            option("input", OptionType.JSON_TEXT, "I.").build(),
            option("sockets", OptionType.OBJECTS, "S.")
                    .members(
                            option("listen", OptionType.STRING, "L.").build(),
                            option("peers", OptionType.STRINGS, "P.").build())
                    .build(),
            option("parts", OptionType.OBJECT_LIST, "P.")
                    .members(
                            option("id", OptionType.STRING, "I.").build(),
                            option("config", OptionType.ANY, "C.").build(),
                            option("wait.time", OptionType.DURATION, "W.").build())
                    .build());
    private static final String JSON =
            """
            {"version": 2, "workers": [{"type": "all", "id": "w", "text": "größe ${X} #1", "options": {
              "flag": true, "count": 5, "rate": {"number": 2.50}, "time": "20s", "size": "64KiB", "signal": "INT",
              "texts": ["a b", 1.10, 1.0, "[x]"], "codes": [0, 3], "inherit": ["PATH", "HOME"],
              "vars": {"A": "x=\\"y\\"", "B": {"secret": "s"}},
              "payload": {"k": [1, {"x.y": true}, []]}, "input": [1, {"a": null}],
              "sockets": {"web": {"listen": "tcp:80", "peers": ["p", "q"]}, "api": {"listen": "tcp:81"}},
              "parts": [{"id": "b", "config": [{"n": 1}]}, {"id": "a", "wait": {"time": 1.5}}]}}]}
            """;
    private static final String YAML =
            """
            version: 2
            workers:
            - type: all
              id: w
              text: "größe ${X} #1"
              options:
                flag: true
                count: 5
                rate.number: 2.50
                time: 20s
                size: 64KiB
                signal: INT
                texts: [a b, 1.10, 1.0, "[x]"]
                codes: [0, 3]
                inherit: [PATH, HOME]
                vars: {A: 'x="y"', B: {secret: s}}
                payload: {k: [1, {x.y: true}, []]}
                input: [1, {a: null}]
                sockets:
                  web: {listen: "tcp:80", peers: [p, q]}
                  api.listen: "tcp:81"
                parts:
                - {id: b, config: [{n: 1}]}
                - {id: a, wait.time: 1.5}
            """;
    private static final OptionChecker CHECKER = new OptionChecker(OPTIONS, name -> null);

    @TempDir
    Path directory;

    @TempDir
    Path storage;

    private final StubController controller = new StubController();

    @SuppressWarnings("NullAway.Init")
    private FelixConfigAdmin configAdmin;

    @BeforeEach
    void open() throws Exception {
        configAdmin = new FelixConfigAdmin(storage, Map.of());
        controller.types = List.of(StubController.type("all", OPTIONS));
    }

    @AfterEach
    void close() throws Exception {
        controller.close();
        configAdmin.close();
    }

    /** What a call from Java or the shell gives. */
    private static Map<String, Object> called() {
        Map<String, Object> options = new LinkedHashMap<>();
        options.put("text", "größe ${X} #1");
        options.put("flag", true);
        options.put("count", 5);
        options.put("rate.number", 2.5);
        options.put("time", Duration.ofSeconds(20).toString());
        options.put("size", 65536);
        options.put("signal", "SIGINT");
        options.put("texts", List.of("a b", "1.10", 1.0, "[x]"));
        options.put("codes", List.of(0, 3));
        options.put("inherit", List.of("PATH", "HOME"));
        options.put("vars", Map.of("A", "x=\"y\"", "B", Map.of("secret", "s")));
        options.put("payload", Map.of("k", List.of(1, Map.of("x.y", true), List.of())));
        options.put("input", List.of(1, Collections.singletonMap("a", null)));
        options.put(
                "sockets",
                Map.of(
                        "web", Map.of("listen", "tcp:80", "peers", List.of("p", "q")),
                        "api", Map.of("listen", "tcp:81")));
        options.put(
                "parts",
                List.of(
                        Map.of("id", "b", "config", List.of(Map.of("n", 1))),
                        Map.of("id", "a", "wait", Map.of("time", "1.5s"))));
        return options;
    }

    private static OptionValues values(Map<String, ?> raw) {
        Checked checked = CHECKER.check(OptionChecker.stripReserved(raw));
        assertThat(checked.problems()).isEmpty();
        return checked.values();
    }

    private Map<String, Object> translated(String name, String text) throws Exception {
        Files.writeString(directory.resolve(name), text);
        NodeFileSource source =
                new NodeFileSource(directory, controller.service(), configAdmin.admin(), NodeFileSource.Mode.TRANSLATE);
        source.refresh();
        assertThat(source.problems()).isEmpty();
        Map<String, Object> stored = configAdmin.all().get(PID);
        Files.delete(directory.resolve(name));
        return stored;
    }

    /** The same properties as a file of plain text has them. */
    private static Map<String, Object> asText(Map<String, Object> properties) {
        Map<String, Object> texts = new HashMap<>();
        properties.forEach((key, value) -> texts.put(
                key,
                value instanceof Object[] array
                        ? Arrays.stream(array)
                                .map(element -> "\"" + element + "\"")
                                .collect(Collectors.joining(", ", "[", "]"))
                        : value.toString()));
        return texts;
    }

    private static Map<String, Object> throughDotConfig(Map<String, Object> properties) throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        ConfigurationHandler.write(file, new Hashtable<>(properties));
        Dictionary<?, ?> read = ConfigurationHandler.read(new ByteArrayInputStream(file.toByteArray()));
        Map<String, Object> back = new HashMap<>();
        Collections.list(read.keys()).forEach(key -> back.put(key.toString(), read.get(key)));
        return back;
    }

    @Test
    void everyWayToWriteItGivesTheSameWorker() throws Exception {
        OptionValues wanted = values(called());
        assertThat(wanted.asMap().keySet()).hasSize(OptionType.values().length);
        assertThat(wanted.signal("signal")).contains(Signal.INT);
        assertThat(wanted.variables("vars")).containsEntry("B", Variable.of(Variable.Kind.SECRET, "s"));

        Map<String, Object> saved = new FlatOptions(OPTIONS).storable(called());
        Map<String, Map<String, Object>> ways = new TreeMap<>();
        ways.put("node.json", translated("node.json", JSON));
        ways.put("node.yaml", translated("node.yaml", YAML));
        ways.put("--save", saved);
        ways.put(".cfg", asText(saved));
        ways.put(".config", throughDotConfig(saved));
        Map<String, Object> byHand = new HashMap<>(saved);
        byHand.keySet().removeIf(key -> key.startsWith("parts.") || key.startsWith("sockets."));
        byHand.put("parts", "[{\"id\": \"b\", \"config\": [{\"n\": 1}]}, {\"id\": \"a\", \"wait.time\": \"1500ms\"}]");
        byHand.put("sockets", new String[] {"web.listen=tcp:80", "web.peers=[\"p\", \"q\"]", "api.listen=tcp:81"});
        ways.put("Config Admin by hand", byHand);
        // A type that was not there when the file was read changes nothing.
        controller.types = List.of();
        ways.put("node.json, type away", translated("node.json", JSON));
        for (String key : wanted.asMap().keySet()) {
            ways.forEach((way, properties) ->
                    assertThat(values(properties).any(key)).as(way + ": " + key).isEqualTo(wanted.any(key)));
        }
        ways.forEach((way, properties) -> assertThat(values(properties)).as(way).isEqualTo(wanted));
    }
}
