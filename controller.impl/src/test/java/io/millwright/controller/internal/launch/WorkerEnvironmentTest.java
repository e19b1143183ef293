package io.millwright.controller.internal.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.millwright.controller.api.Problem;
import io.millwright.controller.internal.options.CommonOptions;
import io.millwright.options.Checked;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class WorkerEnvironmentTest {
    private static final Map<String, String> NODE = Map.of("PATH", "/bin", "HOME", "/root-home", "X", "1");

    private final Path node;

    WorkerEnvironmentTest(@TempDir Path node) {
        this.node = node;
    }

    private WorkerEnvironment build(Map<String, Object> raw) {
        Checked checked = CommonOptions.checker(List.of(), NODE::get).check(raw);
        assertThat(checked.problems()).isEmpty();
        return WorkerEnvironment.of(checked.values(), NODE, node);
    }

    static Stream<Arguments> inherit() {
        return Stream.of(
                arguments(Map.of(), NODE),
                arguments(Map.of("env.inherit", false), Map.of()),
                arguments(Map.of("env.inherit", List.of("PATH", "UNSET")), Map.of("PATH", "/bin")),
                arguments(Map.of("env.inherit", "X", "env.vars.X", "2"), Map.of("X", "2")));
    }

    @ParameterizedTest
    @MethodSource("inherit")
    void inheritsWhatIsAsked(Map<String, Object> raw, Map<String, String> expected) {
        assertThat(build(raw).variables()).isEqualTo(expected);
    }

    @ParameterizedTest
    @MethodSource("expansions")
    void expands(Map<String, Object> vars, String expected) {
        WorkerEnvironment environment = build(Map.of("env", Map.of("inherit", false, "vars", vars)));
        assertThat(environment.problems()).isEmpty();
        assertThat(environment.variables()).containsEntry("A", expected);
    }

    static Stream<Arguments> expansions() {
        return Stream.of(
                arguments(Map.of("A", "${HOME}/x:${X}"), "/root-home/x:1"),
                arguments(Map.of("A", "${B}!", "B", "${C}", "C", "deep"), "deep!"),
                arguments(Map.of("A", "${X}", "X", "own"), "own"),
                arguments(Map.of("A", "$${HOME} $HOME $$ $"), "${HOME} $HOME $$ $"),
                arguments(Map.of("A", Map.of("secret", "${HOME}")), "${HOME}"),
                arguments(Map.of("A", ""), ""));
    }

    @Test
    void workersThatAddNothingShareOneMap() {
        assertThat(build(Map.of()).variables()).isSameAs(NODE);
    }

    @Test
    void aVariableExtendsTheNodesOwn() {
        assertThat(build(Map.of("env.vars.PATH", "${PATH}:/opt")).variables()).containsEntry("PATH", "/bin:/opt");
    }

    @Test
    void whatHoldsASecretIsSecret() {
        WorkerEnvironment environment = build(Map.of(
                "env.vars.PW",
                Map.of("secret", "hunter2"),
                "env.vars.URL",
                "db://${PW}@h",
                "env.vars.Z",
                "${URL}",
                "env.vars.FREE",
                "x"));
        assertThat(environment.variables()).containsEntry("Z", "db://hunter2@h");
        assertThat(environment.secretVariables()).containsExactlyInAnyOrder("PW", "URL", "Z");
        assertThat(environment.toString()).doesNotContain("hunter2");
    }

    @Test
    void everyProblemIsNamedOnce() {
        Map<String, Object> raw = new LinkedHashMap<>();
        raw.put("env.vars.A", "${NOWHERE}");
        raw.put("env.vars.B", "${A}");
        raw.put("env.vars.C", "${open");
        raw.put("env.vars.D", "${E}");
        raw.put("env.vars.E", "${D}");
        WorkerEnvironment environment = build(raw);
        assertThat(environment.problems())
                .containsExactly(
                        Problem.environment(
                                "env.vars.A",
                                "uses ${NOWHERE}, which is set neither in env.vars, in env.file nor in the node's"
                                        + " environment; set it, or write $${NOWHERE} for that text itself"),
                        Problem.definition(
                                "env.vars.C", "has '${' without '}'; close it, or write '$${' for a literal '${'"),
                        Problem.definition("env.vars.E", "uses ${D}, which in turn uses E; break the circle"));
        assertThat(environment.variables()).isEqualTo(NODE);
    }

    @Test
    void secretFiles() throws IOException {
        Files.createDirectory(node.resolve("key"));
        Files.writeString(node.resolve("key/db"), "hunter2\n");
        Files.writeString(node.resolve("crlf"), "hunter2\n\r\n");
        Files.write(node.resolve("binary"), new byte[] {'h', 'u', 'n', 't', 'e', 'r', (byte) 0xff});
        Files.writeString(node.resolve("nul"), "hunter\0");
        Files.writeString(node.resolve("long"), "hunter".repeat(40_000));
        Map<String, Object> raw = new LinkedHashMap<>();
        raw.put("env.vars.GOOD.secretFile", "key/db");
        raw.put("env.vars.CRLF.secretFile", node.resolve("crlf").toString());
        for (String bad : List.of("missing", "key", "binary", "nul", "long")) {
            raw.put("env.vars." + bad + ".secretFile", bad);
        }
        WorkerEnvironment environment = build(raw);
        assertThat(environment.variables()).containsEntry("GOOD", "hunter2").containsEntry("CRLF", "hunter2\n");
        assertThat(environment.secretVariables()).contains("GOOD", "CRLF");
        assertThat(environment.problems())
                .extracting(Problem::message)
                .containsExactly(
                        "secretFile '" + node + "/missing' does not exist; relative paths start at the node directory",
                        "secretFile '" + node + "/key' is not a regular file",
                        "secretFile '" + node + "/binary' is not UTF-8 text",
                        "secretFile '" + node + "/nul' contains a NUL character, which no environment can hold",
                        "secretFile '" + node + "/long' is longer than 128 KiB, the most it may be");
        assertThat(environment.problems()).extracting(Problem::kind).containsOnly(Problem.Kind.ENVIRONMENT);
    }

    /** A line of a file of variables, and the variable A it gives. */
    static Stream<Arguments> lines() {
        return Stream.of(
                arguments("A=b", "b"),
                arguments("  A= b c \t", "b c"),
                arguments("A=", ""),
                arguments("A=b=c", "b=c"),
                arguments("A=b#c", "b#c"),
                arguments("A=1\nA=2", "2"),
                arguments("\uFEFFA=b\r", "b"),
                arguments("# A=1\n\nA=größe", "größe"),
                arguments("A=${X} $X $$", "${X} $X $$"),
                arguments("A=' b '", " b "),
                arguments("A='\"\\n'", "\"\\n"),
                arguments("A=\"b \\\"c\\\" \\n\\\\\\$\"", "b \"c\" \n\\\\$"),
                arguments("A=\"\"", ""),
                arguments("A=yes", "yes"));
    }

    @ParameterizedTest
    @MethodSource("lines")
    void filesOfVariables(String text, String value) throws IOException {
        Files.writeString(node.resolve("some.env"), text);
        WorkerEnvironment environment = build(Map.of("env", Map.of("file", "some.env", "inherit", false)));
        assertThat(environment.problems()).isEmpty();
        assertThat(environment.variables()).isEqualTo(Map.of("A", value));
        assertThat(environment.secretVariables()).containsExactly("A");
        assertThat(environment.toString()).doesNotContain(value.isEmpty() ? "=" : value);
    }

    @Test
    void whatIsWrongInAFileOfVariablesIsSaidWithItsLineAndWithoutItsValue() throws IOException {
        Files.writeString(
                node.resolve("bad.env"),
                "A=1\nhunter2\nexport B=hunter2\n 1C=hunter2\n=hunter2\nD='hunter2\nE=\"hunter2\" x\nA B=hunter2\n");
        WorkerEnvironment environment = build(Map.of("env.file", List.of("missing.env", "bad.env")));
        String line = "file '" + node + "/bad.env', line ";
        String form = "; write NAME=value, or begin the line with # for a comment";
        String name = ": what stands before '=' is no name of a variable" + form;
        assertThat(environment.problems())
                .containsExactly(
                        Problem.environment(
                                "env.file[0]",
                                "file '" + node
                                        + "/missing.env' does not exist; relative paths start at the node directory"),
                        Problem.environment("env.file[1]", line + "2: it has no '='" + form),
                        Problem.environment(
                                "env.file[1]", line + "3: it begins with 'export', which only a shell reads" + form),
                        Problem.environment("env.file[1]", line + "4" + name),
                        Problem.environment("env.file[1]", line + "5" + name),
                        Problem.environment(
                                "env.file[1]",
                                line + "6: the value begins with ' and does not end with it; close it, or put the whole"
                                        + " value in the other quotes"),
                        Problem.environment(
                                "env.file[1]",
                                line + "7: something follows the closing \" of the value; put all of it in quotes"),
                        Problem.environment("env.file[1]", line + "8" + name));
    }

    @Test
    void filesStandBelowTheWorkersOwnVariablesAndAboveWhatIsInherited() throws IOException {
        Files.writeString(node.resolve("one.env"), "X=one\nY=one\nPATH=/one");
        Files.writeString(node.resolve("two.env"), "Y=two");
        WorkerEnvironment environment = build(Map.of(
                "env.file", List.of("one.env", "two.env"), "env.vars.PATH", "${PATH}:${Y}:/opt", "env.vars.X", "own"));
        assertThat(environment.problems()).isEmpty();
        assertThat(environment.variables())
                .isEqualTo(Map.of("HOME", "/root-home", "X", "own", "Y", "two", "PATH", "/one:two:/opt"));
        assertThat(environment.secretVariables()).containsExactlyInAnyOrder("Y", "PATH");
    }
}
