package io.millwright.launcher;

import java.lang.ref.WeakReference;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.SynchronousBundleListener;

/**
 * Brings the loggers of a node's earlier lives to the logging of its present one. Classes of the class path, and so their static
 * loggers, outlive a framework, but pax-logging lets go of all loggers it has given out when its framework stops. They are noted
 * before that, and given the next framework's logging service. Where the loggers come from a framework's own class loader there
 * is nothing to do. Thread-safe.
 */
final class EarlierLoggers {
    private static final String API = "org.ops4j.pax.logging.pax-logging-api";
    private static final String SERVICE = "org.ops4j.pax.logging.PaxLoggingService";
    private static final String FACTORY = "org.ops4j.pax.logging.slf4j.Slf4jLoggerFactory";

    private final List<WeakReference<Object>> loggers = new ArrayList<>();

    /** Watches one framework, before its bundles start. */
    void open(BundleContext context) {
        SynchronousBundleListener beforeTheyAreLetGo = event -> {
            if (event.getType() == BundleEvent.STOPPING && isApi(event.getBundle())) {
                note();
            }
        };
        context.addBundleListener(beforeTheyAreLetGo);
        try {
            context.addServiceListener(event -> changed(context, event), "(objectClass=" + SERVICE + ")");
        } catch (InvalidSyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean isApi(Bundle bundle) {
        return API.equals(bundle.getSymbolicName());
    }

    private synchronized void note() {
        try {
            Field manager = Class.forName(FACTORY).getDeclaredField("m_paxLogging");
            manager.setAccessible(true);
            Object present = manager.get(null);
            if (present == null) {
                return;
            }
            Field given = present.getClass().getDeclaredField("m_loggers");
            given.setAccessible(true);
            Map<?, ?> all = (Map<?, ?>) given.get(present);
            synchronized (all) {
                all.values().forEach(logger -> loggers.add(new WeakReference<>(logger)));
            }
        } catch (ClassNotFoundException e) {
            // Logging is not on the class path.
            return;
        } catch (ReflectiveOperationException | RuntimeException e) {
            Console.error("the log of the node's next life may be incomplete: " + Reason.of(e));
        }
    }

    private void changed(BundleContext context, ServiceEvent event) {
        ServiceReference<?> reference = event.getServiceReference();
        if (event.getType() == ServiceEvent.REGISTERED) {
            Object service = context.getService(reference);
            if (service != null) {
                bring(service);
            }
        } else if (event.getType() == ServiceEvent.UNREGISTERING) {
            bring(null);
        }
    }

    private synchronized void bring(@Nullable Object service) {
        try {
            for (Iterator<WeakReference<Object>> each = loggers.iterator(); each.hasNext(); ) {
                Object logger = each.next().get();
                if (logger == null) {
                    each.remove();
                } else if (service == null) {
                    logger.getClass().getMethod("removed").invoke(logger);
                } else {
                    Method added = logger.getClass().getMethod("added", Class.forName(SERVICE));
                    added.invoke(logger, service);
                }
            }
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            Console.error("the log of the node's present life may be incomplete: " + Reason.of(e));
        }
    }
}
