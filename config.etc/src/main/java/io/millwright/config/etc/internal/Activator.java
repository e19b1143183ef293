package io.millwright.config.etc.internal;

import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Begins beside File Install; has nothing to do where that is not installed. */
public final class Activator implements BundleActivator {
    private static final Logger LOG = LoggerFactory.getLogger(Activator.class);

    private @Nullable EtcSupport support;

    @Override
    public void start(BundleContext context) {
        try {
            support = new EtcSupport(context);
        } catch (NoClassDefFoundError e) {
            LOG.info("there is no File Install, so no folder etc/ is watched", e);
        }
    }

    @Override
    public void stop(BundleContext context) {
        if (support != null) {
            support.close();
        }
    }
}
