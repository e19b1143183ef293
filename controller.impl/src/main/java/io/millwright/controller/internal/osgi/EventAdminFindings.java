package io.millwright.controller.internal.osgi;

import io.millwright.controller.api.Finding;
import io.millwright.controller.internal.event.EventPublisher;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceListener;
import org.osgi.framework.ServiceReference;
import org.osgi.service.event.EventHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees what EventAdmin does to the node's events: that it takes none, and that it calls a handler no more that took too long, which
 * only the framework's log says. That log is read without its package, for a wire to it would be one more that ends workers when it
 * is refreshed. Thread-safe.
 */
final class EventAdminFindings implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EventAdminFindings.class);
    private static final String PACKAGE = "org.osgi.service.log.";
    private static final String READER = PACKAGE + "LogReaderService";
    private static final Pattern DENIAL =
            Pattern.compile("Denying event handler .*Bundle\\(.*?\\[([0-9]+)\\](?:.*Handler\\(([^)]*)\\))?");

    private final BundleContext context;
    private final EventPublisher publisher;
    private final List<Denied> denied = new CopyOnWriteArrayList<>();
    private final List<Runnable> undo = new CopyOnWriteArrayList<>();
    private final ServiceListener readers = event -> {
        if (event.getType() == ServiceEvent.REGISTERED) {
            listen(event.getServiceReference());
        }
    };

    /** A handler that was denied, and those that its bundle had then. */
    private record Denied(String name, List<ServiceReference<?>> handlers) {
        boolean isThere() {
            return handlers.stream().anyMatch(handler -> handler.getBundle() != null);
        }
    }

    /**
     * Begins to listen.
     *
     * @param context of the controller's bundle
     * @param publisher hands the node's events to EventAdmin
     */
    EventAdminFindings(BundleContext context, EventPublisher publisher) {
        this.context = context;
        this.publisher = publisher;
        try {
            context.addServiceListener(readers, "(" + Constants.OBJECTCLASS + "=" + READER + ")");
            ServiceReference<?>[] present = context.getAllServiceReferences(READER, null);
            if (present != null) {
                Arrays.stream(present).forEach(this::listen);
            }
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private void listen(ServiceReference<?> reference) {
        Object reader = context.getService(reference);
        Bundle bundle = reference.getBundle();
        if (reader == null || bundle == null) {
            return;
        }
        try {
            Class<?> listenerType = bundle.loadClass(PACKAGE + "LogListener");
            Class<?> readerType = bundle.loadClass(READER);
            Method message = bundle.loadClass(PACKAGE + "LogEntry").getMethod("getMessage");
            Object listener = Proxy.newProxyInstance(
                    listenerType.getClassLoader(), new Class<?>[] {listenerType}, (self, method, arguments) -> {
                        if (method.getDeclaringClass() == Object.class) {
                            return switch (method.getName()) {
                                case "equals" -> self == arguments[0];
                                case "hashCode" -> System.identityHashCode(self);
                                default -> EventAdminFindings.class.getName();
                            };
                        }
                        note(String.valueOf(message.invoke(arguments[0])));
                        return null;
                    });
            readerType.getMethod("addLogListener", listenerType).invoke(reader, listener);
            Method remove = readerType.getMethod("removeLogListener", listenerType);
            undo.add(() -> {
                try {
                    remove.invoke(reader, listener);
                } catch (ReflectiveOperationException e) {
                    LOG.debug("the log is gone", e);
                }
            });
        } catch (ReflectiveOperationException e) {
            LOG.debug("the framework's log cannot be read", e);
        }
    }

    /** Takes a line of the framework's log. */
    private void note(String line) {
        Matcher matcher = DENIAL.matcher(line);
        if (!matcher.find()) {
            return;
        }
        Bundle bundle = context.getBundle(Long.parseLong(matcher.group(1)));
        if (bundle == null) {
            return;
        }
        String handler = matcher.group(2);
        denied.removeIf(one -> !one.isThere());
        denied.add(new Denied(
                "handler " + (handler == null ? "" : handler + " ") + "of bundle " + bundle.getSymbolicName() + " ["
                        + bundle.getBundleId() + "]",
                handlers(bundle)));
    }

    private static List<ServiceReference<?>> handlers(Bundle bundle) {
        ServiceReference<?> @Nullable [] registered = bundle.getRegisteredServices();
        List<ServiceReference<?>> handlers = new ArrayList<>();
        for (ServiceReference<?> reference : registered == null ? new ServiceReference<?>[0] : registered) {
            Object types = reference.getProperty(Constants.OBJECTCLASS);
            if (types instanceof String[] names && Arrays.asList(names).contains(EventHandler.class.getName())) {
                handlers.add(reference);
            }
        }
        return handlers;
    }

    List<Finding> all() {
        List<Finding> findings = new ArrayList<>();
        publisher
                .troubles()
                .forEach(
                        trouble -> findings.add(
                                Finding.error(
                                        "EventAdmin",
                                        trouble + "; the node goes on without it",
                                        "see what its bundle does (a thread dump of the node shows millwright-events in it), or restart it")));
        denied.removeIf(one -> !one.isThere());
        denied.forEach(one -> findings.add(Finding.warning(
                one.name(),
                "gets no events any more: it took too long, and EventAdmin denies it",
                "let it hand its work to a thread of its own; once its bundle is restarted it is called again")));
        return findings;
    }

    /** Ends listening. */
    @Override
    public void close() {
        context.removeServiceListener(readers);
        undo.forEach(Runnable::run);
    }
}
