package io.millwright.config.file.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.millwright.controller.api.ConfigurationChange;
import io.millwright.controller.api.ConfigurationSource;
import io.millwright.controller.api.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Dictionary;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.osgi.framework.FrameworkUtil;
import org.osgi.service.cm.Configuration;

/** From a file to the configurations of a real Config Admin, or to all the reasons why not. */
class NodeFileSourceTest {
    private static final String WORKER = ConfigurationStore.WORKER_FACTORY;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path storage;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private final StubController controller = new StubController();

    @SuppressWarnings("NullAway.Init")
    private FelixConfigAdmin configAdmin;

    @BeforeEach
    void start() throws Exception {
        configAdmin = new FelixConfigAdmin(storage, Map.of());
    }

    @AfterEach
    void stop() throws Exception {
        configAdmin.close();
        controller.close();
    }

    private NodeFileSource source(NodeFileSource.Mode mode) {
        return new NodeFileSource(directory, controller.service(), configAdmin.admin(), mode);
    }

    private NodeFileSource translated() {
        NodeFileSource source = source(NodeFileSource.Mode.TRANSLATE);
        source.refresh();
        return source;
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(directory.resolve(name), text);
    }

    private void refused(String text, Object... pathsAndLines) throws IOException {
        write("node.json", text);
        NodeFileSource source = translated();
        assertThat(source.problems()).extracting(Problem::path, Problem::line).containsExactly(tuples(pathsAndLines));
        assertThat(configAdmin.all()).isEmpty();
    }

    private static org.assertj.core.groups.Tuple[] tuples(Object... pathsAndLines) {
        org.assertj.core.groups.Tuple[] tuples = new org.assertj.core.groups.Tuple[pathsAndLines.length / 2];
        for (int i = 0; i < tuples.length; i++) {
            tuples[i] = tuple(pathsAndLines[2 * i], pathsAndLines[2 * i + 1]);
        }
        return tuples;
    }

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
    void everythingWrongIsToldAtOnceWithPathAndLine() throws Exception {
        refused(
                """
                {
                 "versoin": 2,
                 "controller": {
                  "id": 7,
                  "option": {},
                  "options": {"titel": "x", "shutdown": {"scop": 1}, "title": null}
                 },
                 "workers": [
                  "guest",
                  {"id": "a"},
                  {"type": "guest", "id": "a", "executable": "/x"},
                  {"type": "guest", "id": "b.c", "executable": "/x", "nonsense": 1},
                  {"type": "guest", "id": 5, "executable": "/x"},
                  {"type": "Guest", "id": "d"},
                  {"type": 1, "id": "controller"},
                  {"type": "guest", "id": "e",
                   "executable": "/x",
                   "arguments": ["a",
                     "bad"],
                   "options": {
                     "executable": "/y",
                     "stop": {
                       "sgnal": "INT"
                     },
                     "stop.signal": "INT",
                     "workdir": null,
                     "worker.id": "x",
                     "flags": [true, null],
                     "rates": [{"x": 1}],
                     "env": {"vars": {"PATH": "a", "Path": "b", "": "c"}}
                   }},
                  {"typ": "guest", "ID": "f", "option": {"executable": "/x"}},
                  {"type": "guest", "id": "g", "options": []}
                 ]
                }
                """,
                "version",
                1,
                "versoin",
                2,
                "controller.id",
                4,
                "controller.option",
                5,
                "controller.options.shutdown.scop",
                6,
                "controller.options.titel",
                6,
                "controller.options.title",
                6,
                "workers[0]",
                9,
                "workers[1].type",
                10,
                "workers[2].id",
                11,
                "workers[3].id",
                12,
                "workers[3].nonsense",
                12,
                "workers[4].id",
                13,
                "workers[5].type",
                14,
                "workers[6].id",
                15,
                "workers[6].type",
                15,
                "workers[7].arguments[1]",
                19,
                "workers[7].options.executable",
                21,
                "workers[7].options.stop.sgnal",
                23,
                "workers[7].options.workdir",
                26,
                "workers[7].options.worker.id",
                27,
                "workers[7].options.flags",
                28,
                "workers[7].options.rates",
                29,
                "workers[7].options.env.vars.",
                30,
                "workers[7].options.env.vars.Path",
                30,
                "workers[8].ID",
                32,
                "workers[8].option",
                32,
                "workers[8].typ",
                32,
                "workers[8].type",
                32,
                "workers[9].executable",
                33,
                "workers[9].options",
                33);
    }

    @Test
    void yamlProblemsHaveTheirLinesToo() throws Exception {
        write(
                "node.yaml",
                """
                version: 3
                workers:
                - type: guest
                  id: a
                  executable: /x
                  stop:
                    sgnal: INT
                - type: guest
                  id: a
                  arguments:
                  - x
                  - bad
                  workdir:
                """);
        NodeFileSource source = translated();
        assertThat(source.problems())
                .extracting(Problem::path, Problem::line)
                .containsExactly(
                        tuple("version", 1),
                        tuple("workers[0].stop.sgnal", 7),
                        tuple("workers[1].executable", 8),
                        tuple("workers[1].id", 9),
                        tuple("workers[1].arguments[1]", 12),
                        tuple("workers[1].workdir", 13));
        assertThat(source.problems().get(0).message()).contains("must be the number 2, is 3");
        assertThat(source.problems().get(3).message()).contains("already used by workers[0] in line 4");
        assertThat(configAdmin.all()).isEmpty();
    }

    @Test
    void theNearestKnownKeyIsNamed() throws Exception {
        write("node.json", "{\"version\": 2, \"worker\": [], \"contorller\": {}, \"zzz\": 1}");
        assertThat(translated().problems())
                .extracting(Problem::message)
                .containsExactly(
                        "unknown key 'contorller'; the nearest known key is 'controller'",
                        "unknown key 'worker'; the nearest known key is 'workers'",
                        "unknown key 'zzz'; the known keys are version, controller, workers");
    }

    @Test
    void remoteManagementBecomesConfigurations() throws Exception {
        String first =
                """
                {"version": 2, "controller": {"remote": {
                   "listeners": {"lan": {"type": "websocket", "address": "127.0.0.1:8080", "auth": ["ticket"], "tls": {"cert": "c", "key": "k"}}},
                   "principals": {"ci": {"role": "observer", "ticketFile": "key/ci"}},
                   "roles": {"some": {"rules": ["call exact a.b", "call exact a.c"]}},
                   "limits": {"sessions": 5}}}}
                """;
        write("node.json", first);
        NodeFileSource source = translated();
        assertThat(source.problems()).isEmpty();
        Map<String, Map<String, Object>> all = configAdmin.all();
        assertThat(all.keySet())
                .containsExactly(
                        "io.millwright.remote",
                        "io.millwright.remote.listener~lan",
                        "io.millwright.remote.principal~ci",
                        "io.millwright.remote.role~some");
        assertThat(all.get("io.millwright.remote"))
                .containsEntry("limits.sessions", 5L)
                .containsEntry("millwright.origin", "node.json");
        assertThat(all.get("io.millwright.remote.listener~lan"))
                .containsEntry("type", "websocket")
                .containsEntry("tls.cert", "c")
                .containsEntry("auth", new String[] {"ticket"})
                .doesNotContainKey("worker.id");
        assertThat(source.propose(directory.resolve("node.json")).orElseThrow().changes())
                .isEmpty();

        write("node.json", first.replace("\"observer\"", "\"operator\"").replace("\"some\"", "\"other\""));
        // Before they are made, what changes is said.
        List<ConfigurationChange> changes =
                source.propose(directory.resolve("node.json")).orElseThrow().changes();
        assertThat(changes)
                .extracting(ConfigurationChange::pid)
                .containsExactly(
                        "io.millwright.remote.role~some",
                        "io.millwright.remote.principal~ci",
                        "io.millwright.remote.role~other");
        assertThat(changes.get(0).properties()).isNull();
        assertThat(changes.get(1).before()).containsEntry("role", "observer");
        assertThat(changes.get(1).properties()).containsEntry("role", "operator");
        assertThat(changes.get(2).before()).isNull();
        source.refresh();
        assertThat(configAdmin.all().get("io.millwright.remote.principal~ci")).containsEntry("role", "operator");
        assertThat(configAdmin.all())
                .containsKey("io.millwright.remote.role~other")
                .doesNotContainKey("io.millwright.remote.role~some");
        write("node.json", "{\"version\": 2}");
        source.refresh();
        assertThat(configAdmin.all()).isEmpty();
    }

    @Test
    void remoteManagementByHandIsLeftAloneAndToldFromTheFiles() throws Exception {
        configAdmin
                .admin()
                .getFactoryConfiguration("io.millwright.remote.principal", "ci", "?")
                .update(FrameworkUtil.asDictionary(Map.of("role", "observer")));
        String text =
                "{\"version\": 2, \"controller\": {\"remote\": {\"principals\": {\"ci\": {\"role\": \"operator\"}}}}}";
        write("node.json", text);
        assertThat(translated().problems()).singleElement().satisfies(problem -> {
            assertThat(problem.path()).isEqualTo("controller.remote.principals.ci");
            assertThat(problem.message())
                    .contains("also configured in the configuration io.millwright.remote.principal~ci");
        });
        assertThat(configAdmin.all().get("io.millwright.remote.principal~ci")).containsEntry("role", "observer");
        write("node.json", text.replace("\"ci\"", "\"other\""));
        assertThat(translated().problems()).isEmpty();
        assertThat(configAdmin.all())
                .containsKeys("io.millwright.remote.principal~ci", "io.millwright.remote.principal~other");
    }

    @Test
    void wrongShapesOfRemoteManagementAreRefused() throws Exception {
        String all = "{\"version\": 2, \"controller\": {\"remote\": %s}}";
        refused(all.formatted("[]"), "controller.remote", 1);
        refused(all.formatted("{\"listener\": {}}"), "controller.remote.listener", 1);
        refused(all.formatted("{\"listeners\": []}"), "controller.remote.listeners", 1);
        refused(all.formatted("{\"listeners\": {\"a\": 1}}"), "controller.remote.listeners.a", 1);
        refused(all.formatted("{\"listeners\": {\"a b\": {}}}"), "controller.remote.listeners.a b", 1);
        refused(all.formatted("{\"listeners\": {\"a\": {\"path\": null}}}"), "controller.remote.listeners.a.path", 1);
    }

    /** The kind: an option that is passed over leaves open what was to be closed. */
    @Test
    void optionsOfRemoteManagementAreChecked() throws Exception {
        String file =
                """
                {"version": 2, "controller": {"remote": {
                "listeners": {"lan": {
                "adress": "127.0.0.1:1",
                "path": 5,
                "tls": {"cert": "c", "certificate": "d"},
                "auth": ["ticket", 1],
                "origins": "https://a.example",
                "insecure": "yes",
                "ping": 1.5,
                "limits": {"message": "100", "hello": 9999999999}}},
                "principals": {"ci": {"rolle": "observer"}},
                "roles": {"r": {"rules": {"a": "b"}}},
                "limits": {"session": 5, "calls": "7"}}}}
                """;
        String lan = "controller.remote.listeners.lan.";
        refused(
                file,
                lan + "adress",
                3,
                lan + "path",
                4,
                lan + "tls.certificate",
                5,
                lan + "auth[1]",
                6,
                lan + "insecure",
                8,
                lan + "ping",
                9,
                lan + "limits.hello",
                10,
                "controller.remote.principals.ci.rolle",
                11,
                "controller.remote.roles.r.rules.a",
                12,
                "controller.remote.limits.session",
                13);
        assertThat(translated().problems())
                .extracting(Problem::message)
                .contains(
                        "'adress' is not an option; did you mean 'address'?",
                        "must be a text, is a number",
                        "must be true or false, is a text",
                        "must be a whole number, is a number",
                        "'rolle' is not an option; did you mean 'role'?",
                        "'limits.session' is not an option; did you mean 'limits.sessions'?");
    }

    @Test
    void whatTheReferenceSystemsControllerHasIsRefusedInWords() throws Exception {
        write("node.json", "{\"version\": 2, \"controller\": {\"fabric\": {}, \"manhole\": {}, \"other\": 1}}");
        assertThat(translated().problems())
                .extracting(Problem::message)
                .satisfiesExactly(
                        fabric -> assertThat(fabric).contains("docs/remote.md"),
                        manhole -> assertThat(manhole).contains("the shell"),
                        other -> assertThat(other).contains("the known keys are id, options, remote"));
    }

    @Test
    void otherShapesAreRefused() throws Exception {
        refused("[]", "", 1);
        refused("\n\"text\"", "", 2);
        refused("{\"version\": 2, \"workers\": {}}", "workers", 1);
        refused("{\"version\": \"2\"}", "version", 1);
        refused("{\"version\": 2,\n\"controller\": []}", "controller", 2);
        refused("{\"version\": 2,\n\"workers\": null}", "workers", 2);
        refused("{\"version\": 2,\n\"version\": 2}", "version", 2);
        refused("{\"version\": 2,", "", 1);
        refused("", "", 1);
    }

    @Test
    void filesThatCannotBeReadAreTold() throws Exception {
        Path file = directory.resolve("node.json");
        Files.createDirectory(file);
        assertThat(onlyProblem()).contains("is a directory; it must be a file");
        Files.delete(file);
        Files.createSymbolicLink(file, directory.resolve("nothing"));
        assertThat(onlyProblem()).contains("is a link to something that is not there");
        Files.delete(file);
        Files.write(file, new byte[] {'{', '\n', (byte) 0xC3, '(', '}'});
        assertThat(onlyProblem()).contains("line 2").contains("byte 0xC3 is not valid UTF-8");
        Files.write(file, new byte[] {'{', '\n', (byte) 0xC3});
        assertThat(onlyProblem()).contains("line 2").contains("byte 0xC3 is not valid UTF-8");
        Files.write(file, "{}".getBytes(StandardCharsets.UTF_16));
        assertThat(onlyProblem()).contains("UTF-16; save it as UTF-8");
        Files.writeString(file, "\uFEFF{\"version\": 2}");
        assertThat(translated().problems()).isEmpty();
        write("node.yaml", "version: 2\n");
        assertThat(onlyProblem())
                .contains("node.json and node.yaml are both in")
                .contains("remove the other");
    }

    private String onlyProblem() {
        List<Problem> problems = translated().problems();
        assertThat(problems).hasSize(1);
        return problems.get(0).toString();
    }

    @Test
    void anIdConfiguredByHandTooIsRefusedNamingBoth() throws Exception {
        configAdmin.byHand(WORKER + "guest", "a", "felix.fileinstall.filename", "file:/n/etc/w-a.cfg");
        configAdmin.byHand(WORKER + "other", "z", "worker.id", "b");
        configAdmin
                .admin()
                .getConfiguration("io.millwright.controller", "?")
                .update(FelixConfigAdmin.properties("title", "by hand"));
        Map<String, Long> before = configAdmin.changeCounts();
        write(
                "node.json",
                """
                {"version": 2, "controller": {"id": "n"}, "workers": [
                 {"type": "guest", "id": "a", "executable": "/x"},
                 {"type": "guest", "id": "b", "executable": "/x"},
                 {"type": "guest", "id": "z", "executable": "/x"}]}
                """);
        NodeFileSource source = translated();
        assertThat(source.problems())
                .extracting(Problem::path, Problem::line)
                .containsExactly(tuple("controller", 1), tuple("workers[0].id", 2), tuple("workers[1].id", 3));
        assertThat(source.problems().get(1).message())
                .contains(WORKER + "guest~a")
                .contains("file:/n/etc/w-a.cfg");
        assertThat(configAdmin.changeCounts()).isEqualTo(before);

        // The reason is gone, the file is the same: the next look accepts it.
        configAdmin.admin().getFactoryConfiguration(WORKER + "guest", "a", "?").delete();
        configAdmin.admin().getFactoryConfiguration(WORKER + "other", "z", "?").delete();
        configAdmin.admin().getConfiguration("io.millwright.controller", "?").delete();
        source.refresh();
        assertThat(source.problems()).isEmpty();
        assertThat(configAdmin.all()).hasSize(4);
    }

    /** The kind: one id in the file and elsewhere. The one that came last is refused; here it is not the file. */
    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "~x, a, -",
                "~other, a, file:/n/etc/io.millwright.worker.guest-other.cfg",
                "., -, file:/n/etc/io.millwright.worker.guest-a.cfg",
                "., -, file:/n/etc/io.millwright.worker.guest~a.config",
            })
    void whoComesAfterTheFileIsNoProblemOfTheFile(String pid, @Nullable String id, @Nullable String file)
            throws Exception {
        write(
                "node.json",
                "{\"version\": 2, \"workers\": [{\"type\": \"guest\", \"id\": \"a\", \"executable\": \"/x\"}]}");
        translated();
        Configuration second = pid.equals(".")
                ? configAdmin.admin().createFactoryConfiguration(WORKER + "guest", "?")
                : configAdmin.admin().getFactoryConfiguration(WORKER + "guest", pid.substring(1), "?");
        Dictionary<String, Object> properties = FelixConfigAdmin.properties("executable", "/y");
        if (id != null) {
            properties.put("worker.id", id);
        }
        if (file != null) {
            properties.put("felix.fileinstall.filename", file);
        }
        second.update(properties);
        assertThat(translated().problems()).isEmpty();

        // Before the file it is the file that is refused.
        configAdmin.admin().getFactoryConfiguration(WORKER + "guest", "a", "?").delete();
        NodeFileSource refused = translated();
        assertThat(refused.problems()).extracting(Problem::path).containsExactly("workers[0].id");
        second.delete();
        refused.refresh();
        assertThat(refused.problems()).isEmpty();
    }

    @Test
    void nodeOptionsByHandStayWhenTheFileHasNone() throws Exception {
        configAdmin
                .admin()
                .getConfiguration("io.millwright.controller", "?")
                .update(FelixConfigAdmin.properties("title", "by hand"));
        write("node.json", "{\"version\": 2, \"controller\": {}}");
        assertThat(translated().problems()).isEmpty();
        assertThat(configAdmin.all().get("io.millwright.controller")).isEqualTo(Map.of("title", "by hand"));
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

    @Test
    void aCheckThatBreaksRefuses() throws Exception {
        refused("{\"version\": 2, \"workers\": [\n{\"type\": \"broken\"}]}", "workers[0]", 2);
    }

    @Test
    void fiftyThousandWorkersWithOneErrorGiveThatError() throws Exception {
        int count = 50_000;
        StringBuilder text = new StringBuilder("{\"version\": 2, \"workers\": [\n");
        for (int i = 0; i < count; i++) {
            text.append("{\"type\": \"guest\", \"id\": \"w")
                    .append(i)
                    .append("\", \"executable\": \"/bin/sleep\", \"arguments\": [\"60\"], \"options\": {\"stop\": {\"")
                    .append(i == 31_415 ? "sgnal" : "signal")
                    .append("\": \"INT\"}, \"env\": {\"vars\": {\"A\": \"b\"}}}}")
                    .append(i == count - 1 ? "\n" : ",\n");
        }
        refused(text.append("]}").toString(), "workers[31415].options.stop.sgnal", 31_417);
        assertThat(controller.checks).hasValue(count);
        assertThat(controller.mostInFlight.get()).isBetween(1, 64);
    }

    @Test
    void aProposalHasWhatATranslationWouldDoAndDoesNothing() throws Exception {
        write(
                "node.json",
                """
                {"version": 2, "workers": [
                  {"type": "guest", "id": "a", "executable": "/bin/true"},
                  {"type": "guest", "id": "b", "executable": "/bin/true"}]}
                """);
        NodeFileSource source = translated();
        Map<String, Map<String, Object>> before = configAdmin.all();
        write(
                "draft.yaml",
                """
                version: 2
                controller: {options: {title: New}}
                workers:
                - {type: guest, id: b, executable: /bin/false}
                - {type: guest, executable: /bin/true}
                """);
        ConfigurationSource.Proposal proposal =
                source.propose(directory.resolve("draft.yaml")).orElseThrow();
        assertThat(proposal.problems()).isEmpty();
        assertThat(proposal.changes())
                .extracting(ConfigurationChange::pid)
                .containsExactly(
                        WORKER + "guest~a", "io.millwright.controller", WORKER + "guest~b", WORKER + "guest~worker001");
        assertThat(proposal.changes().get(0).properties()).isNull();
        assertThat(proposal.changes().get(2).properties())
                .containsEntry("executable", "/bin/false")
                .containsEntry("worker.id", "b")
                .containsEntry("millwright.origin", "node.json");
        assertThat(configAdmin.all()).isEqualTo(before);

        // What the proposal says is what the translation then does.
        write("node.json", "");
        Files.delete(directory.resolve("node.json"));
        Files.move(directory.resolve("draft.yaml"), directory.resolve("node.yaml"));
        source.refresh();
        assertThat(source.problems()).isEmpty();
        assertThat(configAdmin.all().keySet())
                .containsExactlyInAnyOrder("io.millwright.controller", WORKER + "guest~b", WORKER + "guest~worker001");
    }

    @Test
    void aBadProposalHasAllItsProblemsAndAFileOfAnotherKindIsLeftToOthers() throws Exception {
        NodeFileSource source = translated();
        write("draft.json", "{\"version\": 2, \"workers\": [{\"type\": \"guest\", \"id\": \"a\", \"executible\": 1}]}");
        ConfigurationSource.Proposal proposal =
                source.propose(directory.resolve("draft.json")).orElseThrow();
        assertThat(proposal.changes()).isEmpty();
        assertThat(proposal.problems()).extracting(Problem::line).containsOnly(1);
        assertThat(source.propose(directory.resolve("none.json")).orElseThrow().problems())
                .singleElement()
                .asString()
                .contains("no file");
        write("broken.json", "{");
        assertThat(source.propose(directory.resolve("broken.json"))
                        .orElseThrow()
                        .problems())
                .hasSize(1);
        assertThat(source.propose(directory.resolve("worker.cfg"))).isEmpty();
        assertThat(source.problems()).isEmpty();
    }
}
