package io.millwright.controller.internal.osgi;

import io.millwright.controller.api.Finding;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.event.EventConstants;

/** Finds the event handlers that an EventAdmin leaves out, because of a service property that says nothing to it. */
final class UnusedHandlers {
    private UnusedHandlers() {}

    /** The handlers of the given ones that get no event. */
    static List<Finding> among(ServiceReference<?>... handlers) {
        List<Finding> findings = new ArrayList<>();
        for (ServiceReference<?> handler : handlers) {
            String problem = problem(handler);
            // A handler that is gone meanwhile has no bundle.
            if (problem != null && handler.getBundle() != null) {
                findings.add(Finding.warning(
                        "EventAdmin",
                        "gives no event to a handler of bundle "
                                + handler.getBundle().getSymbolicName() + " ["
                                + handler.getBundle().getBundleId() + "]: " + problem,
                        "correct the property in that bundle and update it"));
            }
        }
        return findings;
    }

    private static @Nullable String problem(ServiceReference<?> handler) {
        Object topics = handler.getProperty(EventConstants.EVENT_TOPIC);
        if (topics == null) {
            return "it has no property " + EventConstants.EVENT_TOPIC;
        }
        if (!isTexts(topics)) {
            return "its property " + EventConstants.EVENT_TOPIC + " is neither a text nor a list of texts";
        }
        Object filter = handler.getProperty(EventConstants.EVENT_FILTER);
        if (filter == null) {
            return null;
        }
        if (!(filter instanceof String text)) {
            return "its property " + EventConstants.EVENT_FILTER + " is no text";
        }
        try {
            FrameworkUtil.createFilter(text);
            return null;
        } catch (InvalidSyntaxException e) {
            return "its property " + EventConstants.EVENT_FILTER + " is no filter: " + e.getMessage();
        }
    }

    private static boolean isTexts(Object value) {
        return value instanceof String
                || value instanceof String[]
                || value instanceof Collection<?> values && values.stream().allMatch(String.class::isInstance);
    }
}
