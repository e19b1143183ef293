package io.millwright.watcher.fs.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millwright.controller.api.Subscription;
import io.millwright.controller.api.watch.FileWatcher.Change;
import io.millwright.controller.api.watch.FileWatcher.Listener;
import io.millwright.controller.api.watch.WatchSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A watcher, a directory {@code root} to watch, one {@code outside} of it, and a listener that keeps what it is told. */
abstract class Fixture {
    /** Long enough for a test's own burst to be over on a busy machine. */
    static final Duration LONG = Duration.ofSeconds(1);

    private static final long DEADLINE_SECONDS = 60;

    final BlockingQueue<Change> changes = new LinkedBlockingQueue<>();
    /** What was expected before: without debounce one save may be told more than once, and late. */
    private final Set<Path> earlier = new TreeSet<>();

    private int sentinels;

    Path base = Path.of("");
    Path root = Path.of("");
    Path outside = Path.of("");
    LocalFileWatcher watcher = new LocalFileWatcher();

    @TempDir
    @Nullable
    Path temp;

    @BeforeEach
    void directories() throws IOException {
        base = Objects.requireNonNull(temp).toRealPath();
        root = Files.createDirectory(base.resolve("root"));
        outside = Files.createDirectory(base.resolve("outside"));
    }

    @AfterEach
    void nothingStays() {
        watcher.stop();
        await().atMost(Duration.ofSeconds(DEADLINE_SECONDS))
                .untilAsserted(() -> assertThat(threads()).isEmpty());
    }

    static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("millwright-"))
                .toList();
    }

    WatchSpec spec(Duration debounce) {
        return WatchSpec.builder(List.of(root)).debounce(debounce).build();
    }

    Subscription watch(Duration debounce) throws IOException {
        return watch(spec(debounce));
    }

    Subscription watch(WatchSpec spec) throws IOException {
        Listener listener = changes::add;
        return watcher.watch(spec, listener);
    }

    /** The next change; fails if none comes. */
    Change next() throws InterruptedException {
        Change change = changes.poll(DEADLINE_SECONDS, TimeUnit.SECONDS);
        assertThat(change).as("a change").isNotNull();
        return Objects.requireNonNull(change);
    }

    /** Waits until all of these have been reported, in one change or several, and nothing that was never expected. */
    void expect(Path... paths) throws InterruptedException {
        Set<Path> missing = new TreeSet<>(Arrays.asList(paths));
        earlier.addAll(missing);
        while (!missing.isEmpty()) {
            Change change = next();
            assertThat(earlier).containsAll(change.paths());
            missing.removeAll(change.paths());
        }
    }

    /** Lets a file be reported once more, whenever. */
    void allow(Path path) {
        earlier.add(path);
    }

    /** Says that what was done until now is reported as exactly this one change. */
    void expectOnce(Path... paths) throws Exception {
        Change change = next();
        assertThat(change.paths()).containsExactlyInAnyOrder(paths);
        assertThat(change.overflow()).isFalse();
        expectNothing();
    }

    /** Says that what was done until now is not reported: a file made afterwards is what is reported next. */
    void expectNothing() throws Exception {
        Path sentinel = sentinel();
        List<Path> news = List.of();
        while (news.isEmpty()) {
            news = new ArrayList<>(next().paths());
            news.removeAll(earlier);
        }
        assertThat(news).containsExactly(sentinel);
        earlier.add(sentinel);
    }

    /** Forgets what has been reported, and what was done until now. */
    void settle() throws Exception {
        Path sentinel = sentinel();
        List<Path> seen = new ArrayList<>();
        while (!seen.contains(sentinel)) {
            seen.addAll(next().paths());
        }
        earlier.add(sentinel);
    }

    private Path sentinel() throws IOException {
        return write(root.resolve("sentinel" + ++sentinels), "x");
    }

    static Path write(Path file, String text) throws IOException {
        return Files.writeString(file, text);
    }

    /** Makes a file that looks as if nobody has touched it for long. */
    static Path old(Path file, String text) throws IOException {
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        write(file, text);
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(3600)));
        return file;
    }

    /** Swaps a link as careful programs do: made under another name and renamed over the old one. */
    static void swapLink(Path link, Path target) throws IOException {
        Path made = link.resolveSibling(link.getFileName() + "_tmp");
        Files.createSymbolicLink(made, target);
        Files.move(made, link, StandardCopyOption.ATOMIC_MOVE);
    }

    static void deleteTree(Path directory) throws IOException {
        try (var paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
