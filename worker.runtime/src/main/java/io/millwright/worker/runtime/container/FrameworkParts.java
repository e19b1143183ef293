package io.millwright.worker.runtime.container;

import java.io.File;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.connect.ConnectModule;
import org.osgi.framework.connect.ModuleConnector;

/**
 * Config Admin and Declarative Services as parts of the framework, which starts them before and stops them after all bundles. Their classes
 * come from the class path, where a class-data archive holds them, and there are no bundles of them to be installed and resolved. Of one
 * framework. Thread-safe.
 */
final class FrameworkParts implements ModuleConnector {
    private static final List<String> ACTIVATORS =
            List.of("org.apache.felix.cm.impl.Activator", "org.apache.felix.scr.impl.Activator");

    private volatile @Nullable Exception failure;

    @Override
    public void initialize(File storage, Map<String, String> configuration) {
        // There is nothing to prepare.
    }

    @Override
    public Optional<ConnectModule> connect(String location) {
        return Optional.empty();
    }

    @Override
    public Optional<BundleActivator> newBundleActivator() {
        return Optional.of(new Activators());
    }

    /**
     * Once the framework is initialized: it goes on without what did not start.
     *
     * @throws BundleException if they were not all started
     */
    void throwIfFailed() throws BundleException {
        Exception thrown = failure;
        if (thrown != null) {
            throw new BundleException("the framework does not start: " + thrown, thrown);
        }
    }

    private final class Activators implements BundleActivator {
        /** The last first. */
        private final Deque<BundleActivator> started = new ArrayDeque<>();

        @Override
        public synchronized void start(BundleContext context) throws Exception {
            try {
                for (String name : ACTIVATORS) {
                    BundleActivator activator = (BundleActivator)
                            Class.forName(name).getDeclaredConstructor().newInstance();
                    activator.start(context);
                    started.push(activator);
                }
            } catch (Exception e) {
                failure = e;
                throw e;
            }
        }

        @Override
        public synchronized void stop(BundleContext context) throws Exception {
            while (!started.isEmpty()) {
                started.pop().stop(context);
            }
        }
    }
}
