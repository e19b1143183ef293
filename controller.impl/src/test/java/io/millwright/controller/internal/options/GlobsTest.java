package io.millwright.controller.internal.options;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The kind: a glob that would match nothing is refused in a sentence before anything is watched by it. */
class GlobsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[ | is not a glob",
                "[a | is not a glob",
                "{a | is not a glob",
                "{a,{b}} | is not a glob",
                "'' | is empty",
                "' ' | is empty",
                "! | is empty",
                "/etc/*.conf | absolute",
                "!/etc/*.conf | absolute",
                "~/x | absolute",
                "../other/*.py | leads out",
                "a/../b | leads out",
                ".. | leads out",
                "'*.py,*.js' | several",
                "'*.py, *.js' | several",
                "'*.py *.js' | several",
                "'*.py;*.js' | several",
                "'a.py !b.py' | several",
            })
    void whatWouldMatchNothingIsSaid(String glob, String words) {
        assertThat(Globs.problem(glob)).contains(words);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*.py",
                "**/*.py",
                "**.py",
                "b/",
                "./b/*.py",
                "[ab].py",
                "*.{py,js}",
                "{*.a,*.b}",
                "!x",
                "\\!x",
                "a b.txt",
                "a,b.txt",
                "..data",
                "a..b",
                "\\[",
                "[!a].py",
                "größe*.txt"
            })
    void whatMayMatchIsRight(String glob) {
        assertThat(Globs.problem(glob)).isNull();
    }
}
