package io.millwright.watcher.fs.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.controller.api.watch.WatchSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Watching by looking, for filesystems that do not notify. */
class PollingTest extends Fixture {
    private void poll() throws IOException {
        watch(WatchSpec.builder(List.of(root))
                .exclude(List.of("out"))
                .polling(Duration.ofMillis(20))
                .build());
    }

    @Test
    void changesAreFoundWithoutNotifications() throws Exception {
        Path file = old(root.resolve("sub/file"), "1");
        Path kept = old(root.resolve("kept"), "1");
        old(root.resolve("out/file"), "1");
        poll();
        assertThat(threads()).isNotEmpty().allMatch(name -> name.startsWith("millwright-watcher-look-"));
        write(root.resolve("out/file"), "does not count");
        write(file, "22");
        expect(file);
        settle();
        Files.move(old(outside.resolve("other"), "1"), kept, StandardCopyOption.ATOMIC_MOVE);
        expect(kept);
        settle();
        Path deep = Files.createDirectories(root.resolve("new/deep")).resolve("made");
        write(deep, "x");
        expect(deep);
        settle();
        deleteTree(root.resolve("sub"));
        expect(file);
    }

    @Test
    void linksAreFollowed() throws Exception {
        Path target = old(outside.resolve("v1/file"), "1");
        old(outside.resolve("v2/file"), "1");
        Path link = Files.createSymbolicLink(root.resolve("link"), outside.resolve("v1"));
        Files.createSymbolicLink(outside.resolve("v1/loop"), outside.resolve("v1"));
        poll();
        write(target, "22");
        expect(link.resolve("file"));
        settle();
        swapLink(link, outside.resolve("v2"));
        expect(link.resolve("file"));
    }

    @Test
    void theWatchedDirectoryMayGoAndComeBack() throws Exception {
        Path file = old(root.resolve("file"), "1");
        poll();
        deleteTree(root);
        expect(file);
        old(root.resolve("file"), "2");
        expect(file);
    }

    @Test
    void aBurstIsOneChangeHereToo() throws Exception {
        watch(WatchSpec.builder(List.of(root))
                .debounce(LONG)
                .polling(Duration.ofMillis(20))
                .build());
        Path a = write(root.resolve("a"), "x");
        Path b = write(root.resolve("b"), "x");
        write(a, "xx");
        expectOnce(a, b);
    }
}
