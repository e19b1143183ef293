package io.millwright.controller.internal.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every participant of a shutdown is asked, at once with the others, and only its own deadline ends the wait for it. */
class ShutdownParticipantsTest {
    private static final int MANY = 12;

    @TempDir
    Path directory;

    @Test
    void allAreAskedThoughEachWaitsForAllOthers() throws Exception {
        CountDownLatch asked = new CountDownLatch(MANY);
        Set<Integer> released = ConcurrentHashMap.newKeySet();
        try (TestNode node = new TestNode(directory)) {
            List<Participant> all = new ArrayList<>();
            for (int i = 0; i < MANY; i++) {
                int number = i;
                all.add(new Participant("slow." + i, Duration.ofSeconds(20), info -> {
                    asked.countDown();
                    awaitUninterrupted(asked);
                    released.add(number);
                    return CompletableFuture.completedFuture(null);
                }));
            }
            node.node.setParticipants(all);
            assertThat(node.shutdown()).isZero();
            assertThat(released).hasSize(MANY);
        }
    }

    @Test
    void oneThatNeverAnswersIsLeftAndInterrupted() throws Exception {
        CountDownLatch interrupted = new CountDownLatch(1);
        try (TestNode node = new TestNode(directory)) {
            Participant stuck = new Participant("stuck", Duration.ofMillis(50), info -> {
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException asExpected) {
                    interrupted.countDown();
                }
                return CompletableFuture.completedFuture(null);
            });
            Participant silent = new Participant("silent", Duration.ofMillis(50), info -> new CompletableFuture<>());
            node.node.setParticipants(List.of(stuck, silent));
            assertThat(node.shutdown()).isZero();
            interrupted.await();
        }
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
