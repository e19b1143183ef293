package io.millwright.controller.internal.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millwright.controller.api.LogEntry;
import io.millwright.controller.api.NodeEvent;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerListener;
import io.millwright.controller.api.event.EventProperties;
import io.millwright.controller.internal.log.LogBuffers;
import io.millwright.controller.internal.log.LogOptions;
import io.millwright.controller.internal.log.WorkerLog;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a worker listener is promised: one thread at a time, its own workers, and how much it missed. */
class WorkerListenersTest {
    @TempDir
    Path temp;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final EventPublisher publisher =
            new EventPublisher(Runnable::run, threads, "life", () -> "node", (nanos, task) -> {});
    private final Map<WorkerId, WorkerLog> logs = new HashMap<>();
    private final WorkerListeners listeners = new WorkerListeners(
            publisher,
            () -> logs,
            listener -> CompletableFuture.completedFuture(listener.service().wantsLog()),
            threads);
    private final Recorder recorder = new Recorder();

    @AfterEach
    void close() {
        recorder.go.countDown();
        listeners.close();
        publisher.close();
        threads.shutdownNow();
    }

    private static class Recorder implements WorkerListener {
        final List<String> lines = new CopyOnWriteArrayList<>();
        final List<String> events = new CopyOnWriteArrayList<>();
        final List<Long> losses = new CopyOnWriteArrayList<>();
        final AtomicInteger inside = new AtomicInteger();
        final AtomicInteger most = new AtomicInteger();
        final CountDownLatch entered = new CountDownLatch(1);
        final CountDownLatch go = new CountDownLatch(1);

        private void enter() {
            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
            Thread.yield();
            inside.decrementAndGet();
        }

        @Override
        public boolean wantsLog() {
            return true;
        }

        @Override
        public void onEvent(NodeEvent event, long lost) {
            enter();
            events.add(event.topic().substring(event.topic().lastIndexOf('/') + 1));
            losses.add(lost);
        }

        @Override
        public void onLog(WorkerId id, List<LogEntry> entries, long lost) {
            enter();
            entries.forEach(entry -> lines.add(id + " " + entry.text()));
        }
    }

    private static WorkerListeners.Listener listener(WorkerListener service, String... ids) {
        return new WorkerListeners.Listener("test", Set.of(ids), service);
    }

    private WorkerLog newLog(String id) {
        WorkerLog log = new WorkerLog(temp.resolve(id + ".log"), LogOptions.DEFAULT, new LogBuffers(), problem -> {});
        logs.put(new WorkerId(id), log);
        listeners.created(new WorkerId(id), log);
        return log;
    }

    private void publish(String worker, String step) {
        publisher.publish(new UnnumberedEvent(
                "io/millwright/worker/" + step,
                Instant.EPOCH,
                new HashMap<>(Map.of(EventProperties.WORKER_ID, worker))));
    }

    @Test
    void itIsCalledByOneThreadAtATimeWithEventsAndTheLogsOfAllWorkers() throws Exception {
        listeners.bind(listener(recorder));
        List<Thread> writers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            String id = "w" + i;
            WorkerLog log = newLog(id);
            writers.add(new Thread(() -> {
                for (int line = 0; line < 200; line++) {
                    log.note("line " + line);
                    publish(id, "STARTED");
                }
            }));
        }
        writers.forEach(Thread::start);
        for (Thread writer : writers) {
            writer.join();
        }
        await().until(() -> recorder.lines.size() == 800 && recorder.events.size() == 800);
        assertThat(recorder.most).hasValue(1);
    }

    @Test
    void aLogIsFollowedOnceWhateverItsRunsAndItsLinesComeInOrder() {
        listeners.bind(listener(recorder));
        WorkerLog log = newLog("w");
        List<String> written = new ArrayList<>();
        for (int run = 0; run < 100; run++) {
            log.note("run " + run);
            written.add("w run " + run);
            log.endForGood();
            log.reopen();
            listeners.created(new WorkerId("w"), log);
        }
        await().until(() -> recorder.lines.size() == 100);
        assertThat(recorder.lines).containsExactlyElementsOf(written);
        await().until(() -> listeners.subscriptions() == 1);
        log.endForGood();
        await().until(() -> listeners.subscriptions() == 0);
    }

    @Test
    void oneThatComesLaterFollowsTheLogsThatAreThere() {
        WorkerLog log = newLog("w");
        newLog("other");
        listeners.bind(listener(recorder, "w"));
        assertThat(listeners.subscriptions()).isEqualTo(1);
        log.note("after");
        await().until(() -> recorder.lines.contains("w after"));
    }

    /** The kind: what one did not ask for cannot be lost to it, and what it did ask for and lost is told. */
    @Test
    void itLosesOnlyEventsItAskedForAndIsToldThoughNoneFollows() throws Exception {
        Recorder slow = new Recorder() {
            @Override
            public void onEvent(NodeEvent event, long lost) {
                entered.countDown();
                try {
                    go.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                super.onEvent(event, lost);
            }
        };
        listeners.bind(listener(slow, "mine"));
        publish("mine", "STARTING");
        slow.entered.await();
        for (int i = 0; i < 5000; i++) {
            publish("other", "STARTED");
        }
        for (int i = 0; i < 1003; i++) {
            publish("mine", "BACKOFF");
        }
        publish("mine", "FAILED");
        CompletableFuture<Void> published = new CompletableFuture<>();
        publisher.afterwards(() -> published.complete(null));
        published.get();
        slow.go.countDown();
        await().until(() -> slow.events.size() == 1001);
        assertThat(slow.events).startsWith("STARTING", "BACKOFF").endsWith("FAILED");
        assertThat(slow.losses).startsWith(0L, 4L, 0L);
        assertThat(slow.losses.stream().mapToLong(lost -> lost).sum()).isEqualTo(4);
    }

    @Test
    void nothingComesOnceItIsGone() {
        WorkerListeners.Listener listener = listener(recorder);
        listeners.bind(listener);
        WorkerLog log = newLog("w");
        listeners.unbind(listener);
        Recorder other = new Recorder();
        listeners.bind(listener(other));
        log.note("late");
        publish("w", "STARTED");
        await().until(() -> other.lines.size() == 1 && other.events.size() == 1);
        assertThat(recorder.lines).isEmpty();
        assertThat(recorder.events).isEmpty();
    }
}
