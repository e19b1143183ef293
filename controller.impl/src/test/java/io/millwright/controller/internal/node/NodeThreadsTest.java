package io.millwright.controller.internal.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.controller.internal.self.Affinity;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NodeThreadsTest {
    private static final long LIMIT = 20;

    private final Semaphore rests = new Semaphore(0);
    private NodeThreads threads = new NodeThreads(new Affinity(), Duration.ofMillis(5), rests::release);

    @AfterEach
    void close() {
        threads.close();
    }

    @Test
    void aNodeIsAtRestOnceNobodyIsAnsweredAnyMoreAndEachTimeAgain() throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        threads.callbacks.execute(() -> await(held));
        for (int i = 0; i < 10; i++) {
            threads.callbacks.execute(() -> {});
        }
        threads.callbacks.submit(() -> {}).get(LIMIT, TimeUnit.SECONDS);
        assertThat(rests.tryAcquire(30, TimeUnit.MILLISECONDS))
                .as("at rest while a caller is answered")
                .isFalse();
        held.countDown();
        assertThat(rests.tryAcquire(LIMIT, TimeUnit.SECONDS)).isTrue();
        threads.callbacks.execute(() -> {});
        assertThat(rests.tryAcquire(LIMIT, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void theEndOfANodeIsNoRest() throws Exception {
        threads.close();
        threads = new NodeThreads(new Affinity(), Duration.ofMinutes(1), rests::release);
        threads.callbacks.submit(() -> {}).get(LIMIT, TimeUnit.SECONDS);
        threads.close();
        assertThat(threads.callbacks.awaitTermination(LIMIT, TimeUnit.SECONDS)).isTrue();
        assertThat(rests.tryAcquire(30, TimeUnit.MILLISECONDS)).isFalse();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
