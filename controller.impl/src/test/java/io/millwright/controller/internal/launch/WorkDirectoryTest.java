package io.millwright.controller.internal.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.millwright.controller.api.Problem;
import io.millwright.controller.api.worker.OptionValues;
import io.millwright.controller.internal.options.CommonOptions;
import io.millwright.options.Checked;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkDirectoryTest {
    private final Path node;

    WorkDirectoryTest(@TempDir Path node) {
        this.node = node;
    }

    private static OptionValues values(Map<String, Object> raw) {
        Checked checked = CommonOptions.checker(List.of(), name -> null).check(raw);
        assertThat(checked.problems()).isEmpty();
        return checked.values();
    }

    @Test
    void isTheNodeDirectoryUnlessGiven() throws IOException {
        Path made = Files.createDirectory(node.resolve("w"));
        assertThat(WorkDirectory.check(values(Map.of()), node)).isEqualTo(Located.at(node));
        assertThat(WorkDirectory.check(values(Map.of("workdir", "./w")), node)).isEqualTo(Located.at(made));
        assertThat(WorkDirectory.check(values(Map.of("workdir", made.toString())), node))
                .isEqualTo(Located.at(made));
    }

    @Test
    void mustExistAndBeADirectory() throws IOException {
        Files.writeString(node.resolve("file"), "");
        assertThat(WorkDirectory.check(values(Map.of("workdir", "none")), node).problem())
                .isEqualTo(Problem.environment(
                        "workdir",
                        "'" + node + "/none' does not exist; make it, or set workdir.create to true; relative"
                                + " paths start at the node directory"));
        assertThat(WorkDirectory.check(values(Map.of("workdir", "file")), node).problem())
                .isEqualTo(Problem.environment("workdir", "'" + node + "/file' is not a directory; name a directory"));
        assertThat(WorkDirectory.check(values(Map.of("workdir", "~/w")), node).problem())
                .extracting(Problem::message)
                .asString()
                .contains("'~' is not expanded here");
    }

    /** The kind: there is something of that name, and it is no directory that could be entered or made. */
    @Test
    void aLinkThatLeadsNowhereIsSaidToBeOne() throws IOException {
        Files.createSymbolicLink(node.resolve("dead"), Path.of("gone"));
        Files.createSymbolicLink(node.resolve("circle"), Path.of("circle"));
        for (boolean make : new boolean[] {false, true}) {
            Map<String, Object> dead = Map.of("workdir", "dead", "workdir.create", make);
            assertThat(WorkDirectory.check(values(dead), node).problem())
                    .isEqualTo(Problem.environment("workdir", "'" + node + "/dead' is a link that leads nowhere"));
            Map<String, Object> circle = Map.of("workdir", "circle", "workdir.create", make);
            assertThat(WorkDirectory.check(values(circle), node).problem())
                    .isEqualTo(Problem.environment(
                            "workdir", "'" + node + "/circle' cannot be reached: symbolic links lead in a circle"));
        }
    }

    /** Neither there nor missing, and no circle. */
    @Test
    void whyALinkCannotBeFollowedIsSaid() throws IOException {
        Path file = Files.writeString(node.resolve("file"), "");
        Files.createSymbolicLink(node.resolve("through"), Path.of("file/x"));
        for (boolean make : new boolean[] {false, true}) {
            assertThat(WorkDirectory.check(values(Map.of("workdir", "through", "workdir.create", make)), node)
                            .problem())
                    .isEqualTo(Problem.environment(
                            "workdir",
                            "'" + node + "/through' cannot be there: '" + file + "', a part of its path, is a file"));
        }
        assertThat(WorkDirectory.check(values(Map.of("workdir", "file/x")), node)
                        .problem())
                .isEqualTo(Problem.environment(
                        "workdir",
                        "'" + node + "/file/x' cannot be there: '" + file + "', a part of its path, is a file"));
    }

    @Test
    void aClosedDirectoryOnTheWayIsNamed() throws IOException {
        Path closed = Files.createDirectory(node.resolve("closed"));
        Files.createDirectory(closed.resolve("in"));
        Files.createSymbolicLink(node.resolve("link"), closed.resolve("in"));
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("---------"));
        try {
            assumeFalse(Files.isDirectory(closed.resolve("in")), "root enters any directory");
            for (String text : List.of("link", "closed/in")) {
                assertThat(WorkDirectory.check(values(Map.of("workdir", text)), node)
                                .problem())
                        .isEqualTo(Problem.environment(
                                "workdir",
                                "'" + node + "/" + text + "' cannot be reached by the node's user; check the modes of '"
                                        + closed + "' and of the directories above it"));
            }
        } finally {
            Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
        }
    }

    @Test
    void halfACharacterIsNoNul() {
        assertThat(WorkDirectory.check(values(Map.of("workdir", "a\ud800")), node)
                        .problem())
                .isEqualTo(Problem.environment(
                        "workdir",
                        "'a\ud800' has half of a character (a surrogate without the other), which no path can have"));
    }

    @Test
    void isMadeAtTheLaunchOnly() throws IOException {
        OptionValues values = values(Map.of("workdir", "a/b", "workdir.create", true));
        assertThat(WorkDirectory.check(values, node)).isEqualTo(Located.at(node.resolve("a/b")));
        assertThat(node.resolve("a")).doesNotExist();
        assertThat(WorkDirectory.prepare(values, node)).isEqualTo(Located.at(node.resolve("a/b")));
        assertThat(node.resolve("a/b")).isDirectory();
        assertThat(WorkDirectory.prepare(values, node).get()).isEqualTo(node.resolve("a/b"));

        Files.writeString(node.resolve("file"), "");
        OptionValues below = values(Map.of("workdir", "file/b", "workdir.create", true));
        assertThat(WorkDirectory.prepare(below, node).problem())
                .isEqualTo(Problem.environment(
                        "workdir",
                        "'" + node + "/file/b' cannot be made: '" + node + "/file' is not a directory the node's user"
                                + " may write to"));
    }
}
