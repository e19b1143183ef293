package io.millwright.worker.natives.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What JVMs are told about class-data archives. */
class ArchiveOptionsTest {
    @ParameterizedTest
    @CsvSource({"17.0.15, .jsa", "24, .jsa", "25, .aot", "25.0.3, .aot", "101, .aot"})
    void fromJava25OnItIsACacheOfAheadOfTimeData(String version, String ending) {
        assertThat(ArchiveOptions.ending("IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n"))
                .isEqualTo(ending);
    }

    @Test
    void aJvmThatDoesNotDescribeItselfGetsADynamicArchive() {
        assertThat(ArchiveOptions.ending("")).isEqualTo(".jsa");
    }

    @Test
    void eachKindHasItsOptions() {
        assertThat(ArchiveOptions.make(Path.of("a.jsa"))).isEqualTo("-XX:ArchiveClassesAtExit=a.jsa");
        assertThat(ArchiveOptions.make(Path.of("a.aot"))).isEqualTo("-XX:AOTCacheOutput=a.aot");
        assertThat(ArchiveOptions.use(Path.of("a.jsa")))
                .contains("-XX:SharedArchiveFile=a.jsa", "-XX:ArchiveRelocationMode=0")
                .startsWith("-XX:+UnlockDiagnosticVMOptions");
        assertThat(ArchiveOptions.use(Path.of("a.aot"))).contains("-XX:AOTCache=a.aot");
    }

    @ParameterizedTest
    @CsvSource({"-Xmx64m, true", "-Xshare:off, false", "-XX:SharedArchiveFile=x, false", "-XX:AOTCache=x, false"})
    void aWorkerThatHasItsOwnGetsNone(String option, boolean allowed) {
        assertThat(ArchiveOptions.allowedBy(List.of("-Da=b", option))).isEqualTo(allowed);
    }
}
