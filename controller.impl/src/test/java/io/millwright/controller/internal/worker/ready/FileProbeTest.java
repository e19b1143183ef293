package io.millwright.controller.internal.worker.ready;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The file that says that a worker is ready: that of this run, not that of the one before. */
class FileProbeTest {
    private static final Instant BEGUN = Instant.parse("2026-01-02T03:04:05.600Z");

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({
        "03:04:05.601, true",
        "03:04:05.591, true",
        "03:04:05.580, false",
        "03:04:04.900, false",
        "03:04:06.000, true",
        "03:04:05.000, true",
        "03:04:04.000, false"
    })
    void aFileOfAnEarlierRunDoesNotCountWhereTheFileSystemTellsThemApart(String changed, boolean taken)
            throws IOException {
        Path file = Files.createFile(directory.resolve("ready"));
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2026-01-02T" + changed + "Z")));
        String missing = new FileProbe(file, BEGUN).ask(Duration.ZERO);
        if (taken) {
            assertThat(missing).isNull();
        } else {
            assertThat(missing).startsWith(file + " is of an earlier run (");
        }
    }

    @Test
    void noFileIsSaid() {
        Path file = directory.resolve("ready");
        assertThat(new FileProbe(file, BEGUN).ask(Duration.ZERO)).isEqualTo("there is no " + file);
    }
}
