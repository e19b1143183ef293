package io.millwright.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeDirectoryTest {
    @TempDir
    Path temp = Path.of("");

    @Test
    void refusesWhatIsNoNodeDirectory() throws Exception {
        assertThatThrownBy(() -> new NodeDirectory(temp.resolve("none")).requireConfigured())
                .hasMessageContaining("does not exist")
                .hasMessageContaining("millwright init");
        Path file = Files.createFile(temp.resolve("file"));
        assertThatThrownBy(() -> new NodeDirectory(file).requireConfigured())
                .hasMessageContaining(file + " is not a directory");
        assertThatThrownBy(() -> new NodeDirectory(temp).requireConfigured())
                .hasMessageContaining("no configuration")
                .hasMessageContaining("millwright init");
        Path comma = Files.createDirectory(temp.resolve("a,b"));
        assertThatThrownBy(() -> new NodeDirectory(comma).requireConfigured()).hasMessageContaining("comma");
    }

    @Test
    void takesEachKindOfConfiguration() throws Exception {
        Path etc = Files.createDirectories(temp.resolve("1/etc"));
        Files.createFile(etc.resolve("io.millwright.worker.guest-a.cfg"));
        Path config = Files.createDirectories(temp.resolve("2/config/io/millwright/worker/guest"));
        Files.createFile(config.resolve("a.config"));
        Files.createFile(Files.createDirectories(temp.resolve("3")).resolve("node.yaml"));
        Files.createFile(Files.createDirectories(temp.resolve("4")).resolve("node.json"));
        for (String name : new String[] {"1", "2", "3", "4"}) {
            assertThatCode(() -> new NodeDirectory(temp.resolve(name)).requireConfigured())
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void aSocketPathThatIsTooLongIsRefusedBeforeAnythingIsMade() throws Exception {
        int room = NodeDirectory.MAX_SOCKET_PATH - "/run/node.sock".length();
        Path deep = temp.resolve("d".repeat(room - temp.toString().length() - 1));
        assertThat(deep.toString()).hasSize(room);
        Files.createDirectory(deep);
        new NodeDirectory(deep).prepare();
        assertThat(deep.resolve("run")).isDirectory();

        Path deeper = Files.createDirectory(temp.resolve(deep.getFileName() + "é"));
        assertThatThrownBy(() -> new NodeDirectory(deeper).prepare())
                .hasMessageContaining("102 bytes")
                .hasMessageContaining("2 bytes shorter");
        try (var files = Files.list(deeper)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void aFileInTheWayIsNamed() throws Exception {
        Files.createFile(temp.resolve("run"));
        assertThatThrownBy(() -> new NodeDirectory(temp).prepare())
                .hasMessageContaining(temp.resolve("run") + " is not a directory");
    }

    @Test
    void aDirectoryThatIsNotWritableIsNamed() throws Exception {
        Path node = Files.createDirectory(
                temp.resolve("node"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("r-xr-xr-x")));
        Assumptions.assumeFalse(Files.isWritable(node), "the superuser may write everywhere");
        assertThatThrownBy(() -> new NodeDirectory(node).prepare()).hasMessageContaining(node + " is not writable");
    }
}
