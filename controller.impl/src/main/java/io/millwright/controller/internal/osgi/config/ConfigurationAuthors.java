package io.millwright.controller.internal.osgi.config;

import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.ConfigurationEvent;
import org.osgi.service.cm.SynchronousConfigurationListener;

/**
 * Which bundles have changed the workers' configurations, other than the node's own and File Install: a web console, a shell, a
 * program. Config Admin does not say it, but tells of a change in the thread that makes it. Thread-safe.
 */
public final class ConfigurationAuthors implements SynchronousConfigurationListener, AutoCloseable {
    private static final StackWalker STACK = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);
    /** What writes down what others say: files, callers of the node. */
    private static final Set<String> OWN = Set.of(
            "io.millwright.controller.impl",
            "io.millwright.config.file",
            "io.millwright.config.etc",
            "org.apache.felix.fileinstall");

    private final Map<String, String> byPid = new ConcurrentHashMap<>();
    private final ServiceRegistration<SynchronousConfigurationListener> registration;

    /**
     * Listens until it is closed.
     *
     * @param context registers it
     */
    public ConfigurationAuthors(BundleContext context) {
        registration = context.registerService(SynchronousConfigurationListener.class, this, null);
    }

    /**
     * The bundle that made or changed a configuration last.
     *
     * @param pid its PID
     * @return the symbolic name; {@code null} if it was the node itself or File Install, or before the node began
     */
    public @Nullable String of(String pid) {
        return byPid.get(pid);
    }

    @Override
    public void configurationEvent(ConfigurationEvent event) {
        String factory = event.getFactoryPid();
        if (factory == null || !factory.startsWith(WorkerConfigurations.PREFIX)) {
            return;
        }
        String author = event.getType() == ConfigurationEvent.CM_DELETED
                ? null
                : caller(event.getReference().getBundle());
        if (author == null) {
            byPid.remove(event.getPid());
        } else {
            byPid.put(event.getPid(), author);
        }
    }

    /** The nearest bundle on the stack that is neither Config Admin nor the listener's own frame. */
    private static @Nullable String caller(@Nullable Bundle admin) {
        String name = STACK.walk(frames -> frames.map(StackWalker.StackFrame::getDeclaringClass)
                .filter(type -> type != ConfigurationAuthors.class)
                .map(FrameworkUtil::getBundle)
                .filter(Objects::nonNull)
                .filter(bundle -> !bundle.equals(admin) && bundle.getBundleId() != 0)
                .map(bundle -> String.valueOf(bundle.getSymbolicName()))
                .findFirst()
                .orElse(null));
        return name == null || OWN.contains(name) ? null : name;
    }

    @Override
    public void close() {
        registration.unregister();
    }
}
