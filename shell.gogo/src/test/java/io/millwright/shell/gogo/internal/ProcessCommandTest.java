package io.millwright.shell.gogo.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.shell.gogo.internal.json.JsonInput;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code node:process}: what is asked, and how the answer looks. */
class ProcessCommandTest {
    private final Shell shell = new Shell();

    @AfterEach
    void close() {
        shell.close();
    }

    @Test
    void eachWordAsksForOneThing() throws Exception {
        assertThat(shell.run("node:process"))
                .contains("4711")
                .contains("/usr/bin/java")
                .doesNotContain("parent");
        assertThat(shell.run("node:process stats")).contains("descriptors").doesNotContain("\nmemory");
        assertThat(shell.run("node:process cpus")).contains("4 processors").contains("2,3");
        assertThat(shell.run("node:process affinity")).isEqualTo("3\n");
        assertThat(shell.run("node:process time")).contains("uptime");
        assertThat(shell.run("node:process monitor")).contains("not sampled");
        assertThat(shell.node.calls).isEmpty();
        assertThat(shell.run("node:process affinity 0,2-3")).isEqualTo("0,2,3\n");
        shell.run("node:process affinity 1 --relative");
        assertThat(shell.run("node:process monitor 0.5")).contains("25.0%").contains("77");
        shell.run("node:process monitor off");
        assertThat(shell.run("node:process gc")).contains("12ms");
        assertThat(shell.node.calls)
                .containsExactly(
                        "affinity [0, 2, 3] ABSOLUTE by shell:ann",
                        "affinity [1] RELATIVE by shell:ann",
                        "monitor PT0.5S by shell:ann",
                        "monitor PT0S by shell:ann",
                        "gc by shell:ann");
    }

    @Test
    void eachAnswerIsJsonWhenItIsWanted() throws Exception {
        for (String what : new String[] {"info", "stats", "cpus", "affinity", "gc", "monitor", "time"}) {
            assertThat(JsonInput.value(shell.run("node:process " + what + " --json")))
                    .as(what)
                    .isNotNull();
        }
        assertThat(shell.run("node:process cpus --json")).isEqualTo("{\"count\":4,\"cpus\":[2,3],\"affinity\":[3]}\n");
        assertThat(shell.run("node:process stats --json")).contains("\"rss\":null");
        assertThat(shell.run("node:process gc --json")).isEqualTo("{\"took\":0.012}\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "walk",
                "info x",
                "affinity x",
                "affinity 3-1",
                "affinity 1,",
                "affinity --relative",
                "stats --relative",
                "monitor soon",
                "monitor 100000",
                "affinity 1 2"
            })
    void wrongWordsAreRefused(String words) {
        assertThat(shell.failure("node:process " + words)).contains("\nusage: node:process");
        assertThat(shell.exitCode()).isEqualTo(2);
        assertThat(shell.node.calls).isEmpty();
    }
}
