package io.millwright.controller.internal.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventThreadTest {
    private final ConcurrentLinkedQueue<Runnable> looks = new ConcurrentLinkedQueue<>();
    private final EventThread thread = new EventThread((nanos, task) -> looks.add(task), 0);
    private final EventSink sink = new EventSink(event -> {});
    private final List<String> seen = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        thread.close();
    }

    private void look() {
        Runnable task = looks.poll();
        if (task != null) {
            task.run();
        }
    }

    @Test
    void whatIsLeftOfATaskComesBeforeThoseBehindIt() throws InterruptedException {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch back = new CountDownLatch(1);
        Runnable call = () -> {
            inside.countDown();
            try {
                back.await();
            } catch (InterruptedException e) {
                seen.add("interrupted");
            }
            seen.add("back");
        };
        thread.add(List.of(
                () -> thread.call(sink, call, () -> seen.add("rest of the first")), () -> seen.add("the second")));
        inside.await();
        look();
        await().until(() -> seen.contains("the second"));
        assertThat(seen).containsExactly("rest of the first", "the second");
        assertThat(sink.trouble()).isNotNull();
        back.countDown();
        await().until(() -> seen.contains("back"));
        await().until(() -> sink.trouble() == null);
        thread.add(List.of(() -> thread.call(sink, () -> seen.add("again"), () -> seen.add("its rest"))));
        await().until(() -> seen.contains("its rest"));
        assertThat(seen).containsExactly("rest of the first", "the second", "back", "again", "its rest");
    }

    @Test
    void theTimerLooksOnlyAfterACall() {
        thread.add(List.of(() -> seen.add("1")));
        await().until(() -> seen.contains("1"));
        assertThat(looks).isEmpty();
        thread.add(List.of(() -> thread.call(sink, () -> {}, () -> seen.add("2"))));
        thread.add(List.of(() -> thread.call(sink, () -> {}, () -> seen.add("3"))));
        await().until(() -> seen.contains("3"));
        assertThat(looks).hasSize(1);
        look();
        assertThat(looks).as("there is nothing to look at").isEmpty();
        assertThat(sink.trouble()).isNull();
    }

    /** Looks at any moment of calls that come back: nothing is lost, doubled or overtaken, whichever thread goes on. */
    @Test
    void eachTaskRunsOnceAndInItsOrderWheneverItIsLooked() {
        List<Integer> order = new ArrayList<>();
        AtomicInteger calls = new AtomicInteger();
        int most = 20_000;
        for (int i = 0; i < most; i++) {
            int number = i;
            thread.add(List.of(() -> thread.call(sink, calls::incrementAndGet, () -> {
                synchronized (order) {
                    order.add(number);
                }
            })));
            look();
        }
        await().until(() -> {
            look();
            synchronized (order) {
                return order.size() == most;
            }
        });
        synchronized (order) {
            assertThat(order).isSorted().doesNotHaveDuplicates();
        }
        assertThat(calls).hasValue(most);
    }

    /** The kind: the limit of processes is reached, and a thread cannot be started; what waits comes when it can. */
    @Test
    void whatWaitsForAThreadIsNotLost() {
        AtomicInteger refused = new AtomicInteger(2);
        try (EventThread poor = new EventThread((nanos, task) -> looks.add(task), 0, made -> {
            if (refused.getAndDecrement() > 0) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            made.start();
        })) {
            poor.add(List.of(() -> seen.add("1")));
            poor.add(List.of(() -> seen.add("2")));
            assertThat(looks).hasSize(2);
            look();
            look();
            await().until(() -> seen.contains("2"));
            assertThat(seen).containsExactly("1", "2");
        }
    }

    @Test
    void afterItsEndItTakesNothing() {
        thread.close();
        assertThat(thread.add(List.of(() -> seen.add("late")))).isFalse();
        assertThat(seen).isEmpty();
    }
}
