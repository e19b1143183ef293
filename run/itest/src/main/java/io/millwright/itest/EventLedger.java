package io.millwright.itest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.millwright.controller.api.NodeController;
import io.millwright.controller.api.NodeEvent;
import io.millwright.controller.api.Subscription;
import io.millwright.controller.api.event.EventProperties;
import io.millwright.controller.api.event.NodeTopics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Hears all events of the node and holds them against each other. Thread-safe. */
final class EventLedger implements AutoCloseable {
    private final List<NodeEvent> all = new ArrayList<>();
    private final Map<String, List<NodeEvent>> byWorker = new TreeMap<>();
    private final Subscription subscription;
    private long lost;

    EventLedger(NodeController controller) {
        subscription = controller.followEvents((event, missed) -> hear(event, missed));
    }

    private synchronized void hear(NodeEvent event, long missed) {
        lost += missed;
        all.add(event);
        if (event.properties().get(EventProperties.WORKER_ID) instanceof String id) {
            byWorker.computeIfAbsent(id, key -> new ArrayList<>()).add(event);
        }
    }

    synchronized long count(String id, String topic) {
        return byWorker.getOrDefault(id, List.of()).stream()
                .filter(event -> event.topic().equals(topic))
                .count();
    }

    synchronized List<NodeEvent> all() {
        return List.copyOf(all);
    }

    synchronized List<NodeEvent> of(String id) {
        return List.copyOf(byWorker.getOrDefault(id, List.of()));
    }

    /** The processes of a worker, in the order of their starts. Fails unless each has exactly one exit, after its start. */
    synchronized List<Long> pairedRuns(String id) {
        assertThat(lost).as("events lost").isZero();
        List<Long> pids = new ArrayList<>();
        Long open = null;
        boolean starting = false;
        for (NodeEvent event : of(id)) {
            Object pid = event.properties().get(EventProperties.WORKER_PID);
            switch (event.topic()) {
                case NodeTopics.WORKER_STARTING -> {
                    assertThat(open)
                            .as("%s starts while it runs: %s", id, text(id))
                            .isNull();
                    starting = true;
                }
                case NodeTopics.WORKER_STARTED -> {
                    assertThat(starting)
                            .as("%s started without starting: %s", id, text(id))
                            .isTrue();
                    starting = false;
                    open = (Long) pid;
                    pids.add(open);
                }
                case NodeTopics.WORKER_EXITED -> {
                    if (starting && pid != null) {
                        // Stopped before it was started.
                        open = (Long) pid;
                        pids.add(open);
                    }
                    starting = false;
                    // One that waits for its restart has no process; its stop is told as an exit all the same.
                    assertThat(pid)
                            .as("%s exits that did not start: %s", id, text(id))
                            .isEqualTo(open);
                    open = null;
                }
                case NodeTopics.WORKER_FAILED -> fail("%s failed: %s".formatted(id, text(id)));
                default -> {}
            }
        }
        assertThat(open).as("%s has a start without an exit: %s", id, text(id)).isNull();
        return pids;
    }

    private synchronized String text(String id) {
        StringBuilder text = new StringBuilder();
        List<NodeEvent> events = of(id);
        for (NodeEvent event : events.subList(Math.max(0, events.size() - 12), events.size())) {
            text.append("\n  ").append(event.topic()).append(' ').append(event.properties());
        }
        return text.toString();
    }

    @Override
    public void close() {
        subscription.close();
    }
}
