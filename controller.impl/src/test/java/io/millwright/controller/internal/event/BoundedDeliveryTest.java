package io.millwright.controller.internal.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BoundedDeliveryTest {
    private final ExecutorService executor = Executors.newFixedThreadPool(2);
    private final List<Integer> got = Collections.synchronizedList(new ArrayList<>());
    private final List<Long> losses = Collections.synchronizedList(new ArrayList<>());

    @AfterEach
    void close() {
        executor.shutdownNow();
    }

    @Test
    void itemsComeInOrderAndAllOfThem() {
        BoundedDelivery<Integer> delivery =
                new BoundedDelivery<>(100_000, executor, (items, lost) -> got.addAll(items));
        for (int i = 0; i < 50_000; i++) {
            delivery.offer(i);
        }
        await().until(() -> got.size() == 50_000);
        assertThat(got).isSorted();
    }

    @Test
    void aSlowConsumerLosesTheOldestThatWaitAndLearnsHowManyBeforeTheNext() throws InterruptedException {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        BoundedDelivery<Integer> delivery = new BoundedDelivery<>(10, executor, (items, lost) -> {
            got.addAll(items);
            losses.add(lost);
            entered.countDown();
            try {
                go.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        delivery.offer(0);
        entered.await();
        for (int i = 1; i <= 25; i++) {
            delivery.offer(i);
        }
        go.countDown();
        await().until(() -> got.size() == 11);
        assertThat(got).containsExactly(0, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25);
        assertThat(losses).containsExactly(0L, 15L);
    }

    /** The kind: a loss that is told with the next item only is never told when no item follows. */
    @Test
    void aLossIsToldThoughNothingIsOfferedAfterIt() {
        List<Runnable> waiting = new ArrayList<>();
        BoundedDelivery<Integer> delivery = new BoundedDelivery<>(2, waiting::add, (items, lost) -> {
            got.addAll(items);
            losses.add(lost);
        });
        for (int i = 0; i < 5; i++) {
            delivery.offer(i);
        }
        waiting.remove(0).run();
        assertThat(got).containsExactly(3, 4);
        assertThat(losses).containsExactly(3L);
        assertThat(waiting).isEmpty();
    }

    @Test
    void anExecutorThatHasEndedEndsTheDeliveryAndNotItsGiver() {
        executor.shutdownNow();
        BoundedDelivery<Integer> delivery = new BoundedDelivery<>(2, executor, (items, lost) -> got.addAll(items));
        delivery.offer(1);
        delivery.offer(2);
        assertThat(got).isEmpty();
    }

    @Test
    void aThrowingConsumerGoesOnGettingItems() {
        BoundedDelivery<Integer> delivery = new BoundedDelivery<>(10, executor, (items, lost) -> {
            got.addAll(items);
            throw new IllegalStateException("listener is broken");
        });
        delivery.offer(1);
        await().until(() -> got.size() == 1);
        delivery.offer(2);
        await().until(() -> got.size() == 2);
    }

    @Test
    void nothingComesAfterTheClose() {
        BoundedDelivery<Integer> delivery =
                new BoundedDelivery<>(10, Runnable::run, (items, lost) -> got.addAll(items));
        delivery.close();
        delivery.offer(1);
        assertThat(got).isEmpty();
    }
}
