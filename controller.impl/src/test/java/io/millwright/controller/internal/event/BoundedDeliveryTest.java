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
    void aSlowConsumerLosesTheNewestAndLearnsHowMany() throws InterruptedException {
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
        assertThat(got).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
        assertThat(losses).containsExactly(0L, 15L);
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
