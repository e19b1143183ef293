package io.millwright.controller.internal.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PluginPoolTest {
    private final PluginPool pool = new PluginPool(Duration.ofMillis(200));
    private final CountDownLatch release = new CountDownLatch(1);

    @AfterEach
    void close() {
        release.countDown();
        pool.close();
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
        List<CompletableFuture<Object>> stuck = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            stuck.add(pool.call("worker type 'slow'", () -> {
                boolean interrupted = true;
                while (interrupted) {
                    try {
                        release.await();
                        interrupted = false;
                    } catch (InterruptedException ignoredOnPurpose) {
                        // This plug-in does not listen.
                    }
                }
                return "late";
            }));
        }
        for (CompletableFuture<Object> call : stuck) {
            assertThatThrownBy(call::get)
                    .hasRootCauseInstanceOf(TimeoutException.class)
                    .hasMessageContaining("worker type 'slow' did not answer within 200 ms");
        }
        assertThat(pool.call("it", () -> "fine").get()).isEqualTo("fine");
    }

    @Test
    void aCallAloneHasItsOwnLimitWhateverThePoolHas() throws Exception {
        CompletableFuture<Void> late = new CompletableFuture<>();
        CompletableFuture<String> patient = pool.alone("participant 'patient'", Duration.ofMinutes(1), () -> {
            late.join();
            return "done";
        });
        CompletableFuture<Object> hasty = pool.alone("participant 'hasty'", Duration.ofMillis(10), () -> {
            release.await();
            return "never";
        });
        CompletableFuture<Object> pooled = pool.call("worker type 'slow'", () -> {
            release.await();
            return "never";
        });
        assertThatThrownBy(hasty::get)
                .hasRootCauseInstanceOf(TimeoutException.class)
                .hasMessageContaining("participant 'hasty' did not answer within 10 ms");
        assertThatThrownBy(pooled::get).hasMessageContaining("did not answer within 200 ms");
        late.complete(null);
        assertThat(patient.get()).isEqualTo("done");
    }
}
