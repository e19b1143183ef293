package io.millwright.remote.wamp.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OpeningTest {
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
    private final List<String> told = new CopyOnWriteArrayList<>();
    private final AtomicInteger attempts = new AtomicInteger();

    @AfterEach
    void end() {
        assertThat(timer.shutdownNow()).isEmpty();
    }

    private Opening opening(Duration interval, int failures) {
        return new Opening(
                timer,
                interval,
                () -> {
                    if (attempts.incrementAndGet() <= failures) {
                        throw new IOException("no " + attempts);
                    }
                    told.add("open");
                },
                (why, first) -> told.add(why.getMessage() + (first ? " first" : "")));
    }

    @Test
    void whatCanBeOpenedIsOpenedAtOnce() {
        opening(Duration.ofDays(1), 0).open();
        assertThat(told).containsExactly("open");
        assertThat(timer.getQueue()).isEmpty();
    }

    @Test
    void whatCannotBeNowIsTriedUntilItIs() {
        opening(Duration.ofMillis(1), 2).open();
        await().until(() -> told.contains("open"));
        assertThat(told).containsExactly("no 1 first", "no 2", "open");
    }

    @Test
    void whatIsClosedIsNotTriedAgain() {
        timer.setRemoveOnCancelPolicy(true);
        Opening opening = opening(Duration.ofDays(1), 9);
        opening.open();
        opening.close();
        assertThat(timer.getQueue()).isEmpty();
        opening.open();
        assertThat(told).containsExactly("no 1 first");
    }

    @Test
    void whatIsWrongInItselfIsNotTriedAgain() {
        Opening opening = new Opening(
                timer,
                Duration.ofDays(1),
                () -> {
                    throw new IllegalArgumentException("wrong");
                },
                (why, first) -> told.add(why.getMessage()));
        assertThatThrownBy(opening::open).hasMessage("wrong");
        assertThat(told).isEmpty();
        assertThat(timer.getQueue()).isEmpty();
    }
}
