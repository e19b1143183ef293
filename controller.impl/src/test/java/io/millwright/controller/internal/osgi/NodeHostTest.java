package io.millwright.controller.internal.osgi;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millwright.controller.internal.node.Node;
import io.millwright.controller.internal.node.NodeDirectory;
import io.millwright.controller.internal.node.NodeLock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a node comes to life in a framework that goes on without it. */
class NodeHostTest {
    @TempDir
    Path temp;

    private final Map<String, String> properties = new HashMap<>();

    /** The kind: whatever a failed start has taken, it gives back; the next try in the same framework finds it free. */
    @Test
    void aStartThatFailsLeavesTheNodeDirectoryFree() throws IOException {
        Path directory = temp.resolve("node");
        properties.put(NodeHost.DIRECTORY, directory.toString());
        properties.put(Backends.PROPERTY, "nonsense");
        NodeHost host = new NodeHost(FakeServices.context(properties));
        assertThatThrownBy(host::open).hasMessageContaining("must be auto, linux or portable, is 'nonsense'");
        NodeLock.take(new NodeDirectory(directory)).close();

        properties.put(Backends.PROPERTY, "portable");
        NodeHost next = new NodeHost(FakeServices.context(properties));
        Node node = next.open();
        try {
            assertThatThrownBy(() -> NodeLock.take(new NodeDirectory(directory)))
                    .hasMessageContaining(
                            "another node (pid " + ProcessHandle.current().pid() + ")");
        } finally {
            next.close(node);
        }
        NodeLock.take(new NodeDirectory(directory)).close();
    }
}
