package io.millwright.shell.gogo.internal.doctor;

import java.time.Duration;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.SynchronousBundleListener;

/** Knows how long no bundle has come, gone, started or stopped. Thread-safe. */
final class BundleChanges implements SynchronousBundleListener {
    private volatile long last = System.nanoTime();

    @Override
    public void bundleChanged(BundleEvent event) {
        last = System.nanoTime();
    }

    /** The time since the last change of a bundle, or since this object was made, if that is shorter. */
    Duration quiet() {
        return Duration.ofNanos(System.nanoTime() - last);
    }
}
