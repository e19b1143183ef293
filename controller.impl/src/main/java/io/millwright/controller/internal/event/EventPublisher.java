package io.millwright.controller.internal.event;

import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.EventListener;
import io.millwright.controller.api.EventPage;
import io.millwright.controller.api.NodeEvent;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.Subscription;
import io.millwright.options.CompactMap;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes the node's events in the order the loop makes them: to EventAdmin (or whatever sinks there are), to followers, and
 * into a ring of the last ones. One thread, {@code millwright-events}, does the publishing; followers are served by others.
 * A sink that does not come back within a second keeps that thread, and another goes on. Thread-safe.
 */
public final class EventPublisher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EventPublisher.class);
    private static final int KEPT = 1000;
    private static final int QUEUE = 1000;
    private static final long SINK_LIMIT = TimeUnit.SECONDS.toNanos(1);

    /** A follower; it has been given all events up to a number when it comes. Each is only itself. */
    private static final class Subscriber {
        final Predicate<NodeEvent> wanted;
        final long given;
        final BoundedDelivery<NodeEvent> delivery;

        Subscriber(Predicate<NodeEvent> wanted, long given, BoundedDelivery<NodeEvent> delivery) {
            this.wanted = wanted;
            this.given = given;
            this.delivery = delivery;
        }
    }

    /** An event of the ring, in a fifth of the room. */
    private record Kept(long seq, String topic, Instant at, Map<String, Object> properties) {
        static Kept of(NodeEvent event) {
            return new Kept(event.seq(), event.topic(), event.timestamp(), new CompactMap<>(event.properties()));
        }

        NodeEvent event() {
            return NodeEvent.of(topic, at, properties);
        }
    }

    private final String life;
    private final Supplier<String> nodeId;
    private final EventThread events;
    private final BiConsumer<Long, Runnable> timer;
    private final Executor callbacks;
    private final Executor followers;
    private final List<EventSink> sinks = new CopyOnWriteArrayList<>();
    /** There may be thousands, that come and go at once. */
    private final Set<Subscriber> subscribers = ConcurrentHashMap.newKeySet();
    /** The thread in {@link #together}, and what it has published there; the list is that thread's own. */
    private volatile @Nullable Thread holder;

    /** The number of the last event; the events thread's own. */
    private long seq;

    private final List<Runnable> held = new ArrayList<>();
    /** Guards itself and the number of its newest event. */
    private final Deque<Kept> kept = new ArrayDeque<>();

    private long newest;

    /**
     * Starts publishing.
     *
     * @param callbacks runs what is to happen after an event was published
     * @param followers runs the listeners of {@link #follow}
     * @param life the id of this life of the node, in every event
     * @param nodeId the node's id, in every event
     * @param timer runs a task after so many nanoseconds, in another thread
     */
    public EventPublisher(
            Executor callbacks,
            Executor followers,
            String life,
            Supplier<String> nodeId,
            BiConsumer<Long, Runnable> timer) {
        this.life = life;
        this.nodeId = nodeId;
        this.callbacks = callbacks;
        this.followers = followers;
        this.timer = timer;
        this.events = new EventThread(timer::accept, SINK_LIMIT);
    }

    /**
     * Publishes an event after those before it.
     *
     * @param event what happened; the publisher adds to its map, and the caller uses it no more
     */
    public void publish(UnnumberedEvent event) {
        run(() -> deliver(event));
    }

    /**
     * Runs something on a callback thread once all events before it are published.
     *
     * @param task foreign code may run in it
     */
    public void afterwards(Runnable task) {
        run(() -> call(task));
    }

    private void call(Runnable task) {
        try {
            callbacks.execute(task);
        } catch (OutOfMemoryError noThread) {
            // A caller waits for it: it is not to be lost because no thread is to be had now.
            timer.accept(SINK_LIMIT, () -> run(() -> call(task)));
        }
    }

    /**
     * Does something once all events before it are published, in the thread that publishes.
     *
     * @param task does not block
     */
    public void inOrder(Runnable task) {
        run(task);
    }

    /**
     * Does something and then publishes in one go what it had published: each event by itself would wake the publishing thread,
     * which on a busy machine takes the processor from who goes on working. Used by one thread at a time.
     *
     * @param work a task of the controller's loop
     */
    public void together(Runnable work) {
        holder = Thread.currentThread();
        try {
            work.run();
        } finally {
            holder = null;
            if (!held.isEmpty()) {
                List<Runnable> tasks = List.copyOf(held);
                held.clear();
                add(tasks);
            }
        }
    }

    private void run(Runnable task) {
        if (holder == Thread.currentThread()) {
            held.add(task);
            return;
        }
        add(List.of(task));
    }

    private void add(List<Runnable> tasks) {
        if (!events.add(tasks)) {
            LOG.debug("the controller has ended; late events are dropped");
        }
    }

    /**
     * Hands an event to the sinks the way all go, but keeps it from followers and from {@link #after}.
     *
     * @param event none of the node's
     */
    public void probe(NodeEvent event) {
        run(() -> sink(event));
    }

    private void deliver(UnnumberedEvent happened) {
        NodeEvent event = happened.numbered(++seq, life, nodeId.get());
        Kept entry = Kept.of(event);
        synchronized (kept) {
            if (kept.size() == KEPT) {
                kept.removeFirst();
            }
            kept.addLast(entry);
            newest = event.seq();
        }
        for (Subscriber subscriber : subscribers) {
            if (event.seq() > subscriber.given && subscriber.wanted.test(event)) {
                subscriber.delivery.offer(event);
            }
        }
        sink(event);
    }

    private void sink(NodeEvent event) {
        sink(event, sinks.iterator());
    }

    private void sink(NodeEvent event, Iterator<EventSink> rest) {
        while (rest.hasNext()) {
            EventSink next = rest.next();
            if (!next.waits(event)) {
                events.call(next, () -> next.give(event), () -> sink(event, rest));
                return;
            }
        }
    }

    /**
     * Adds a sink, called for each event by the events thread. It should not block: one that takes longer than a second is left
     * alone with what it does, and gets what comes meanwhile when it is back, a thousand events at most.
     *
     * @param sink for example EventAdmin's {@code postEvent}
     */
    public void addSink(Consumer<NodeEvent> sink) {
        sinks.add(new EventSink(sink));
    }

    /**
     * Hands events to another sink in place of one, between two events: each event goes to one of them. What waits for a sink that
     * does not come back goes to the next.
     *
     * @param before a sink that was added; {@code null} for none
     * @param drain blocks until all that the sink was given has arrived; what lasts longer than a second is not waited for
     * @param next the sink in its place; {@code null} for none
     * @return completed once the sink before is given nothing any more; at once if no event is published any more
     */
    public CompletableFuture<Void> exchangeSink(
            @Nullable Consumer<NodeEvent> before, Runnable drain, @Nullable Consumer<NodeEvent> next) {
        CompletableFuture<Void> exchanged = new CompletableFuture<>();
        if (!events.add(List.of(() -> exchange(before, drain, next, exchanged)))) {
            exchanged.complete(null);
        }
        return exchanged;
    }

    private void exchange(
            @Nullable Consumer<NodeEvent> before,
            Runnable drain,
            @Nullable Consumer<NodeEvent> next,
            CompletableFuture<Void> exchanged) {
        EventSink old = sinks.stream()
                .filter(sink -> before != null && sink.isFor(before))
                .findFirst()
                .orElse(null);
        if (old == null) {
            replace(null, next, exchanged);
        } else if (old.isAway()) {
            replace(old, next, exchanged);
        } else {
            events.call(old, drain, () -> replace(old, next, exchanged));
        }
    }

    private void replace(
            @Nullable EventSink old, @Nullable Consumer<NodeEvent> next, CompletableFuture<Void> exchanged) {
        List<NodeEvent> waiting = old == null ? List.of() : old.retire();
        sinks.remove(old);
        exchanged.complete(null);
        if (next != null) {
            EventSink sink = new EventSink(next, waiting);
            sinks.add(sink);
            events.call(sink, sink::catchUp, () -> {});
        }
    }

    /**
     * What is wrong with the sinks.
     *
     * @return a sentence without its subject for each that is away
     */
    public List<String> troubles() {
        return sinks.stream().flatMap(sink -> Stream.ofNullable(sink.trouble())).toList();
    }

    /**
     * The events after one.
     *
     * @param after its number; {@code null} for all that are kept
     * @return those that are kept
     * @throws NodeException if there is no such event yet
     */
    public EventPage after(@Nullable Long after) {
        synchronized (kept) {
            if (after == null) {
                return EventPage.of(kept.stream().map(Kept::event).toList(), 0, life);
            }
            if (after < 0 || after > newest) {
                throw new NodeException(
                        ErrorCode.INVALID_ARGUMENT,
                        "there is no event " + after + " in this life of the node yet; the last one is " + newest);
            }
            List<NodeEvent> later = kept.stream()
                    .filter(entry -> entry.seq() > after)
                    .map(Kept::event)
                    .toList();
            return EventPage.of(later, newest - after - later.size(), life);
        }
    }

    /**
     * Calls a listener for each event after one, those that are kept first.
     *
     * @param after its number
     * @param listener may be slow, and then loses events
     * @return ends it
     * @throws NodeException if there is no such event yet
     */
    public Subscription followAfter(long after, EventListener listener) {
        BoundedDelivery<NodeEvent> delivery = delivery(listener, followers);
        synchronized (kept) {
            EventPage since = after(after);
            delivery.loseBefore(since.lost());
            since.events().forEach(delivery::offer);
            return subscribe(new Subscriber(event -> true, newest, delivery));
        }
    }

    /**
     * Calls a listener for each event from now on.
     *
     * @param listener may be slow, and then loses events
     * @return ends it
     */
    public Subscription follow(EventListener listener) {
        return follow(event -> true, listener, followers);
    }

    /**
     * Calls a listener for each event it wants from now on.
     *
     * @param wanted what it wants; only such events can be lost to it. Does not block
     * @param listener may be slow, and then loses events
     * @param executor calls it
     * @return ends it
     */
    public Subscription follow(Predicate<NodeEvent> wanted, EventListener listener, Executor executor) {
        return subscribe(new Subscriber(wanted, 0, delivery(listener, executor)));
    }

    private static BoundedDelivery<NodeEvent> delivery(EventListener listener, Executor executor) {
        return new BoundedDelivery<>(QUEUE, executor, (items, lost) -> {
            long before = lost;
            for (NodeEvent item : items) {
                listener.onEvent(item, before);
                before = 0;
            }
        });
    }

    private Subscription subscribe(Subscriber subscriber) {
        subscribers.add(subscriber);
        return () -> {
            subscribers.remove(subscriber);
            subscriber.delivery.close();
        };
    }

    /** Publishes what waits, for at most a second, and ends. */
    @Override
    public void close() {
        events.close();
        subscribers.forEach(subscriber -> subscriber.delivery.close());
        subscribers.clear();
        sinks.clear();
    }
}
