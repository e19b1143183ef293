package io.millwright.controller.internal.osgi;

import java.util.concurrent.atomic.AtomicBoolean;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.FrameworkListener;

/**
 * Runs something once, when the framework has reached its start level; at once where it has already. Runs it in a thread of its
 * own, {@code millwright-boot}.
 */
final class FrameworkReady implements FrameworkListener, AutoCloseable {
    private final BundleContext context;
    private final Runnable task;
    private final AtomicBoolean done = new AtomicBoolean();

    FrameworkReady(BundleContext context, Runnable task) {
        this.context = context;
        this.task = task;
        context.addFrameworkListener(this);
        Bundle system = context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION);
        if (system != null && system.getState() == Bundle.ACTIVE) {
            run();
        }
    }

    @Override
    public void frameworkEvent(FrameworkEvent event) {
        if (event.getType() == FrameworkEvent.STARTED) {
            run();
        }
    }

    private void run() {
        if (done.compareAndSet(false, true)) {
            Thread thread = new Thread(task, "millwright-boot");
            thread.setDaemon(true);
            thread.start();
        }
    }

    @Override
    public void close() {
        done.set(true);
        context.removeFrameworkListener(this);
    }
}
