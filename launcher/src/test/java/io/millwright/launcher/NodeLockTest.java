package io.millwright.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeLockTest {
    @TempDir
    Path temp = Path.of("");

    @Test
    void oneAtATimeAndAgainAfterwards() throws Exception {
        NodeDirectory directory = new NodeDirectory(temp);
        directory.prepare();
        Files.writeString(directory.run().resolve("ready"), "stale");
        String pid = ProcessHandle.current().pid() + "";
        try (NodeLock lock = NodeLock.take(directory)) {
            assertThat(lock).isNotNull();
            assertThat(directory.run().resolve("pid")).hasContent(pid);
            assertThat(directory.run().resolve("lock")).hasContent(pid);
            assertThat(directory.run().resolve("ready")).doesNotExist();
            assertThatThrownBy(() -> NodeLock.take(directory)).hasMessageContaining("pid " + pid);
            assertThat(directory.run().resolve("pid")).exists();
        }
        assertThat(directory.run().resolve("pid")).doesNotExist();
        NodeLock.take(directory).close();
    }

    @Test
    void aLockThatCannotBeOpenedIsNamed() {
        assertThatThrownBy(() -> NodeLock.take(new NodeDirectory(temp.resolve("none"))))
                .hasMessageContaining("lock");
    }
}
