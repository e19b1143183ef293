package io.millwright.controller.internal.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millwright.controller.api.EventPage;
import io.millwright.controller.api.NodeEvent;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.Subscription;
import io.millwright.controller.api.event.EventProperties;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventPublisherTest {
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
    private final EventPublisher publisher = new EventPublisher(
            Runnable::run,
            Runnable::run,
            "life",
            () -> "node",
            (nanos, task) -> timer.schedule(task, nanos, TimeUnit.NANOSECONDS));
    private final List<String> seen = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        publisher.close();
        timer.shutdownNow();
    }

    private void publish(String topic) {
        publisher.publish(new UnnumberedEvent(topic, Instant.EPOCH, new HashMap<>()));
    }

    @Test
    void whatIsPublishedTogetherComesAfterTheWorkInItsOrder() throws InterruptedException {
        publisher.addSink(event -> seen.add(event.topic()));
        publisher.together(() -> {
            publish("1");
            publisher.afterwards(() -> seen.add("then"));
            publish("2");
            // Another thread's are not held, and come when the publishing thread is free: now.
            Thread other = new Thread(() -> publish("other"));
            other.start();
            await().until(() -> seen.contains("other"));
            assertThat(seen).containsExactly("other");
        });
        publish("3");
        await().until(() -> seen.contains("3"));
        assertThat(seen).containsExactly("other", "1", "then", "2", "3");
    }

    /** The kind: foreign code in the thread of events that does not come back; with it every answer to a caller waited. */
    @Test
    void aSinkThatDoesNotComeBackHoldsUpNothingElse() throws InterruptedException {
        CountDownLatch back = new CountDownLatch(1);
        List<String> slow = new CopyOnWriteArrayList<>();
        publisher.addSink(event -> seen.add("before " + event.topic()));
        publisher.addSink(event -> {
            slow.add(event.topic());
            awaitUninterruptibly(back);
        });
        publisher.addSink(event -> seen.add("behind " + event.topic()));
        publisher.together(() -> {
            publish("1");
            publisher.afterwards(() -> seen.add("answer"));
            publish("2");
        });
        await().until(() -> seen.contains("behind 2"));
        assertThat(seen).containsExactly("before 1", "behind 1", "answer", "before 2", "behind 2");
        assertThat(slow).containsExactly("1");
        assertThat(publisher.troubles())
                .singleElement()
                .asString()
                .matches("has not taken an event for \\d+ s; 1 wait for it");
        for (int i = 3; i < 1010; i++) {
            publish(String.valueOf(i));
        }
        await().until(() -> seen.contains("behind 1009"));
        assertThat(publisher.troubles()).singleElement().asString().endsWith("; 1000 wait for it, 8 are lost");
        back.countDown();
        await().until(() -> publisher.troubles().isEmpty());
        publish("last");
        await().until(() -> slow.contains("last"));
        List<String> expected = new ArrayList<>(List.of("1"));
        for (int i = 10; i < 1010; i++) {
            expected.add(String.valueOf(i));
        }
        expected.add("last");
        assertThat(slow).as("in order, without the oldest").isEqualTo(expected);
        assertThat(publisher.after(null).lost()).isZero();
    }

    @Test
    void aSinkInPlaceOfAnotherGetsEachEventFromThereOn() throws Exception {
        Consumer<NodeEvent> first = event -> seen.add("first " + event.topic());
        Consumer<NodeEvent> second = event -> seen.add("second " + event.topic());
        publisher.exchangeSink(null, () -> seen.add("never"), first);
        publish("1");
        CompletableFuture<Void> exchanged = publisher.exchangeSink(first, () -> seen.add("drained"), second);
        publish("2");
        exchanged.get(10, TimeUnit.SECONDS);
        publisher.exchangeSink(second, () -> {}, null).get(10, TimeUnit.SECONDS);
        publish("3");
        publisher.exchangeSink(null, () -> {}, first);
        publish("4");
        await().until(() -> seen.contains("first 4"));
        assertThat(seen).containsExactly("first 1", "drained", "second 2", "first 4");
        publisher.close();
        publisher.exchangeSink(first, () -> {}, second).get(10, TimeUnit.SECONDS);
    }

    /** Siblings: it hangs in an event, and in what is to drain it. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatWaitsForASinkThatHangsGoesToTheNext(boolean inEvent) throws Exception {
        CountDownLatch back = new CountDownLatch(1);
        Consumer<NodeEvent> stuck = event -> {
            seen.add("stuck " + event.topic());
            if (inEvent) {
                awaitUninterruptibly(back);
            }
        };
        publisher.exchangeSink(null, () -> {}, stuck);
        publish("1");
        publish("2");
        if (inEvent) {
            await().until(() -> !publisher.troubles().isEmpty());
        }
        publisher
                .exchangeSink(stuck, () -> awaitUninterruptibly(back), event -> seen.add("next " + event.topic()))
                .get(10, TimeUnit.SECONDS);
        publish("3");
        await().until(() -> seen.contains("next 3"));
        back.countDown();
        publish("4");
        await().until(() -> seen.contains("next 4"));
        assertThat(seen).containsExactly("stuck 1", inEvent ? "next 2" : "stuck 2", "next 3", "next 4");
        assertThat(publisher.troubles()).isEmpty();
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The kind: no thread is to be had. The answer of a caller comes when there is one again; a follower goes on with its next event. */
    @Test
    void nothingIsLostWhileThereIsNoThread() {
        AtomicInteger refused = new AtomicInteger(3);
        Executor poor = task -> {
            if (refused.getAndDecrement() > 0) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            task.run();
        };
        try (EventPublisher node = new EventPublisher(
                poor, poor, "life", () -> "node", (nanos, task) -> timer.schedule(task, nanos, TimeUnit.NANOSECONDS))) {
            List<Long> followed = new CopyOnWriteArrayList<>();
            Subscription subscription = node.follow((event, lost) -> followed.add(event.seq()));
            node.publish(new UnnumberedEvent("1", Instant.EPOCH, new HashMap<>()));
            node.publish(new UnnumberedEvent("2", Instant.EPOCH, new HashMap<>()));
            node.afterwards(() -> seen.add("answer"));
            await().until(() -> seen.contains("answer"));
            node.publish(new UnnumberedEvent("3", Instant.EPOCH, new HashMap<>()));
            await().until(() -> followed.size() == 3);
            assertThat(followed).containsExactly(1L, 2L, 3L);
            subscription.close();
        }
    }

    @Test
    void everyEventHasItsNumberItsLifeAndItsNode() {
        publish("1");
        publish("2");
        await().until(() -> publisher.after(null).events().size() == 2);
        assertThat(publisher.after(null).events()).extracting(NodeEvent::seq).containsExactly(1L, 2L);
        assertThat(publisher.after(null).events()).extracting(NodeEvent::life).containsOnly("life");
        assertThat(publisher.after(null).events())
                .allSatisfy(event -> assertThat(event.properties()).containsEntry(EventProperties.NODE_ID, "node"));
    }

    @Test
    void workThatFailsHasPublishedWhatItPublished() {
        publisher.addSink(event -> seen.add(event.topic()));
        assertThatThrownBy(() -> publisher.together(() -> {
                    publish("1");
                    throw new IllegalStateException("a fault");
                }))
                .hasMessage("a fault");
        publish("2");
        await().until(() -> seen.size() == 2);
        assertThat(seen).containsExactly("1", "2");
    }

    @Test
    void aTaskThatFailsTakesNoneOfTheOthersWithIt() {
        publisher.addSink(event -> seen.add(event.topic()));
        publisher.together(() -> {
            publisher.afterwards(() -> {
                throw new IllegalStateException("a fault");
            });
            publish("1");
        });
        await().until(() -> seen.contains("1"));
    }

    @Test
    void eventsAfterANumberAndHowManyOfThemAreGone() {
        for (int i = 0; i < 1010; i++) {
            publish(String.valueOf(i));
        }
        await().until(() -> publisher.after(null).events().size() == 1000
                && publisher.after(null).events().get(999).seq() == 1010);
        EventPage some = publisher.after(1007L);
        assertThat(some.events()).extracting(NodeEvent::seq).containsExactly(1008L, 1009L, 1010L);
        assertThat(some.lost()).isZero();
        assertThat(some.life()).isEqualTo("life");
        assertThat(publisher.after(1010L).events()).isEmpty();
        EventPage old = publisher.after(3L);
        assertThat(old.events())
                .hasSize(1000)
                .first()
                .extracting(NodeEvent::seq)
                .isEqualTo(11L);
        assertThat(old.lost()).as("4 to 10").isEqualTo(7);
        for (long none : new long[] {-1, 1011}) {
            assertThatThrownBy(() -> publisher.after(none))
                    .isInstanceOf(NodeException.class)
                    .hasMessage("there is no event " + none + " in this life of the node yet; the last one is 1010");
        }
    }

    @Test
    void aFollowerThatComesBackMissesNothingAndGetsNothingTwice() throws InterruptedException {
        Thread publishing = new Thread(() -> {
            for (int i = 0; i < 600; i++) {
                publish(String.valueOf(i));
            }
        });
        publishing.start();
        for (long from = 0; from < 600; ) {
            List<Long> got = new CopyOnWriteArrayList<>();
            long after = from;
            Subscription subscription = publisher.followAfter(after, (event, lost) -> {
                assertThat(lost).isZero();
                got.add(event.seq());
            });
            await().until(() -> !got.isEmpty());
            subscription.close();
            List<Long> numbers = List.copyOf(got);
            assertThat(numbers)
                    .isEqualTo(LongStream.rangeClosed(after + 1, after + numbers.size())
                            .boxed()
                            .toList());
            from = after + numbers.size();
        }
        publishing.join();
        List<Long> lost = new CopyOnWriteArrayList<>();
        for (int i = 0; i < 1000; i++) {
            publish("more");
        }
        await().until(() -> publisher.after(null).events().get(999).seq() == 1600);
        try (Subscription subscription = publisher.followAfter(0, (event, gone) -> lost.add(gone))) {
            await().until(() -> lost.size() == 1000);
        }
        assertThat(lost.get(0)).isEqualTo(600);
        assertThat(lost.subList(1, 1000)).containsOnly(0L);
    }
}
