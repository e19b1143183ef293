package io.millwright.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {
    @Test
    void readsRunAndCheck() throws Exception {
        assertThat(CommandLine.parse(List.of("run", "--debug-lifecycle", "/a/b/../c")))
                .isEqualTo(new CommandLine(CommandLine.Mode.RUN, Path.of("/a/c"), true));
        assertThat(CommandLine.parse(List.of("check", "--", "-odd")))
                .isEqualTo(
                        new CommandLine(CommandLine.Mode.CHECK, Path.of("-odd").toAbsolutePath(), false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "walk /a", "run", "run /a /b", "run --fast /a", "check --debug-lifecycle /a", "run --"})
    void refusesTheRestWithTheUsage(String line) {
        List<String> args = line.isEmpty() ? List.of() : List.of(line.split(" "));
        assertThatThrownBy(() -> CommandLine.parse(args))
                .isInstanceOfSatisfying(
                        LauncherException.class, e -> assertThat(e.exitCode()).isEqualTo(2))
                .hasMessageContaining("usage: run");
    }
}
