package io.millwright.watcher.fs.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.millwright.controller.api.Subscription;
import io.millwright.controller.api.watch.WatchSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Symbolic links: what they lead to counts, and where they lead. */
@Tag("long")
class LinksTest extends Fixture {
    @Test
    void theTargetOfALinkedFileIsWatched() throws Exception {
        Path target = old(outside.resolve("target"), "1");
        Path link = Files.createSymbolicLink(root.resolve("link"), target);
        watch(Duration.ZERO);
        write(target, "22");
        expect(link);
        settle();
        Files.move(old(outside.resolve("new"), "333"), target, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
        expect(link);
        settle();
        Files.delete(target);
        expect(link);
        settle();
        write(target, "back");
        expect(link);
    }

    /** The kind: what is ignored is ignored by whatever name and however deep. */
    @Test
    void aLinkIntoWhatIsIgnoredDoesNotCount() throws Exception {
        Path log = old(outside.resolve("log/workers/w.log"), "1");
        Files.createSymbolicLink(root.resolve("file.link"), log);
        Files.createSymbolicLink(root.resolve("folder.link"), log.getParent());
        Files.createSymbolicLink(root.resolve("indirect"), root.resolve("file.link"));
        watch(WatchSpec.builder(List.of(root))
                .ignored(Set.of(outside.resolve("log")))
                .debounce(LONG)
                .build());
        write(log, "22");
        expectNothing();
    }

    @Test
    void aLinkThatLeadsElsewhereIsAChange() throws Exception {
        Path one = old(outside.resolve("one"), "same");
        Path two = old(outside.resolve("two"), "same");
        Path link = Files.createSymbolicLink(root.resolve("link"), one);
        watch(LONG);
        swapLink(link, two);
        expectOnce(link);
        write(one, "no longer of interest");
        expectNothing();
        write(two, "of interest");
        expectOnce(link);
    }

    @Test
    void aLinkInTheMiddleOfAPathCountsToo() throws Exception {
        old(outside.resolve("v1/file"), "same");
        old(outside.resolve("v2/file"), "same");
        Path current = Files.createSymbolicLink(outside.resolve("current"), Path.of("v1"));
        Path link = Files.createSymbolicLink(root.resolve("link"), current.resolve("file"));
        watch(LONG);
        swapLink(current, Path.of("v2"));
        expectOnce(link);
        Files.move(outside.resolve("v2"), outside.resolve("v3"));
        expectOnce(link);
    }

    @Test
    void aLinkedDirectoryIsWatchedWithAllBelowIt() throws Exception {
        old(outside.resolve("v1/deep/file"), "1");
        old(outside.resolve("v2/deep/file"), "22");
        old(outside.resolve("v2/deep/more"), "22");
        Path link = Files.createSymbolicLink(root.resolve("link"), outside.resolve("v1"));
        watch(LONG);
        write(outside.resolve("v1/deep/file"), "11");
        expectOnce(link.resolve("deep/file"));
        swapLink(link, outside.resolve("v2"));
        expectOnce(link.resolve("deep/file"), link.resolve("deep/more"));
        write(outside.resolve("v1/deep/file"), "no longer of interest");
        write(outside.resolve("v2/deep/more"), "of interest");
        expectOnce(link.resolve("deep/more"));
        Files.delete(link);
        expectOnce(link.resolve("deep/file"), link.resolve("deep/more"));
    }

    @Test
    void theWatchedDirectoryMayBeALink() throws Exception {
        old(outside.resolve("r1/app.py"), "1");
        old(outside.resolve("r2/app.py"), "22");
        Path current = Files.createSymbolicLink(root.resolve("current"), outside.resolve("r1"));
        watch(WatchSpec.builder(List.of(current)).debounce(LONG).build());
        swapLink(current, outside.resolve("r2"));
        assertThat(next().paths()).containsExactly(current.resolve("app.py"));
        write(outside.resolve("r2/app.py"), "333");
        assertThat(next().paths()).containsExactly(current.resolve("app.py"));
        Files.delete(current);
        assertThat(next().paths()).containsExactly(current.resolve("app.py"));
        Files.createSymbolicLink(current, outside.resolve("r1"));
        assertThat(next().paths()).containsExactly(current.resolve("app.py"));
    }

    @Test
    void aKubernetesConfigMapSwapIsOneChangeOfTheFilesAffected() throws Exception {
        Path first = root.resolve("..2024_01_01");
        old(first.resolve("app.conf"), "1");
        old(first.resolve("log.conf"), "1");
        Files.createSymbolicLink(root.resolve("..data"), first.getFileName());
        Path app = Files.createSymbolicLink(root.resolve("app.conf"), Path.of("..data/app.conf"));
        Path log = Files.createSymbolicLink(root.resolve("log.conf"), Path.of("..data/log.conf"));
        watch(LONG);
        Path before = first;
        for (int i = 2; i < 5; i++) {
            Path next = root.resolve("..2024_01_0" + i);
            old(next.resolve("app.conf"), "v" + i);
            old(next.resolve("log.conf"), "v" + i);
            swapLink(root.resolve("..data"), next.getFileName());
            deleteTree(before);
            expectOnce(app, log);
            before = next;
        }
    }

    @Test
    void aKubernetesSwapThatAddsAndRemovesFiles() throws Exception {
        Path first = root.resolve("..2024_01_01");
        old(first.resolve("app.conf"), "1");
        Files.createSymbolicLink(root.resolve("..data"), first.getFileName());
        Path app = Files.createSymbolicLink(root.resolve("app.conf"), Path.of("..data/app.conf"));
        watch(LONG);
        old(root.resolve("..2024_01_02").resolve("new.conf"), "2");
        swapLink(root.resolve("..data"), Path.of("..2024_01_02"));
        Path added = Files.createSymbolicLink(root.resolve("new.conf"), Path.of("..data/new.conf"));
        Files.delete(app);
        deleteTree(first);
        expectOnce(app, added);
    }

    @Test
    void loopsAndDeadLinksDoNoHarm() throws Exception {
        Files.createDirectory(root.resolve("sub"));
        Files.createSymbolicLink(root.resolve("sub/up"), root);
        Files.createSymbolicLink(root.resolve("self"), Path.of("self"));
        Path dead = Files.createSymbolicLink(root.resolve("dead"), outside.resolve("nowhere/file"));
        watch(LONG);
        Path file = write(root.resolve("sub/file"), "x");
        expectOnce(file);
        Files.createDirectory(outside.resolve("nowhere"));
        write(outside.resolve("nowhere/file"), "now alive");
        expectOnce(dead);
    }

    /** What the kernel watches for this process. */
    private static long kernelWatches() throws IOException {
        long count = 0;
        try (var infos = Files.list(Path.of("/proc/self/fdinfo"))) {
            for (Path info : infos.toList()) {
                try {
                    count += Files.readString(info)
                            .lines()
                            .filter(line -> line.startsWith("inotify wd:"))
                            .count();
                } catch (IOException closedMeanwhile) {
                    continue;
                }
            }
        }
        return count;
    }

    @Test
    void whatIsGoneIsNoLongerWatched() throws Exception {
        assumeThat(Files.isDirectory(Path.of("/proc/self/fdinfo"))).isTrue();
        Subscription watch = watch(WatchSpec.builder(List.of(root))
                .include(List.of("**/*.py", "sentinel*"))
                .build());
        long before = kernelWatches();
        assertThat(before).isPositive();
        for (int i = 0; i < 20; i++) {
            old(outside.resolve("far" + i + "/deep/a.py"), "x");
            Path sub = Files.createDirectories(root.resolve("sub" + i));
            Files.createSymbolicLink(sub.resolve("dir"), outside.resolve("far" + i));
            Files.createSymbolicLink(sub.resolve("a.py"), outside.resolve("far" + i + "/deep/a.py"));
            Files.createSymbolicLink(sub.resolve("other"), outside.resolve("far" + i + "/deep/a.py"));
            Files.createSymbolicLink(sub.resolve("dead"), outside.resolve("nowhere/x"));
        }
        settle();
        await().atMost(Duration.ofMinutes(1)).until(() -> kernelWatches() >= before + 60);
        for (int i = 0; i < 20; i++) {
            deleteTree(root.resolve("sub" + i));
        }
        settle();
        await().atMost(Duration.ofMinutes(1)).until(() -> kernelWatches() == before);
        watch.close();
        await().atMost(Duration.ofMinutes(1)).until(() -> kernelWatches() == 0);
    }
}
