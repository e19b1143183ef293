package io.millwright.worker.runtime.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.worker.runtime.internal.Birth;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders of frameworks. */
class BundleStorageTest {
    @TempDir
    Path node;

    private BundleStorage ofRun(int run) throws IOException {
        String line = "{\"v\":1,\"node_dir\":\"" + node + "\",\"worker\":{\"id\":\"box\",\"run\":" + run
                + "},\"realm\":\"r\",\"prefix\":\"p\",\"socket\":\"s\",\"token\":\"t\"}\n";
        return BundleStorage.of(Birth.read(new ByteArrayInputStream(line.getBytes(StandardCharsets.UTF_8))));
    }

    @Test
    void eachRunHasItsOwn() throws IOException {
        assertThat(ofRun(3).folder()).isDirectory().isNotEqualTo(ofRun(4).folder());
    }

    @Test
    void whatKilledRunsHaveLeftIsRemovedAndWhatAnotherUsesIsNot() throws IOException {
        BundleStorage killed = ofRun(1);
        Files.createFile(killed.folder().resolve("cache.lock"));
        Files.createDirectories(killed.folder().resolve("bundle1/version0.0"));
        Path older = Files.createDirectories(killed.folder().resolveSibling("bundle0"));
        BundleStorage living = ofRun(2);
        BundleStorage own = ofRun(3);
        try (FileChannel channel = FileChannel.open(
                        living.folder().resolve("cache.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                var lock = channel.lock()) {
            own.removeOthers();
            assertThat(lock.isValid()).isTrue();
        }
        assertThat(killed.folder()).doesNotExist();
        assertThat(older).doesNotExist();
        assertThat(living.folder()).exists();
        assertThat(own.folder()).exists();
    }

    /** The kind: a worker of another user, who may write to none of the node's folders. */
    @Test
    void whatKilledRunsHaveLeftElsewhereIsRemovedToo() throws IOException {
        Files.createFile(Files.createDirectories(node.resolve("cache")).resolve("containers"));
        BundleStorage killed = ofRun(1);
        Files.createFile(killed.folder().resolve("cache.lock"));
        Files.createFile(
                Files.createDirectories(killed.folder().resolve("downloads")).resolve("a.jar"));
        BundleStorage begins = ofRun(2);
        BundleStorage own = ofRun(3);
        try {
            own.removeOthers();
            assertThat(killed.folder()).doesNotExist();
            assertThat(begins.folder()).exists();
            assertThat(own.folder()).exists();
        } finally {
            begins.remove();
            own.remove();
        }
        assertThat(own.folder()).doesNotExist();
    }

    @Test
    void itIsGoneAtTheEnd() throws IOException {
        BundleStorage storage = ofRun(1);
        Files.createDirectories(storage.folder().resolve("bundle0"));
        storage.remove();
        assertThat(storage.folder()).doesNotExist();
    }
}
