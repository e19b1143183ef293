package io.millwright.config.file.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.millwright.controller.api.Problem;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From a file to the configurations of a real Config Admin. */
class NodeFileSourceTest extends NodeFileFixture {
    @Test
    void noFileIsNoProblem() {
        NodeFileSource source = translated();
        assertThat(source.name()).isEqualTo("node.json");
        assertThat(source.problems()).isEmpty();
        assertThat(configAdmin.all()).isEmpty();
    }

    @Test
    void jsonBecomesConfigurations() throws Exception {
        write(
                "node.json",
                """
                {"version": 2,
                 "controller": {"id": "n1", "options": {"title": "T", "shutdown": ["a", "b"], "history.size": 5}},
                 "workers": [
                  {"type": "guest", "id": "web", "executable": "/bin/true", "arguments": ["-a", "b c"],
                   "options": {"stop": {"signal": "INT"}, "stop.timeout": 1.5, "disabled": true,
                     "env": {"vars": {"A": "1", "B": {"secret": "s"}}}, "exit": {"success": [0, 3]}}},
                  {"type": "guest", "id": "worker001", "options": {"executable": "/bin/true", "arguments": [],
                     "flags": [true, false], "rates": [1.5, 2.5], "exit.success": [1, 2.5], "stop.timeout": 1.50}},
                  {"type": "guest", "executable": "/bin/true", "arguments": ["-p", 8080, 1.10, 1.0, 1e3, -0, true]},
                  {"type": "later", "id": "x", "options": {"any": "thing"}}
                 ]}
                """);
        NodeFileSource source = translated();
        assertThat(source.problems()).isEmpty();
        Map<String, Map<String, Object>> all = configAdmin.all();
        assertThat(all.keySet())
                .containsExactly(
                        "io.millwright.controller",
                        WORKER + "guest~web",
                        WORKER + "guest~worker001",
                        WORKER + "guest~worker002",
                        WORKER + "later~x");
        assertThat(all.get("io.millwright.controller"))
                .containsEntry("node.id", "n1")
                .containsEntry("title", "T")
                .containsEntry("shutdown.triggers", new String[] {"a", "b"})
                .containsEntry("history.size", 5L)
                .containsEntry("millwright.origin", "node.json")
                .hasSize(5);
        assertThat(all.get(WORKER + "guest~web"))
                .containsEntry("worker.id", "web")
                .containsEntry("millwright.origin", "node.json")
                .containsEntry("executable", "/bin/true")
                .containsEntry("arguments", new String[] {"-a", "b c"})
                .containsEntry("stop.signal", "INT")
                .containsEntry("stop.timeout", 1.5)
                .containsEntry("disabled", true)
                .containsEntry("env.vars.A", "1")
                .containsEntry("env.vars.B.secret", "s")
                .containsEntry("exit.success", new Long[] {0L, 3L})
                .hasSize(10);
        assertThat(all.get(WORKER + "guest~worker001"))
                .containsEntry("arguments", new String[0])
                .containsEntry("flags", new Boolean[] {true, false})
                .containsEntry("rates", new Double[] {1.5, 2.5})
                .containsEntry("exit.success", new String[] {"1", "2.5"})
                .containsEntry("stop.timeout", "1.50");
        assertThat(all.get(WORKER + "guest~worker002"))
                .containsEntry("worker.id", "worker002")
                .containsEntry("arguments", new String[] {"-p", "8080", "1.10", "1.0", "1e3", "-0", "true"});
    }

    /** The reference system says by {@code restart} of a container when its components are restarted. */
    @ParameterizedTest
    @CsvSource({
        "container, restart-always, components_restart",
        "container, restart-on-failed, components_restart",
        "container, always, restart",
        "later, restart-always, restart"
    })
    void aWordOfTheReferenceIsOfTheComponents(String type, String word, String key) throws Exception {
        write(
                "node.json",
                """
                {"version": 2, "workers": [{"type": "%s", "id": "w", "options": {"restart": "%s"}}]}
                """
                        .formatted(type, word));
        translated();
        Map<String, Object> written = configAdmin.all().get(WORKER + type + "~w");
        assertThat(written.keySet().stream().filter(one -> one.contains("restart")))
                .singleElement()
                .asString()
                .startsWith(key);
        assertThat(written).containsValue(word);
    }

    @Test
    void yamlSaysTheSame() throws Exception {
        for (String name : List.of("node.yaml", "node.yml")) {
            write(
                    name,
                    """
                    # a comment
                    version: 2
                    controller:
                      options: {shutdown: shutdown_on_last_worker_exit}
                    workers:
                    - type: guest
                      executable: /bin/true
                      arguments: [-p, 8080]
                      options:
                        stop:
                          signal: INT
                          timeout: 20s
                    """);
            NodeFileSource source = translated();
            assertThat(source.problems()).isEmpty();
            assertThat(source.name()).isEqualTo(name);
            assertThat(configAdmin.all().get("io.millwright.controller"))
                    .containsEntry("shutdown.triggers", "shutdown_on_last_worker_exit");
            assertThat(configAdmin.all().get(WORKER + "guest~worker001"))
                    .containsEntry("arguments", new String[] {"-p", "8080"})
                    .containsEntry("stop.signal", "INT")
                    .containsEntry("stop.timeout", "20s")
                    .containsEntry("millwright.origin", "node.json");
            Files.delete(directory.resolve(name));
        }
    }

    @Test
    void jsonForStandardInputIsKeptAsText() throws Exception {
        write(
                "node.json",
                """
                {"version": 2, "workers": [
                 {"type": "guest", "id": "a", "executable": "/x",
                  "stdin": {"type": "json", "value": {"k": [1, 2.50, null, {"x.y": "\\u00e9\\""}]}}},
                 {"type": "guest", "id": "b", "executable": "/x", "stdin": {"type": "text", "value": "plain"}}]}
                """);
        assertThat(translated().problems()).isEmpty();
        assertThat(configAdmin.all().get(WORKER + "guest~a"))
                .containsEntry("stdin.value", "{\"k\":[1,2.50,null,{\"x.y\":\"é\\\"\"}]}");
        assertThat(configAdmin.all().get(WORKER + "guest~b")).containsEntry("stdin.value", "plain");
    }

    @Test
    void aSecondTranslationChangesNothing() throws Exception {
        write(
                "node.json",
                """
                {"version": 2, "controller": {"id": "n"}, "workers": [{"type": "guest", "id": "a", "executable": "/x",
                 "arguments": ["1", "2"], "exit.success": [0, 1], "stop.timeout": 2.5, "disabled": false}]}
                """);
        translated();
        Map<String, Long> before = configAdmin.changeCounts();
        assertThat(before).hasSize(2);
        translated();
        assertThat(configAdmin.changeCounts()).isEqualTo(before);
    }

    @Test
    void aFileThatSaysTheSameIsNotLookedAtAgain() throws Exception {
        write("node.json", "{\"version\": 2, \"workers\": [{\"type\": \"guest\", \"executable\": \"/x\"}]}");
        NodeFileSource source = translated();
        write("node.json", "{\"version\": 2, \"workers\": [{\"type\": \"guest\", \"executable\": \"/x\"}]}");
        source.refresh();
        assertThat(controller.checks).hasValue(1);
    }

    @Test
    void theStoredFormSurvivesARestartUnchanged() throws Exception {
        write(
                "node.json",
                """
                {"version": 2, "workers": [{"type": "guest", "id": "a", "executable": "/x",
                 "arguments": ["1"], "exit.success": [0, 1], "stop.timeout": 2.5, "flags": [true], "rates": []}]}
                """);
        translated();
        configAdmin.close();
        configAdmin = new FelixConfigAdmin(storage, Map.of());
        Map<String, Long> before = configAdmin.changeCounts();
        assertThat(before).hasSize(1);
        translated();
        assertThat(configAdmin.changeCounts()).isEqualTo(before);
    }

    @Test
    void aChangeTouchesOnlyWhatChanged() throws Exception {
        write(
                "node.json",
                """
                {"version": 2, "controller": {"id": "n"}, "workers": [
                 {"type": "guest", "id": "same", "executable": "/x"},
                 {"type": "guest", "id": "changed", "executable": "/x"},
                 {"type": "guest", "id": "moved", "executable": "/x"},
                 {"type": "guest", "id": "gone", "executable": "/x"}]}
                """);
        configAdmin.byHand(WORKER + "guest", "hand", "executable", "/h");
        NodeFileSource source = translated();
        Map<String, Long> before = configAdmin.changeCounts();
        write(
                "node.json",
                """
                {"version": 2, "workers": [
                 {"type": "guest", "id": "same", "executable": "/x"},
                 {"type": "guest", "id": "changed", "executable": "/y"},
                 {"type": "later", "id": "moved"},
                 {"type": "guest", "id": "new", "executable": "/x"}]}
                """);
        source.refresh();
        assertThat(source.problems()).isEmpty();
        Map<String, Long> after = configAdmin.changeCounts();
        assertThat(after.keySet())
                .containsExactly(
                        WORKER + "guest~changed",
                        WORKER + "guest~hand",
                        WORKER + "guest~new",
                        WORKER + "guest~same",
                        WORKER + "later~moved");
        assertThat(after.get(WORKER + "guest~same")).isEqualTo(before.get(WORKER + "guest~same"));
        assertThat(after.get(WORKER + "guest~hand")).isEqualTo(before.get(WORKER + "guest~hand"));
        assertThat(after.get(WORKER + "guest~changed")).isGreaterThan(before.get(WORKER + "guest~changed"));
        Files.delete(directory.resolve("node.json"));
        source.refresh();
        assertThat(configAdmin.all().keySet()).containsExactly(WORKER + "guest~hand");
    }

    @Test
    void aRefusedChangeLeavesTheOldInForce() throws Exception {
        write(
                "node.json",
                "{\"version\": 2, \"workers\": [{\"type\": \"guest\", \"id\": \"a\", \"executable\": \"/x\"}]}");
        NodeFileSource source = translated();
        Map<String, Long> before = configAdmin.changeCounts();
        write(
                "node.json",
                "{\"version\": 2, \"workers\": [\n{\"type\": \"guest\", \"id\": \"b\", \"executible\": \"/x\"}]}");
        source.refresh();
        assertThat(source.problems())
                .extracting(Problem::path, Problem::line)
                .containsExactly(tuple("workers[0].executable", 2), tuple("workers[0].executible", 2));
        assertThat(configAdmin.changeCounts()).isEqualTo(before);
        write("node.json", "{\"version\": 2}");
        source.refresh();
        assertThat(source.problems()).isEmpty();
        assertThat(configAdmin.all()).isEmpty();
    }

    @Test
    void checkModeTellsBothKindsAndWritesIntoItsCopyOfTheStoreWhatAStartWould() throws Exception {
        write(
                "node.json",
                """
                {"version": 2, "workers": [
                 {"type": "guest", "id": "a", "executable": "/nowhere"},
                 {"type": "unknown", "id": "b"},
                 {"type": "guest", "id": "c", "executable": "/x", "nonsense": 1},
                 {"type": "guest", "id": "d", "executable": "/x"}]}
                """);
        NodeFileSource source = source(NodeFileSource.Mode.CHECK);
        source.refresh();
        assertThat(source.problems())
                .extracting(Problem::path, Problem::line, Problem::kind)
                .containsExactly(
                        tuple("workers[0].executable", 2, Problem.Kind.ENVIRONMENT),
                        tuple("workers[1].type", 3, Problem.Kind.ENVIRONMENT),
                        tuple("workers[2].nonsense", 4, Problem.Kind.DEFINITION));
        write("node.json", "{\"version\": 2, \"workers\": [{\"type\": \"guest\", \"executable\": \"/x\"}]}");
        source.refresh();
        assertThat(source.problems()).isEmpty();
        assertThat(configAdmin.all()).containsOnlyKeys(WORKER + "guest~worker001");
    }
}
