package io.millwright.watcher.fs.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millwright.controller.api.Subscription;
import io.millwright.controller.api.watch.FileWatcher.Change;
import io.millwright.controller.api.watch.WatchSpec;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What counts as a change and when it is told, on plain directories. */
@Tag("long")
class WatchingTest extends Fixture {
    @Test
    void filesMadeWrittenAndDeletedAreNamed() throws Exception {
        Path there = old(root.resolve("there"), "1");
        watch(Duration.ZERO);
        Path made = write(root.resolve("made"), "x");
        expect(made);
        settle();
        write(there, "2");
        expect(there);
        settle();
        Files.delete(there);
        expect(there);
    }

    /**
     * The kind: names of files are bytes, whatever the locale reads of them. A name in another encoding, in the place of a file, a
     * directory, a link's target and the directory to watch.
     */
    @Test
    @EnabledOnOs(OS.LINUX)
    void namesThatAreNoTextOfTheLocaleCountAsOthers() throws Exception {
        Path below = Files.createDirectory(named(root, "gr%F6%DFe"));
        Path target = Files.createDirectory(named(outside, "%FF"));
        Path linked = old(target.resolve("linked"), "1");
        Path link = Files.createSymbolicLink(named(root, "%FE"), target);
        Path there = old(named(below, "r%FFw.txt"), "1");
        watch(WatchSpec.builder(List.of(root, below)).debounce(Duration.ZERO).build());
        write(there, "2");
        expect(there);
        settle();
        write(linked, "2");
        expect(link.resolve("linked"));
        settle();
        Path made = write(named(root, "%E4"), "x");
        expect(made);
        settle();
        Files.delete(there);
        expect(there);
    }

    private static Path named(Path directory, String escaped) {
        return Path.of(URI.create(directory.toUri().toString() + escaped));
    }

    @Test
    void aBurstIsOneChange() throws Exception {
        watch(LONG);
        Path[] files = new Path[100];
        for (int i = 0; i < files.length; i++) {
            files[i] = write(root.resolve("file" + i), "x");
        }
        expectOnce(files);
    }

    @Test
    void anEditorsSaveByRenameCountsOnceAndNamesTheFileOnly() throws Exception {
        Path file = old(root.resolve("app.conf"), "1");
        watch(LONG);
        // As vim does it.
        write(root.resolve("4913"), "");
        Files.delete(root.resolve("4913"));
        Path backup = root.resolve("app.conf~");
        write(root.resolve(".app.conf.swp"), "swap");
        Files.move(file, backup);
        write(file, "2");
        Files.delete(backup);
        Files.delete(root.resolve(".app.conf.swp"));
        expectOnce(file);
        // As most others do it.
        Path temporary = write(root.resolve("app.conf.new"), "3");
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        expectOnce(file);
    }

    @Test
    void aFileThatIsAlwaysWrittenIsReportedToo() throws Exception {
        Path file = write(root.resolve("busy"), "x");
        watch(Duration.ofMillis(300));
        AtomicBoolean enough = new AtomicBoolean();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread writer = new Thread(
                () -> {
                    try {
                        for (int i = 0; !enough.get(); i++) {
                            write(file, "x".repeat(i % 1000));
                        }
                    } catch (IOException e) {
                        failure.set(e);
                    }
                },
                "test-writer");
        writer.start();
        try {
            assertThat(next().paths()).containsExactly(file);
        } finally {
            enough.set(true);
            writer.join();
        }
        assertThat(failure.get()).isNull();
    }

    @Test
    void touchingCountsReadingAndModesDoNot() throws Exception {
        Path file = old(root.resolve("file"), "x");
        watch(Duration.ZERO);
        assertThat(Files.readString(file)).isEqualTo("x");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
        Files.setAttribute(file, "lastAccessTime", FileTime.from(Instant.now()));
        expectNothing();
        settle();
        Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
        expect(file);
    }

    @Test
    void filtersAreRelativeToTheDirectory() throws Exception {
        Files.createDirectories(root.resolve("src/gen"));
        Files.createDirectories(root.resolve(".git"));
        watch(WatchSpec.builder(List.of(root))
                .include(List.of("src", "sent*"))
                .exclude(List.of("src/gen", "**/*.pyc"))
                .build());
        write(root.resolve("top.py"), "x");
        write(root.resolve("src/gen/a.py"), "x");
        write(root.resolve("src/a.pyc"), "x");
        write(root.resolve("src/.a.py.swp"), "x");
        write(root.resolve(".git/index"), "x");
        expectNothing();
        settle();
        expect(write(root.resolve("src/a.py"), "x"));
    }

    @Test
    void ignoredFilesAndDirectoriesNeverCount() throws Exception {
        Path link = Files.createSymbolicLink(base.resolve("link"), root);
        Path logs = Files.createDirectory(root.resolve("logs"));
        Set<Path> ignored = Set.of(link.resolve("own.log"), logs);
        watch(WatchSpec.builder(List.of(root)).ignored(ignored).build());
        write(root.resolve("own.log"), "x");
        write(logs.resolve("w1.log"), "x");
        Files.createSymbolicLink(root.resolve("current.log"), root.resolve("own.log"));
        write(root.resolve("own.log"), "xx");
        expectNothing();
    }

    @Test
    void filesInBrandNewDirectoriesAreNotMissed() throws Exception {
        watch(Duration.ZERO);
        List<Path> files = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            Path directory = Files.createDirectories(root.resolve("a" + i + "/b/c"));
            files.add(write(directory.resolve("deep"), "x"));
            files.add(write(root.resolve("a" + i + "/shallow"), "x"));
        }
        expect(files.toArray(new Path[0]));
        // And they are watched from then on.
        settle();
        expect(write(root.resolve("a99/b/c/later"), "x"));
    }

    @Test
    void aTreeMovedInIsSeenAndMovedAwayIsGone() throws Exception {
        Path deep = old(outside.resolve("tree/deep/file"), "x");
        watch(LONG);
        Files.move(outside.resolve("tree"), root.resolve("tree"));
        expectOnce(root.resolve("tree/deep/file"));
        Files.move(root.resolve("tree"), root.resolve("other"));
        expectOnce(root.resolve("tree/deep/file"), root.resolve("other/deep/file"));
        Files.move(root.resolve("other"), outside.resolve("tree"));
        expectOnce(root.resolve("other/deep/file"));
        write(deep, "no longer watched");
        expectNothing();
    }

    @Test
    void aDeletedDirectoryThatComesBackIsPickedUp() throws Exception {
        Path sub = Files.createDirectory(root.resolve("sub"));
        watch(Duration.ZERO);
        for (int i = 0; i < 30; i++) {
            expect(write(sub.resolve("first" + i), "x"), write(sub.resolve("second" + i), "x"));
            deleteTree(sub);
            Files.createDirectory(sub);
        }
    }

    @Test
    void theWatchedDirectoryItselfMayGoAndComeBack() throws Exception {
        Path watched = Files.createDirectories(root.resolve("a/b"));
        watch(WatchSpec.builder(List.of(watched)).build());
        for (int i = 0; i < 10; i++) {
            expect(write(watched.resolve("first" + i), "x"));
            deleteTree(root.resolve("a"));
            Files.createDirectories(watched);
            expect(write(watched.resolve("second" + i), "x"));
            // Another one is put in its place.
            Files.createDirectory(outside.resolve("new" + i));
            write(outside.resolve("new" + i).resolve("third" + i), "x");
            Files.move(watched, outside.resolve("old" + i));
            Files.move(outside.resolve("new" + i), watched);
            expect(watched.resolve("third" + i));
            // The same with a directory above it.
            Files.createDirectories(outside.resolve("up" + i + "/b"));
            Files.move(root.resolve("a"), outside.resolve("oldup" + i));
            Files.move(outside.resolve("up" + i), root.resolve("a"));
        }
    }

    @Test
    void aFileThatBecomesADirectoryAndBack() throws Exception {
        Path thing = old(root.resolve("thing"), "1");
        watch(LONG);
        Files.delete(thing);
        Files.createDirectory(thing);
        write(thing.resolve("inner"), "x");
        expectOnce(thing, thing.resolve("inner"));
        deleteTree(thing);
        write(thing, "2");
        expectOnce(thing, thing.resolve("inner"));
    }

    @Test
    void severalDirectoriesAndWatchesDoNotDisturbEachOther() throws Exception {
        watch(WatchSpec.builder(List.of(root, outside)).build());
        AtomicInteger other = new AtomicInteger();
        Subscription second = watcher.watch(spec(Duration.ZERO), change -> other.incrementAndGet());
        expect(write(outside.resolve("b"), "x"));
        expect(write(root.resolve("a"), "x"));
        await().atMost(Duration.ofMinutes(1)).until(() -> other.get() > 0);
        second.close();
        settle();
        expect(write(root.resolve("c"), "x"));
    }

    @Test
    void lostNotificationsAreMadeUpForAndSaid() throws Exception {
        Path sub = Files.createDirectory(root.resolve("sub"));
        Watch watch = (Watch) watch(Duration.ZERO);
        Change change = Change.of(List.of(), false);
        // The real notification of a file may come first and leave nothing to make up for; not every time.
        for (int i = 0; i < 1000 && !change.overflow(); i++) {
            Path made = write(sub.resolve("made" + i), "x");
            watch.look(sub, Set.of(), true, true);
            Set<Path> seen = new TreeSet<>();
            while (!seen.contains(made)) {
                change = next();
                seen.addAll(change.paths());
            }
        }
        assertThat(change.overflow()).isTrue();
        assertThat(change.paths()).contains(sub).anyMatch(path -> sub.equals(path.getParent()));
    }

    @Test
    void lostNotificationsOfWhatDoesNotCountAreNoChange() throws Exception {
        old(root.resolve("file"), "1");
        Watch watch = (Watch) watch(Duration.ZERO);
        watch.look(root, Set.of(), true, true);
        // Whether or not the loss is handled together with this file, nothing is told without it.
        Path made = write(root.resolve("made"), "x");
        assertThat(next().paths()).contains(made);
    }

    @Test
    void aFloodIsSeenWhole() throws Exception {
        watch(Duration.ofMillis(100));
        Set<Path> wanted = new TreeSet<>();
        for (int i = 0; i < 3000; i++) {
            wanted.add(write(root.resolve("f" + i), "x"));
        }
        Set<Path> seen = new TreeSet<>();
        while (!seen.containsAll(wanted)) {
            seen.addAll(next().paths());
        }
    }

    @Test
    void aClosedWatchIsSilentAndClosingAgainDoesNothing() throws Exception {
        Subscription closed = watcher.watch(spec(Duration.ZERO), change -> changes.add(Change.of(List.of(), true)));
        watch(Duration.ZERO);
        closed.close();
        closed.close();
        expectNothing();
    }

    @Test
    void aPendingBurstIsNotReportedAfterClose() throws Exception {
        Subscription pending = watcher.watch(spec(LONG), change -> changes.add(Change.of(List.of(), true)));
        watch(LONG.multipliedBy(2));
        Path file = write(root.resolve("file"), "x");
        pending.close();
        assertThat(next()).isEqualTo(Change.of(List.of(file), false));
    }

    @Test
    void aListenerMayCloseItsOwnWatch() throws Exception {
        AtomicReference<Subscription> own = new AtomicReference<>();
        CountDownLatch called = new CountDownLatch(1);
        own.set(watcher.watch(spec(Duration.ZERO), change -> {
            Objects.requireNonNull(own.get()).close();
            called.countDown();
            changes.add(Change.of(List.of(), true));
        }));
        write(root.resolve("file"), "x");
        assertThat(called.await(60, TimeUnit.SECONDS)).isTrue();
        next();
        // The next watch may begin so soon that it hears of this file too.
        allow(root.resolve("file"));
        watch(Duration.ZERO);
        expectNothing();
    }

    @Test
    void aListenerThatThrowsDoesNotStopItsWatch() throws Exception {
        watcher.watch(spec(Duration.ZERO), change -> {
            changes.add(change);
            throw new IllegalStateException("thrown by a test");
        });
        expect(write(root.resolve("a"), "x"));
        settle();
        expect(write(root.resolve("b"), "x"));
    }

    @Test
    void aSlowListenerDelaysNobodyElseAndIsNeverCalledTwiceAtOnce() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch entered = new CountDownLatch(1);
        watcher.watch(spec(Duration.ZERO), change -> {
            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
            entered.countDown();
            try {
                release.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            inside.decrementAndGet();
        });
        watch(Duration.ZERO);
        expect(write(root.resolve("a"), "x"));
        assertThat(entered.await(60, TimeUnit.SECONDS)).isTrue();
        settle();
        expect(write(root.resolve("b"), "x"));
        release.countDown();
        await().atMost(Duration.ofMinutes(1)).until(() -> inside.get() == 0);
        assertThat(most).hasValue(1);
    }

    @Test
    void whatCannotBeWatchedIsRefusedWithTheReason() throws Exception {
        Path missing = root.resolve("missing");
        assertThatThrownBy(() -> watch(WatchSpec.builder(List.of(root, missing)).build()))
                .isInstanceOf(IOException.class)
                .hasMessage("cannot watch " + missing + ": there is no such directory");
        Path file = write(root.resolve("file"), "x");
        assertThatThrownBy(() -> watch(WatchSpec.builder(List.of(file)).build()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file + ": it is not a directory");
        assertThatThrownBy(() -> watch(WatchSpec.builder(List.of()).build()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("name at least one");
        watcher.stop();
        assertThatThrownBy(() -> watch(Duration.ZERO))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("stopped");
    }

    @Test
    void tooManyDirectoriesAreRefusedWithAdvice() throws Exception {
        // 210 entries that are 11,000 directories where links are followed.
        Path many = Files.createDirectory(outside.resolve("many"));
        for (int i = 0; i < 100; i++) {
            Files.createDirectory(many.resolve("d" + i));
        }
        for (int i = 0; i < 110; i++) {
            Files.createSymbolicLink(root.resolve("l" + i), many);
        }
        assertThatThrownBy(() -> watch(Duration.ZERO))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("more than 10000 directories below [" + root + "]")
                .hasMessageContaining("exclude");
        Files.delete(root.resolve("l0"));
        // The refused watch holds nothing, and the watcher still works.
        for (int i = 1; i < 110; i++) {
            Files.delete(root.resolve("l" + i));
        }
        watch(Duration.ZERO);
        expect(write(root.resolve("file"), "x"));
    }
}
