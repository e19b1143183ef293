package io.millwright.controller.internal.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millwright.controller.api.NodeException;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A real node for each test of the path of a worker through it. */
abstract class NodeFixture {
    @TempDir
    Path temp;

    TestNode node;

    @BeforeEach
    void open() throws IOException {
        node = new TestNode(temp.resolve("node"));
    }

    @AfterEach
    void close() {
        node.close();
    }

    static NodeException failure(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        NodeException failure = catchThrowableOfType(NodeException.class, call);
        assertThat(failure).as("an error was expected").isNotNull();
        return failure;
    }
}
