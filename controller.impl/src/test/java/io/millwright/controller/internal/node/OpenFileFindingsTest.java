package io.millwright.controller.internal.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.controller.api.Finding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The limit is met for real in run/src/test/fault-test.sh. */
class OpenFileFindingsTest {
    @TempDir
    Path process;

    @ParameterizedTest
    @CsvSource({"5, 17,", "6, 17, 6 files open", "20, 20, 20 files open", "20, 10, 20 files open", "20, unlimited,"})
    void aNodeWithoutRoomIsNamed(int open, String limit, String said) throws IOException {
        Path descriptors = Files.createDirectory(process.resolve("fd"));
        for (int i = 0; i < open; i++) {
            Files.createFile(descriptors.resolve(Integer.toString(i)));
        }
        Files.writeString(
                process.resolve("limits"),
                "Limit                     Soft Limit           Hard Limit           Units     \n"
                        + "Max core file size        0                    unlimited            bytes     \n"
                        + String.format("%-26s%-21s%-21s%-10s%n", "Max open files", limit, "524288", "files"));
        if (said == null) {
            assertThat(OpenFileFindings.all(process)).isEmpty();
        } else {
            Finding finding = OpenFileFindings.all(process).get(0);
            assertThat(finding.what()).contains(said).contains(limit + " that it may");
            assertThat(finding.remedy()).contains("ulimit -n");
        }
    }

    @Test
    void whereTheSystemDoesNotTellNothingIsFound() {
        assertThat(OpenFileFindings.all(process)).isEmpty();
    }
}
