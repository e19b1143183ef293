package io.millwright.wamp.router.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.wamp.router.RouterLoop;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TurnsTest {
    private final List<Integer> done = new ArrayList<>();

    /** A loop whose rounds the test makes. */
    private static final class TestLoop implements RouterLoop {
        final Queue<Runnable> now = new ArrayDeque<>();
        final Queue<Runnable> later = new ArrayDeque<>();

        @Override
        public void execute(Runnable task) {
            now.add(task);
        }

        @Override
        public void later(Runnable task) {
            later.add(task);
        }
    }

    private void endless(Turns turns, int left) {
        turns.execute(() -> {
            done.add(left);
            if (left > 0) {
                endless(turns, left - 1);
            }
        });
    }

    /** As many as wait are done, what comes meanwhile is done when the loop has looked around. */
    @Test
    void aLoopGetsItsShareHoweverManyTurnsCome() {
        TestLoop loop = new TestLoop();
        Turns turns = new Turns(loop, e -> {});
        endless(turns, 150);
        for (int i = 0; i < 100; i++) {
            turns.execute(() -> {});
        }
        assertThat(loop.now).hasSize(1);
        loop.now.remove().run();
        assertThat(done).hasSize(1);
        int rounds = 0;
        while (!loop.later.isEmpty()) {
            assertThat(loop.later).hasSize(1);
            loop.later.remove().run();
            rounds++;
        }
        assertThat(rounds).isBetween(2, 4);
        assertThat(loop.now).isEmpty();
        assertThat(done).hasSize(151);
        turns.execute(() -> done.add(0));
        assertThat(loop.now).hasSize(1);
    }

    @Test
    void anyOtherExecutorDoesThemAll() {
        Queue<Runnable> tasks = new ArrayDeque<>();
        Turns turns = new Turns(tasks::add, e -> {});
        for (int i = 0; i < 150; i++) {
            int number = i;
            turns.execute(() -> done.add(number));
        }
        tasks.remove().run();
        assertThat(tasks).isEmpty();
        assertThat(done).isEqualTo(IntStream.range(0, 150).boxed().toList());
    }
}
