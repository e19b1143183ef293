package io.millwright.controller.internal.osgi;

import io.millwright.controller.api.NodeEvent;
import io.millwright.controller.internal.event.EventPublisher;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.event.Event;
import org.osgi.service.event.EventAdmin;
import org.osgi.service.event.EventConstants;
import org.osgi.service.event.EventHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The EventAdmin that the node's events go to: the highest of those there are. Each of them calls every handler, so two would give a
 * handler every event twice. One that goes, or is overtaken, has delivered what it was given before the next is given anything.
 * Thread-safe.
 */
final class EventAdmins {
    private static final Logger LOG = LoggerFactory.getLogger(EventAdmins.class);
    /** None of the node's: only handlers of all topics see it. */
    private static final String LAST = "io_millwright/LAST";

    private static final long DELIVERY_MILLIS = 900;
    private static final long EXCHANGE_SECONDS = 3;

    /** An EventAdmin as a sink; equal to nothing but itself. */
    private record Target(EventAdmin admin) implements Consumer<NodeEvent> {
        @Override
        public void accept(NodeEvent event) {
            admin.postEvent(new Event(event.topic(), event.properties()));
        }
    }

    private final BundleContext context;
    private final EventPublisher publisher;
    private @Nullable Target present;
    private CompletableFuture<Void> exchanged = CompletableFuture.completedFuture(null);

    /**
     * Uses none yet.
     *
     * @param context registers the handler that sees an EventAdmin's last event
     * @param publisher hands it the node's events
     */
    EventAdmins(BundleContext context, EventPublisher publisher) {
        this.context = context;
        this.publisher = publisher;
    }

    /** Takes those there are, highest first; does not block. */
    synchronized void set(List<EventAdmin> ranked) {
        EventAdmin highest = ranked.isEmpty() ? null : ranked.get(0);
        Target before = present;
        if (highest == (before == null ? null : before.admin())) {
            return;
        }
        present = highest == null ? null : new Target(highest);
        exchanged = publisher.exchangeSink(before, () -> awaitLast(before), present);
    }

    /** Blocks, for some seconds at most, until the one that was used before is given nothing any more. */
    void awaitExchange() {
        CompletableFuture<Void> running;
        synchronized (this) {
            running = exchanged;
        }
        try {
            running.get(EXCHANGE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            LOG.warn("an EventAdmin goes before it has delivered all events of the node");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for an event that comes after all others. */
    private void awaitLast(@Nullable Target before) {
        if (before == null) {
            return;
        }
        CountDownLatch arrived = new CountDownLatch(1);
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put(EventConstants.EVENT_TOPIC, LAST);
        ServiceRegistration<EventHandler> registration = null;
        try {
            registration = context.registerService(EventHandler.class, event -> arrived.countDown(), properties);
            before.admin().postEvent(new Event(LAST, Map.of()));
            if (!arrived.await(DELIVERY_MILLIS, TimeUnit.MILLISECONDS)) {
                LOG.warn(
                        "an EventAdmin that is not used any more has not delivered the node's last events within {} ms",
                        DELIVERY_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IllegalStateException gone) {
            // It, or the node, has stopped.
            LOG.debug("an EventAdmin is gone", gone);
        } finally {
            if (registration != null) {
                registration.unregister();
            }
        }
    }
}
