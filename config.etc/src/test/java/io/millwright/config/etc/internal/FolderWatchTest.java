package io.millwright.config.etc.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

/** Looks are taken at once, but for those that repeat, which are only noted. */
class FolderWatchTest {
    private final Queue<Path> told = new ConcurrentLinkedQueue<>();
    private final Queue<Long> repeated = new ConcurrentLinkedQueue<>();

    private final ScheduledThreadPoolExecutor pool = new ScheduledThreadPoolExecutor(1) {
        @Override
        public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
            return super.schedule(task, 0, unit);
        }

        @Override
        public ScheduledFuture<?> scheduleWithFixedDelay(Runnable task, long first, long delay, TimeUnit unit) {
            repeated.add(unit.toSeconds(delay));
            return super.scheduleWithFixedDelay(task, 1, 1, TimeUnit.DAYS);
        }
    };

    @TempDir
    Path temp;

    private Path etc;
    private FolderWatch watch;

    @BeforeEach
    void open() throws IOException {
        pool.setRemoveOnCancelPolicy(true);
        etc = Files.createDirectory(temp.resolve("etc"));
        ServiceRegistration<?> registration = fake(ServiceRegistration.class, null);
        watch = new FolderWatch(fake(BundleContext.class, registration), List.of(etc), pool, told::add);
    }

    @AfterEach
    void close() {
        watch.close();
        pool.shutdownNow();
    }

    /** Returns one thing from whatever registers a service. */
    private static <T> T fake(Class<T> type, Object registration) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> method.getName().equals("registerService") ? registration : null));
    }

    /** A file that comes before the folder is watched has no event. */
    private void awaitWatched() {
        told.clear();
        await().until(() -> {
            Files.createTempFile(etc, "new", ".cfg");
            return !told.isEmpty();
        });
    }

    @Test
    void aFolderThatTakesThePlaceOfAnotherIsWatched() throws IOException {
        for (int i = 0; i < 3; i++) {
            Files.move(etc, temp.resolve("etc." + i));
            Files.createDirectory(etc);
            awaitWatched();
        }
    }

    @Test
    void aFolderThatWasMovedIsWatchedNoMore() throws IOException {
        Path old = Files.move(etc, temp.resolve("old"));
        Files.createDirectory(etc);
        awaitWatched();
        told.clear();
        Files.createFile(old.resolve("old.cfg"));
        Files.createFile(etc.resolve("last.cfg"));
        await().until(() -> told.contains(etc.resolve("last.cfg")));
        assertThat(told).doesNotContain(etc.resolve("old.cfg"));
    }

    /** The target of a link is in another folder, of which there are no events. */
    @Test
    void linksAreLookedAtWhileThereAreSome() throws IOException {
        awaitWatched();
        assertThat(repeated).isEmpty();
        Path link = Files.createSymbolicLink(etc.resolve("link.cfg"), temp.resolve("elsewhere"));
        await().until(() -> !repeated.isEmpty());
        assertThat(repeated).containsExactly(10L);
        awaitWatched();
        assertThat(repeated).hasSize(1);
        Files.delete(link);
        await().until(() -> pool.getQueue().isEmpty());
    }
}
