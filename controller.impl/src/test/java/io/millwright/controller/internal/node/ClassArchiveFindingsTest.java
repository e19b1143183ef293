package io.millwright.controller.internal.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.controller.api.Finding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A node with an archive that is none is met for real in run/src/test/cli-test.sh. */
class ClassArchiveFindingsTest {
    private static final String MAPPED = "7f9869bc7000-7f986afe5000 rw-p 00001000 fe:00 2222350          ";

    @TempDir
    Path process;

    @ParameterizedTest
    @CsvSource({
        "-XX:SharedArchiveFile=/opt/a b/lib/classes-17.jsa, /usr/lib/classes.jsa, /opt/a b/lib/classes-17.jsa",
        "-XX:SharedArchiveFile=/opt/a b/lib/classes-17.jsa, /opt/a b/lib/classes-17.jsa,",
        "-XX:SharedArchiveFile=/opt/a b/lib/classes-17.jsa, /opt/a b/lib/classes-17.jsa (deleted),",
        "-XX:AOTCache=/opt/classes-25.aot, /usr/lib/classes.jsa, /opt/classes-25.aot",
        "-XX:AOTCache=/opt/classes-25.aot, /opt/classes-25.aot,",
        "-XX:SharedArchiveFile=/opt/1.jsa -XX:SharedArchiveFile=/opt/2.jsa, /opt/1.jsa, /opt/2.jsa",
        "-XX:SharedArchiveFile=/opt/jdk.jsa:/opt/2.jsa, /opt/jdk.jsa, /opt/2.jsa",
        "-XX:SharedArchiveFile=/opt/jdk.jsa:/opt/2.jsa, /opt/2.jsa,",
        "-Xmx1g, /usr/lib/classes.jsa,"
    })
    void anArchiveThatIsGivenAndNotMappedIsNamed(String options, String mapped, String named) throws IOException {
        String words = options.replace(" -XX", "\0-XX");
        Files.writeString(process.resolve("cmdline"), "/usr/bin/java\0" + words + "\0io.millwright.launcher.Main\0");
        Files.writeString(process.resolve("maps"), MAPPED + mapped + "\n");
        assertThat(ClassArchiveFindings.all(process))
                .extracting(Finding::subject)
                .isEqualTo(named == null ? List.of() : List.of("class-data archive " + named));
    }

    @Test
    void whereTheSystemDoesNotTellNothingIsFound() {
        assertThat(ClassArchiveFindings.all(process)).isEmpty();
    }
}
