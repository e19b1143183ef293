package io.millwright.controller.internal.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PluginPoolTest {
    private static final Duration LIMIT = Duration.ofMillis(200);

    private final HandTimer time = new HandTimer();
    private final PluginPool pool = new PluginPool("test-plugin", 4, LIMIT, time::nanos, time);
    private final Semaphore inside = new Semaphore(0);
    private final CountDownLatch release = new CountDownLatch(1);

    @AfterEach
    void close() {
        release.countDown();
        pool.close();
    }

    /** A plug-in that does not listen to interrupts. */
    private String deaf() {
        inside.release();
        while (true) {
            try {
                release.await();
                return "late";
            } catch (InterruptedException ignoredOnPurpose) {
                // Goes on.
            }
        }
    }

    private static void assertLate(CompletableFuture<?> call, String message) {
        assertThatThrownBy(call::get)
                .hasRootCauseInstanceOf(TimeoutException.class)
                .hasMessageContaining(message);
    }

    @Test
    void whatACallThrowsReachesTheCaller() {
        CompletableFuture<String> call = pool.call("it", () -> {
            throw new IllegalStateException("broken");
        });
        assertThatThrownBy(call::get).isInstanceOf(ExecutionException.class).hasRootCauseMessage("broken");
    }

    @Test
    void aLateCallIsReportedAndOthersGoOnThoughAllThreadsAreStuck() throws Exception {
        List<CompletableFuture<String>> stuck = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            String what = "worker type 'slow" + i + "'";
            stuck.add(pool.call(what, this::deaf));
        }
        for (int round = 0; round < 2; round++) {
            inside.acquire(4);
            time.move(LIMIT);
        }
        for (int i = 0; i < 8; i++) {
            assertLate(stuck.get(i), "worker type 'slow" + i + "' did not answer within 200 ms");
        }
        assertThat(pool.call("it", () -> "fine").get()).isEqualTo("fine");
    }

    /**
     * The kind: a plug-in that never comes back takes the threads of others. After four stuck calls of one it is refused at
     * once, so that its hundredth worker does not hold up the first of another type; it is called again when one has ended.
     */
    @Test
    void aPluginThatDoesNotComeBackIsNotCalledForEver() throws Exception {
        List<CompletableFuture<String>> calls = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            calls.add(pool.call("worker type 'slow'", this::deaf));
        }
        inside.acquire(4);
        CompletableFuture<String> other = pool.call("worker type 'quick'", () -> "fine");
        time.move(LIMIT);
        assertThat(other.get()).isEqualTo("fine");
        for (CompletableFuture<String> call : calls.subList(4, 100)) {
            assertLate(call, "worker type 'slow' is not called, because it has not come back from 4 calls before");
        }
        assertThat(pool.problems())
                .containsExactly("worker type 'slow' has not come back from 4 call(s), which are over their time;"
                        + " it is not called until one of them ends");
        release.countDown();
        org.awaitility.Awaitility.await().until(() -> pool.problems().isEmpty());
        assertThat(pool.call("worker type 'slow'", () -> "well again").get()).isEqualTo("well again");
    }

    @Test
    void aCallAloneHasItsOwnLimitWhateverThePoolHas() throws Exception {
        CompletableFuture<Void> late = new CompletableFuture<>();
        CompletableFuture<String> patient = pool.alone("participant 'patient'", Duration.ofMinutes(1), () -> {
            inside.release();
            late.join();
            return "done";
        });
        CompletableFuture<String> hasty = pool.alone("participant 'hasty'", Duration.ofMillis(10), this::deaf);
        CompletableFuture<String> pooled = pool.call("worker type 'slow'", this::deaf);
        inside.acquire(3);
        time.move(Duration.ofMillis(10));
        assertLate(hasty, "participant 'hasty' did not answer within 10 ms");
        assertThat(pooled).isNotDone();
        time.move(LIMIT);
        assertLate(pooled, "did not answer within 200 ms");
        late.complete(null);
        assertThat(patient.get()).isEqualTo("done");
    }

    /**
     * An interrupt hits only the call it is for. The timer is held here just before it interrupts, until the late call has
     * ended: its thread then either is in the next call, which must not be interrupted, or waits for the interrupt.
     */
    @Test
    void anInterruptNeverHitsTheCallAfterTheLateOne() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        CountDownLatch nextBegan = new CountDownLatch(1);
        CompletableFuture<CompletableFuture<Boolean>> next = new CompletableFuture<>();
        CompletableFuture<PluginPool> made = new CompletableFuture<>();
        CompletableFuture<Void> interrupted = new CompletableFuture<>();
        class Watched extends Thread {
            Watched(Runnable task) {
                super(task);
                setDaemon(true);
            }

            @Override
            public void interrupt() {
                end.countDown();
                // While the late call is counted, a second thread would take the next one.
                while (!made.join().problems().isEmpty()) {
                    Thread.onSpinWait();
                }
                next.complete(made.join().call("next", () -> {
                    nextBegan.countDown();
                    interrupted.join();
                    return Thread.currentThread().isInterrupted();
                }));
                while (nextBegan.getCount() > 0 && getState() != State.BLOCKED) {
                    Thread.onSpinWait();
                }
                super.interrupt();
                interrupted.complete(null);
            }
        }
        try (PluginPool one = new PluginPool(1, LIMIT, time::nanos, time, Watched::new, Watched::new)) {
            made.complete(one);
            CompletableFuture<String> late = one.call("slow", () -> {
                inside.release();
                end.await();
                return "just too late";
            });
            inside.acquire();
            time.move(LIMIT);
            assertLate(late, "slow did not answer within 200 ms");
            assertThat(next.get().get()).isFalse();
        }
    }

    @Test
    void whatWaitsOrIsUnderWayWhenThePoolEndsHasAnAnswer() throws Exception {
        List<CompletableFuture<String>> calls = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            calls.add(pool.call("slow", this::deaf));
        }
        inside.acquire(4);
        pool.close();
        for (CompletableFuture<String> call : calls) {
            assertThatThrownBy(call::get).hasMessageContaining("the node controller has ended");
        }
    }
}
