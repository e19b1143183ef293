package io.millwright.controller.internal.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.controller.api.Finding;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerInfo;
import io.millwright.controller.api.WorkerState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The kind: a worker is to have a group, and what systemd's unit says of the node's own does not let it. */
class GroupFindingsTest {
    @TempDir
    Path root;

    private void unit(String delegate) throws IOException {
        Files.createDirectories(root.resolve("proc/self"));
        Files.writeString(root.resolve("proc/self/cgroup"), "0::/system.slice/mill.service/millwright-node\n");
        Files.createDirectories(root.resolve("etc/systemd/system"));
        Files.writeString(
                root.resolve("etc/systemd/system/mill.service"),
                "[Service]\nExecStart=/opt/millwright/bin/millwright run /n\n" + delegate + "\n");
    }

    private List<Finding> found(String option, Object value) {
        WorkerInfo worker = WorkerInfo.builder(new WorkerId("web"), "guest", WorkerState.STARTED)
                .options(Map.of(option, value))
                .build();
        return GroupFindings.all(List.of(worker), List.of(), root, root.resolve("home"));
    }

    @ParameterizedTest
    @CsvSource({
        "Delegate=yes, true",
        "Delegate=cpu memory, true",
        "Delegate=no, false",
        "Delegate=False, false",
        "Delegate=, false",
        "'', false",
    })
    void whatTheUnitSaysIsJudged(String line, boolean right) throws IOException {
        unit(line);
        assertThat(found("trees", "process")).isEmpty();
        for (List<Finding> findings : List.of(found("trees", "cgroup"), found("cgroup.memory.max", "1GiB"))) {
            if (right) {
                assertThat(findings).isEmpty();
            } else {
                assertThat(findings).singleElement().satisfies(finding -> {
                    assertThat(finding.toString()).contains("unit mill.service").contains("web");
                    assertThat(finding.remedy()).contains("put Delegate=yes under [Service]");
                });
            }
        }
    }

    @Test
    void theUnitThatIsShippedIsRight() throws IOException {
        unit("");
        Files.copy(
                Path.of("../run/src/main/systemd/millwright@.service"),
                root.resolve("etc/systemd/system/mill.service"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertThat(found("trees", "cgroup")).isEmpty();
    }

    @Test
    void aGroupThatIsLeftIsNamed() {
        assertThat(GroupFindings.all(List.of(), List.of(Path.of("/g/web.1")), root, root))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.subject()).isEqualTo("group /g/web.1");
                    assertThat(finding.remedy()).contains("rmdir");
                });
    }
}
