package io.millwright.watcher.fs.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.controller.api.watch.FileWatcher.Change;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class BurstTest {
    private static final Path A = Path.of("/a");
    private static final Path B = Path.of("/b");
    private long now = -50;

    private Burst burst(long quiet) {
        return new Burst(Duration.ofNanos(quiet), () -> now);
    }

    @Test
    void nothingIsNeverDue() {
        assertThat(burst(10).remaining()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void itIsDueAfterAQuietTime() {
        Burst burst = burst(10);
        burst.written(B);
        now += 9;
        assertThat(burst.remaining()).isEqualTo(1);
        burst.written(A);
        burst.written(B);
        assertThat(burst.remaining()).isEqualTo(10);
        now += 11;
        assertThat(burst.remaining()).isZero();
        assertThat(burst.take()).isEqualTo(Change.of(List.of(A, B), false));
        assertThat(burst.remaining()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void whatNeverComesToRestIsDueAfterTenTimesThat() {
        Burst burst = burst(10);
        for (int i = 0; i < 20; i++) {
            burst.written(A);
            assertThat(burst.remaining()).isEqualTo(Math.min(10, 100 - 5L * i));
            now += 5;
        }
        assertThat(burst.remaining()).isZero();
        burst.take();
        burst.written(A);
        assertThat(burst.remaining()).isEqualTo(10);
    }

    @Test
    void withoutDebounceItIsDueAtOnce() {
        Burst burst = burst(0);
        burst.written(A);
        assertThat(burst.remaining()).isZero();
    }

    @Test
    void overflowNamesTheDirectoryAndIsForgottenAfterwards() {
        Burst burst = burst(10);
        burst.lost(A);
        assertThat(burst.take()).isEqualTo(Change.of(List.of(A), true));
        burst.written(B);
        assertThat(burst.take()).isEqualTo(Change.of(List.of(B), false));
    }

    @Test
    void theListIsBoundedAndSaysSo() {
        Burst burst = burst(10);
        for (int i = 0; i < 20_000; i++) {
            burst.made(Path.of("/" + i));
        }
        Change change = burst.take();
        assertThat(change.paths()).hasSize(10_000);
        assertThat(change.overflow()).isTrue();
    }

    @Test
    void whatComesAndGoesIsNoChangeAndWhatGoesAndComesIsOne() {
        Burst burst = burst(10);
        burst.made(A);
        burst.written(A);
        burst.gone(A);
        burst.gone(B);
        burst.made(B);
        assertThat(burst.take()).isEqualTo(Change.of(List.of(B), false));
        burst.made(A);
        burst.gone(A);
        assertThat(burst.take()).isEqualTo(Change.of(List.of(), false));
    }
}
