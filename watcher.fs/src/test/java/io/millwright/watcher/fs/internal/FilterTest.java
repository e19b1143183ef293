package io.millwright.watcher.fs.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millwright.controller.api.watch.WatchSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FilterTest {
    private static Filter filter(List<String> include, List<String> exclude, Path... ignored) throws IOException {
        return new Filter(WatchSpec.builder(List.of(Path.of("/srv")))
                .include(include)
                .exclude(exclude)
                .ignored(Set.of(ignored))
                .build());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "*.py a.py true",
                "*.py b/a.py false",
                "**/*.py a.py true",
                "**/*.py b/c/a.py true",
                "b/**/a.py b/a.py true",
                "b/**/a.py b/c/d/a.py true",
                "b/** b/c/d true",
                "b/** b false",
                "./b/*.py b/a.py true",
                "b/ b true",
                "**/b c/d/b true",
                "a?.py ab.py true",
                "a?.py a/.py false",
                "[ab].py b.py true",
                "*.{py,js} x.js true",
                "**/*.{py,js} d/x.js true",
                "\\*.py *.py true",
                "\\*.py x.py false",
            })
    void globsAreRelativeAndDoubleStarsCrossDirectories(String glob, String path, boolean matches) {
        assertThat(new Glob(glob).matches(Path.of(path))).isEqualTo(matches);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ".git",
                "a/.git",
                "x.swp",
                "a/.x.swp",
                "x~",
                "a/.#x",
                "4913",
                "a/4913",
                "#x#",
                "..data",
                "..2024_01_02"
            })
    void whatEditorsAndVersionControlLeaveIsExcluded(String path) throws IOException {
        assertThat(filter(List.of(), List.of()).excludes(Path.of(path))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", ".env", "a/.env", "a.swap", "4914", "x49130", "a/b~c", ".gitignore", "a.b..c"})
    void otherFilesAreNot(String path) throws IOException {
        assertThat(filter(List.of(), List.of()).excludes(Path.of(path))).isFalse();
    }

    @Test
    void withoutIncludesEverythingIsAskedFor() throws IOException {
        assertThat(filter(List.of(), List.of()).includes(Path.of("a/b"))).isTrue();
        assertThat(filter(List.of("c"), List.of()).includes(Path.of("a/b"))).isFalse();
    }

    /** The kind: an exclamation mark takes back, as in {@code .gitignore}; the last that matches counts. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "*.py; ; a.py; true",
                "*.py,!a.py; ; a.py; false",
                "*.py,!a.py; ; b.py; true",
                "!a.py; ; a.py; false",
                "!a.py; ; b.txt; true",
                "; *.log,!keep.log; keep.log; true",
                "; *.log,!keep.log; other.log; false",
                "; !keep.log,*.log; keep.log; false",
                "; \\!x; !x; false",
            })
    void anExclamationMarkTakesBack(String include, String exclude, String path, boolean counts) throws IOException {
        Filter filter = filter(split(include), split(exclude));
        assertThat(filter.includes(Path.of(path)) && !filter.excludes(Path.of(path)))
                .isEqualTo(counts);
    }

    private static List<String> split(String globs) {
        return globs == null ? List.of() : List.of(globs.split(","));
    }

    @Test
    void badGlobsAreNamedWithTheirOption() {
        assertThatThrownBy(() -> filter(List.of("[a"), List.of()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("include pattern '[a'");
        assertThatThrownBy(() -> filter(List.of(), List.of("/etc/*")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("exclude pattern '/etc/*'")
                .hasMessageContaining("relative");
        assertThatThrownBy(() -> filter(List.of(""), List.of())).hasMessageContaining("empty");
        assertThatThrownBy(() -> filter(List.of("{a,{b}}"), List.of())).hasMessageContaining("{a,{b}}");
    }

    @Test
    void ignoredPathsAreKnownByTheirRealPathToo(@TempDir Path temp) throws IOException {
        Path base = temp.toRealPath();
        Path real = Files.createDirectory(base.resolve("real"));
        Path link = Files.createSymbolicLink(base.resolve("link"), real);
        Filter filter = filter(List.of(), List.of(), link.resolve("not-yet.log"));
        assertThat(filter.ignores(link.resolve("not-yet.log"))).isTrue();
        assertThat(filter.ignores(real.resolve("not-yet.log"))).isTrue();
        assertThat(filter.ignores(real.resolve("other.log"))).isFalse();
        assertThat(filter.ignores(real.resolve("not-yet.log/below/it"))).isTrue();
    }
}
