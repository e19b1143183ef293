package io.millwright.controller.internal.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The kind: a file that is written to, and has lost its name. With the real log of a packed node in run/src/test/fault-test.sh. */
@EnabledOnOs(OS.LINUX)
class NodeLogFindingsTest {
    @TempDir
    Path node;

    private Path log;

    @BeforeEach
    void make() throws IOException {
        log = Files.createDirectory(node.resolve("log")).resolve("node.log");
    }

    @Test
    void aLogThatHasItsNameIsWell() throws IOException {
        assertThat(NodeLogFindings.all(node)).isEmpty();
        try (OutputStream out = Files.newOutputStream(log);
                OutputStream other = Files.newOutputStream(node.resolve("log/audit.log"))) {
            out.write('x');
            Files.delete(node.resolve("log/audit.log"));
            other.write('x');
            assertThat(NodeLogFindings.all(node)).isEmpty();
        }
    }

    @Test
    void aLogThatIsRemovedOrRenamedIsNamed() throws IOException {
        Path link = Files.createSymbolicLink(node.resolve("link"), node);
        try (OutputStream out = Files.newOutputStream(log)) {
            out.write('x');
            Files.move(log, log.resolveSibling("node.log.old"));
            assertThat(NodeLogFindings.all(link)).singleElement().satisfies(finding -> {
                assertThat(finding.subject()).isEqualTo("log/node.log");
                assertThat(finding.what()).contains("goes to log/node.log.old");
            });
            Files.delete(log.resolveSibling("node.log.old"));
            Files.createFile(log);
            assertThat(NodeLogFindings.all(link)).singleElement().satisfies(finding -> assertThat(finding.what())
                    .contains("was removed"));
        }
        assertThat(NodeLogFindings.all(link)).isEmpty();
    }
}
