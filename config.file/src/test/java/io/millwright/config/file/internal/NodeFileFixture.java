package io.millwright.config.file.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.millwright.controller.api.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A node directory and a real Config Admin for each test of node files. */
abstract class NodeFileFixture {
    static final String WORKER = ConfigurationStore.WORKER_FACTORY;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path storage;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    final StubController controller = new StubController();

    @SuppressWarnings("NullAway.Init")
    FelixConfigAdmin configAdmin;

    @BeforeEach
    void start() throws Exception {
        configAdmin = new FelixConfigAdmin(storage, Map.of());
    }

    @AfterEach
    void stop() throws Exception {
        configAdmin.close();
        controller.close();
    }

    NodeFileSource source(NodeFileSource.Mode mode) {
        return new NodeFileSource(directory, controller.service(), configAdmin.admin(), mode);
    }

    NodeFileSource translated() {
        NodeFileSource source = source(NodeFileSource.Mode.TRANSLATE);
        source.refresh();
        return source;
    }

    void write(String name, String text) throws IOException {
        Files.writeString(directory.resolve(name), text);
    }

    /** A file with these problems, paths and lines in turn, for which nothing is configured. */
    void refused(String text, Object... pathsAndLines) throws IOException {
        write("node.json", text);
        NodeFileSource source = translated();
        assertThat(source.problems()).extracting(Problem::path, Problem::line).containsExactly(tuples(pathsAndLines));
        assertThat(configAdmin.all()).isEmpty();
    }

    static org.assertj.core.groups.Tuple[] tuples(Object... pathsAndLines) {
        org.assertj.core.groups.Tuple[] tuples = new org.assertj.core.groups.Tuple[pathsAndLines.length / 2];
        for (int i = 0; i < tuples.length; i++) {
            tuples[i] = tuple(pathsAndLines[2 * i], pathsAndLines[2 * i + 1]);
        }
        return tuples;
    }
}
