package io.millwright.controller.internal.osgi.config;

import io.millwright.controller.api.worker.OptionDefinition;
import io.millwright.controller.internal.event.SerialExecutor;
import io.millwright.controller.internal.launch.WorkerTypes;
import io.millwright.controller.internal.options.CommonOptions;
import io.millwright.controller.internal.options.NodeOptions;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.metatype.MetaTypeProvider;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Registers a Metatype form for the node's own options and one for each worker type, for as long as the type is there.
 * Thread-safe; services are registered and unregistered with no lock.
 */
public final class Forms implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Forms.class);

    private final BundleContext context;
    private final WorkerTypes types;
    /** Shows one change after another. */
    private final Executor changes;
    /** Guarded by itself, as the next field is. */
    private final Map<String, ServiceRegistration<MetaTypeProvider>> registered = new HashMap<>();

    private boolean closed;

    /**
     * Registers the node's own form.
     *
     * @param context the controller's bundle, which the forms belong to
     * @param types the worker types
     * @param threads register the other forms
     */
    public Forms(BundleContext context, WorkerTypes types, Executor threads) {
        this.context = context;
        this.types = types;
        this.changes = new SerialExecutor(threads);
        show(
                NodeOptions.PID,
                MetaTypeProvider.METATYPE_PID,
                OptionForms.node(NodeOptions.PID, NodeOptions.definitions()));
    }

    /**
     * A worker type came or went, or another bundle serves it now. Does not wait until its form is there.
     *
     * @param type its name
     */
    public void changed(String type) {
        try {
            changes.execute(() -> show(type));
        } catch (RejectedExecutionException ended) {
            LOG.debug("the controller has ended; the form of worker type '{}' goes with it", type);
        }
    }

    private void show(String type) {
        String pid = WorkerConfigurations.PREFIX + type;
        OptionForms form = types.serving(type)
                .map(offer -> {
                    List<OptionDefinition> definitions = new ArrayList<>(offer.options());
                    definitions.addAll(CommonOptions.definitions());
                    return OptionForms.worker(pid, type, definitions);
                })
                .orElse(null);
        show(pid, MetaTypeProvider.METATYPE_FACTORY_PID, form);
    }

    private void show(String pid, String property, @Nullable OptionForms form) {
        ServiceRegistration<MetaTypeProvider> before;
        synchronized (registered) {
            before = registered.remove(pid);
        }
        unregister(before);
        if (form == null) {
            return;
        }
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put(property, pid);
        ServiceRegistration<MetaTypeProvider> now;
        try {
            now = context.registerService(MetaTypeProvider.class, form, properties);
        } catch (IllegalStateException gone) {
            LOG.debug("the bundle is stopping, it registers nothing any more");
            return;
        }
        synchronized (registered) {
            if (!closed) {
                registered.put(pid, now);
                return;
            }
        }
        unregister(now);
    }

    private static void unregister(@Nullable ServiceRegistration<MetaTypeProvider> registration) {
        if (registration != null) {
            try {
                registration.unregister();
            } catch (IllegalStateException gone) {
                LOG.debug("the bundle is stopping, its services are gone already");
            }
        }
    }

    @Override
    public void close() {
        List<ServiceRegistration<MetaTypeProvider>> all;
        synchronized (registered) {
            closed = true;
            all = List.copyOf(registered.values());
            registered.clear();
        }
        all.forEach(Forms::unregister);
    }
}
