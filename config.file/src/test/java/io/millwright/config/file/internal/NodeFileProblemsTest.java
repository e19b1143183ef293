package io.millwright.config.file.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.millwright.controller.api.Problem;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** All the reasons why a file is not taken, each with its path and line. */
class NodeFileProblemsTest extends NodeFileFixture {
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
}
