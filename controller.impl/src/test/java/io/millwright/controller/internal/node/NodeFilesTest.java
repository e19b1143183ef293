package io.millwright.controller.internal.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeFilesTest {
    @TempDir
    Path temp;

    private NodeDirectory directory;

    @BeforeEach
    void create() throws IOException {
        directory = new NodeDirectory(temp.resolve("node"));
        directory.create();
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void runAndKeyAreForTheNodesUserOnly() throws IOException {
        assertThat(mode(directory.run())).isEqualTo("rwx------");
        assertThat(mode(directory.key())).isEqualTo("rwx------");
        assertThat(directory.workerLogs()).isDirectory();
    }

    @Test
    void aDirectoryThatIsAFileIsRefusedWithAHint() throws IOException {
        Path file = Files.createFile(temp.resolve("file"));
        assertThatThrownBy(() -> new NodeDirectory(file).create())
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("must be a directory");
    }

    @Test
    void theKeyIsMadeOnceAndKept() throws IOException {
        String key = NodeKey.publicKey(directory);
        assertThat(key).matches("[0-9a-f]{64}");
        assertThat(NodeKey.publicKey(directory)).isEqualTo(key);
        assertThat(mode(directory.key().resolve("node.key"))).isEqualTo("rw-------");
        assertThat(directory.key().resolve("node.key")).content().startsWith("-----BEGIN PRIVATE KEY-----");
    }

    @Test
    void halfAKeyPairIsRefusedAndNotOverwritten() throws IOException {
        NodeKey.publicKey(directory);
        Files.delete(directory.key().resolve("node.pub"));
        assertThatThrownBy(() -> NodeKey.publicKey(directory)).hasMessageContaining("both node.key and node.pub");
        assertThat(directory.key().resolve("node.key")).exists();
    }

    @Test
    void aSecondNodeIsRefusedNamingThePidOfTheFirst() throws IOException {
        try (NodeLock lock = NodeLock.take(directory)) {
            assertThat(lock).isNotNull();
            assertThatThrownBy(() -> NodeLock.take(directory))
                    .hasMessageContaining("pid " + ProcessHandle.current().pid())
                    .hasMessageContaining(directory.path().toString());
        }
        NodeLock.take(directory).close();
    }
}
