package io.millwright.launcher;

import java.util.Collection;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

/**
 * What the launcher asks the controller of one life of the node, which shares no class with it but the JDK's: a
 * {@link Function} service of words. Thread-safe; each call may block for some seconds.
 */
final class ControllerLine {
    private static final String FILTER = "(millwright.node=true)";

    private final BundleContext context;

    ControllerLine(BundleContext context) {
        this.context = context;
    }

    /** Whether the node that goes down is to come back. */
    boolean isRestarting() {
        return Boolean.TRUE.equals(ask("restart"));
    }

    /** How many workers are starting or stopping, each within its own time; 0 if the controller does not answer. */
    int waiting() {
        return ask("waiting") instanceof Number number ? number.intValue() : 0;
    }

    /** Tells that a signal came which is to end this process; the shutdown begins, if it has not. */
    void signalled(String signal) {
        ask("signal " + signal);
    }

    /** Ends all workers at once; false if there is no controller to do it. */
    boolean kill() {
        return ask("kill") != NOBODY;
    }

    private static final Object NOBODY = new Object();

    @SuppressWarnings({"unchecked", "rawtypes"})
    private @Nullable Object ask(String question) {
        try {
            Collection<ServiceReference<Function>> found = context.getServiceReferences(Function.class, FILTER);
            for (ServiceReference<Function> reference : found) {
                Function<String, Object> controller = context.getService(reference);
                if (controller != null) {
                    return controller.apply(question);
                }
            }
        } catch (IllegalStateException e) {
            // The framework has stopped.
            return NOBODY;
        } catch (InvalidSyntaxException e) {
            throw new AssertionError(e);
        }
        return NOBODY;
    }
}
