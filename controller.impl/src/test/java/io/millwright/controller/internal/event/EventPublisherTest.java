package io.millwright.controller.internal.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millwright.controller.api.NodeEvent;
import io.millwright.controller.api.event.EventProperties;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventPublisherTest {
    private final EventPublisher publisher = new EventPublisher(Runnable::run, Runnable::run, "life", () -> "node");
    private final List<String> seen = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        publisher.close();
    }

    private void publish(String topic) {
        publisher.publish(NodeEvent.of(topic, Instant.EPOCH, Map.of()));
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
}
