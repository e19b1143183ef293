package io.millwright.controller.internal.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.millwright.controller.api.Problem;
import io.millwright.controller.api.worker.LaunchPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ProgramsTest {
    private final Path dir;

    ProgramsTest(@TempDir Path dir) {
        this.dir = dir;
    }

    @BeforeEach
    void files() throws IOException {
        Files.createDirectories(dir.resolve("bin/folder"));
        Files.createDirectories(dir.resolve("late"));
        file("bin/ok", "#!/bin/sh\n", true);
        file("bin/plain", "#!/bin/sh\n", false);
        file("bin/shadowed", "#!/bin/sh\n", false);
        file("late/shadowed", "#!/bin/sh\n", true);
        file("bin/empty", "", true);
        file("bin/lost", "#!/no/such/perl -w\n", true);
        file("bin/dos", "#!/bin/sh\r\necho\r\n", true);
        file("bin/none", "#!  \n", true);
        file("bin/dirint", "#!" + dir.resolve("bin") + "\n", true);
        file("bin/modeint", "#! " + dir.resolve("bin/plain") + "\n", true);
        file("bin/envok", "#!/usr/bin/env ok\n", true);
        file("bin/envlost", "#!/usr/bin/env pyton3\n", true);
        file("bin/envargs", "#!/usr/bin/env ok -u\n", true);
        file("bin/envsplit", "#!/usr/bin/env -S ok -u\n", true);
        file("bin/envsplitlost", "#!/usr/bin/env -S pyton3 -u\n", true);
        Files.copy(Path.of("/bin/sh"), dir.resolve("bin/binary"));
        file("bin/jar", "PK\3\4 and more", true);
        Files.createSymbolicLink(dir.resolve("bin/dangling"), Path.of("gone"));
        Files.createSymbolicLink(dir.resolve("bin/circle"), Path.of("circle"));
    }

    private void file(String name, String content, boolean executable) throws IOException {
        Path file = Files.writeString(dir.resolve(name), content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
    }

    private Located locate(String program, Map<String, String> environment) {
        return Programs.locate(LaunchPlan.builder("program", List.of(program, "an argument"), dir)
                .environment(environment)
                .build());
    }

    private Map<String, String> path() {
        return Map.of("PATH", dir.resolve("bin") + ":late");
    }

    @ParameterizedTest
    @MethodSource("found")
    void finds(String program, String file) {
        assertThat(locate(program, path())).isEqualTo(Located.at(dir.resolve(file)));
    }

    static Stream<Arguments> found() {
        return Stream.of(
                arguments("ok", "bin/ok"),
                arguments("./bin/ok", "bin/ok"),
                arguments("bin/ok", "bin/ok"),
                arguments("shadowed", "late/shadowed"),
                arguments("envok", "bin/envok"),
                arguments("envsplit", "bin/envsplit"),
                arguments("binary", "bin/binary"));
    }

    @Test
    void withoutPathTheDefaultOneCounts() {
        assertThat(locate("sh", Map.of()).get()).hasFileName("sh");
        assertThat(locate("sh", Map.of("PATH", "")).get()).hasFileName("sh");
        assertThat(locate(dir.resolve("bin/ok").toString(), Map.of()).get()).isEqualTo(dir.resolve("bin/ok"));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void saysWhyNot(String program, String message) {
        assertThat(locate(program, path()).problem())
                .isEqualTo(Problem.environment("program", message.replace("$D", dir.toString())));
    }

    static Stream<Arguments> refused() {
        String notFound = "was not found on PATH ($D/bin:late)";
        return Stream.of(
                arguments(
                        "pyton3",
                        "'pyton3' " + notFound + "; check the spelling, install it, or give its absolute path"
                                + " (a path relative to the working directory needs a '/', as in ./pyton3)"),
                arguments(
                        "ok --flag",
                        "'ok --flag' " + notFound + "; it must be the program alone, its arguments are given apart"),
                arguments(
                        "folder", "'folder' " + notFound + ": '$D/bin/folder' is a directory; name the program in it"),
                arguments(
                        "plain",
                        "'plain' " + notFound + ": '$D/bin/plain' is not executable by the node's user; chmod"
                                + " +x $D/bin/plain would allow it"),
                arguments("/no/such", "'/no/such' does not exist"),
                arguments("./missing", "'$D/missing' does not exist; relative paths start at the working directory"),
                arguments("./bin", "'$D/bin' is a directory; name the program in it"),
                arguments(
                        "./bin/plain",
                        "'$D/bin/plain' is not executable by the node's user; chmod +x $D/bin/plain would"
                                + " allow it"),
                arguments("bin/dangling", "'$D/bin/dangling' is a link to 'gone', which does not exist"),
                arguments("bin/circle", "'$D/bin/circle' cannot be reached: symbolic links lead in a circle"),
                arguments(
                        "/etc/passwd/x",
                        "'/etc/passwd/x' cannot be there: '/etc/passwd', a part of its path, is a file"),
                arguments(
                        "./a\0",
                        "'./a\0' has a NUL character, which no path can have; relative paths start at the working"
                                + " directory"),
                arguments(
                        "./a\ud800",
                        "'./a\ud800' has half of a character (a surrogate without the other), which no path can have"
                                + "; relative paths start at the working directory"),
                arguments(
                        "\"/bin/sh\"",
                        "'$D/\"/bin/sh\"' does not exist; the quotes are part of it: leave them out, or,"
                                + " in a .config file, put every value in quotes that end"),
                arguments("/dev/null", "'/dev/null' is not a regular file"),
                arguments(
                        "jar",
                        "'$D/bin/jar' cannot be run: it is a jar or another zip archive; let java run it, with -jar and"
                                + " its path as arguments"),
                arguments("~/web", "'$D/~/web' does not exist; '~' is not expanded here, write the whole path"),
                arguments("empty", "'$D/bin/empty' is empty; it must be a binary, or a script that begins with #!"),
                arguments(
                        "lost",
                        "'$D/bin/lost' cannot be run: its first line is '#!/no/such/perl -w', and the"
                                + " interpreter '/no/such/perl' does not exist"),
                arguments(
                        "dos",
                        "'$D/bin/dos' cannot be run: its first line is '#!/bin/sh\\r', with a Windows line end"
                                + " (\\r) that counts as part of the interpreter's name; save the file with Unix line ends"),
                arguments(
                        "none",
                        "'$D/bin/none' cannot be run: its first line is '#!  ', which names no interpreter;"
                                + " write for example #!/bin/sh"),
                arguments(
                        "dirint",
                        "'$D/bin/dirint' cannot be run: its first line is '#!$D/bin', and the interpreter"
                                + " '$D/bin' is a directory; name the program in it"),
                arguments(
                        "modeint",
                        "'$D/bin/modeint' cannot be run: its first line is '#! $D/bin/plain', and the"
                                + " interpreter '$D/bin/plain' is not executable by the node's user; chmod +x $D/bin/plain would"
                                + " allow it"),
                arguments(
                        "envlost",
                        "'$D/bin/envlost' cannot be run: its first line is '#!/usr/bin/env pyton3', and its"
                                + " interpreter 'pyton3' " + notFound
                                + "; check the spelling, install it, or give its absolute"
                                + " path (a path relative to the working directory needs a '/', as in ./pyton3)"),
                arguments(
                        "envsplitlost",
                        "'$D/bin/envsplitlost' cannot be run: its first line is '#!/usr/bin/env -S pyton3"
                                + " -u', and its interpreter 'pyton3' " + notFound
                                + "; check the spelling, install it, or give"
                                + " its absolute path (a path relative to the working directory needs a '/', as in ./pyton3)"),
                arguments(
                        "envargs",
                        "'$D/bin/envargs' cannot be run: its first line is '#!/usr/bin/env ok -u', and its"
                                + " interpreter 'ok -u' " + notFound
                                + "; it must be the program alone, its arguments are given"
                                + " apart (env takes arguments only after -S)"));
    }
}
