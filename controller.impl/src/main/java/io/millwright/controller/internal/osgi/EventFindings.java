package io.millwright.controller.internal.osgi;

import io.millwright.controller.api.Finding;
import io.millwright.controller.api.NodeEvent;
import io.millwright.controller.internal.event.EventPublisher;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.event.EventAdmin;
import org.osgi.service.event.EventConstants;
import org.osgi.service.event.EventHandler;

/**
 * Sees whether EventAdmin still delivers the node's events, by one that goes the way they go, and names the handler that keeps
 * it. Thread-safe.
 */
final class EventFindings {
    private static final String PROBE = "io/millwright/doctor/PROBE";
    private static final long LIMIT_MILLIS = 1000;

    private final BundleContext context;
    private final EventPublisher publisher;

    EventFindings(BundleContext context, EventPublisher publisher) {
        this.context = context;
        this.publisher = publisher;
    }

    /** Blocks for a second at most. */
    List<Finding> all() {
        if (context.getServiceReference(EventAdmin.class) == null) {
            return List.of();
        }
        List<Finding> findings = new ArrayList<>(UnusedHandlers.among(references()));
        Finding late = late();
        if (late != null) {
            findings.add(late);
        }
        return findings;
    }

    private @Nullable Finding late() {
        CountDownLatch arrived = new CountDownLatch(1);
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put(EventConstants.EVENT_TOPIC, PROBE);
        ServiceRegistration<EventHandler> registration =
                context.registerService(EventHandler.class, event -> arrived.countDown(), properties);
        try {
            publisher.probe(NodeEvent.of(PROBE, Instant.now(), Map.of()));
            if (arrived.await(LIMIT_MILLIS, TimeUnit.MILLISECONDS)) {
                return null;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        } finally {
            registration.unregister();
        }
        String busy = busy();
        return Finding.error(
                "EventAdmin",
                "does not deliver the node's events within a second: "
                        + (busy == null ? "a handler keeps it; those of the node's topics are of " + handlers() : busy),
                "let the handler hand its work to a thread of its own, or stop its bundle; the EventAdmin may have"
                        + " denied it meanwhile, which the log says");
    }

    /** The handler a thread is in now; the bundle is the one that has registered a handler of that class. */
    private @Nullable String busy() {
        for (Map.Entry<Thread, StackTraceElement[]> thread :
                Thread.getAllStackTraces().entrySet()) {
            for (StackTraceElement frame : thread.getValue()) {
                if (frame.getMethodName().equals("handleEvent")) {
                    Bundle bundle = owner(frame.getClassName());
                    if (bundle != null) {
                        return "handler " + frame.getClassName() + " of bundle " + bundle.getSymbolicName() + " ["
                                + bundle.getBundleId() + "] is still at an earlier event";
                    }
                }
            }
        }
        return null;
    }

    private @Nullable Bundle owner(String type) {
        for (ServiceReference<?> reference : references()) {
            Bundle bundle = reference.getBundle();
            try {
                if (bundle != null
                        && bundle != context.getBundle()
                        && FrameworkUtil.getBundle(bundle.loadClass(type)) == bundle) {
                    return bundle;
                }
            } catch (ClassNotFoundException | IllegalStateException e) {
                // another bundle's
            }
        }
        return null;
    }

    private String handlers() {
        TreeSet<String> names = new TreeSet<>();
        for (ServiceReference<?> reference : references()) {
            Bundle bundle = reference.getBundle();
            if (bundle != null && bundle != context.getBundle()) {
                names.add(String.valueOf(bundle.getSymbolicName()));
            }
        }
        return names.isEmpty() ? "no bundle" : String.join(", ", names);
    }

    private ServiceReference<?>[] references() {
        try {
            ServiceReference<?>[] all = context.getAllServiceReferences(EventHandler.class.getName(), null);
            return all == null ? new ServiceReference<?>[0] : all;
        } catch (org.osgi.framework.InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
