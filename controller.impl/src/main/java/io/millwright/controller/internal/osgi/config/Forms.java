package io.millwright.controller.internal.osgi.config;

import io.millwright.controller.api.worker.OptionDefinition;
import io.millwright.controller.api.worker.WorkerType;
import io.millwright.controller.internal.launch.WorkerTypes;
import io.millwright.controller.internal.options.CommonOptions;
import io.millwright.controller.internal.options.NodeOptions;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.metatype.MetaTypeProvider;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Registers a Metatype form for the node's own options and one for each worker type, for as long as the type is there.
 * Thread-safe; no lock is held while a type is asked for its options.
 */
public final class Forms implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Forms.class);

    private final BundleContext context;
    private final WorkerTypes types;
    private final Map<String, ServiceRegistration<MetaTypeProvider>> registered = new HashMap<>();

    /**
     * Registers the node's own form.
     *
     * @param context the controller's bundle, which the forms belong to
     * @param types the worker types
     */
    public Forms(BundleContext context, WorkerTypes types) {
        this.context = context;
        this.types = types;
        register(
                NodeOptions.PID,
                MetaTypeProvider.METATYPE_PID,
                OptionForms.node(NodeOptions.PID, NodeOptions.definitions()));
    }

    /**
     * A worker type came or went, or another bundle serves it now.
     *
     * @param type its name
     */
    public void changed(String type) {
        Optional<WorkerTypes.Provider> shown;
        do {
            shown = types.serving(type);
            show(type, shown.orElse(null));
            // Another bundle may have begun to serve while this one was asked; its news may have come too early.
        } while (!shown.equals(types.serving(type)));
    }

    private void show(String type, WorkerTypes.@Nullable Provider provider) {
        String pid = WorkerConfigurations.PREFIX + type;
        OptionForms form = provider == null ? null : form(pid, type, provider.service());
        synchronized (registered) {
            unregister(pid);
            if (form != null) {
                register(pid, MetaTypeProvider.METATYPE_FACTORY_PID, form);
            }
        }
    }

    private static @Nullable OptionForms form(String pid, String type, WorkerType service) {
        try {
            List<OptionDefinition> definitions = new ArrayList<>(service.options());
            definitions.addAll(CommonOptions.definitions());
            return OptionForms.worker(pid, type, definitions);
        } catch (RuntimeException | LinkageError e) {
            LOG.warn("worker type '{}' does not say its options", type, e);
            return null;
        }
    }

    private void register(String pid, String property, OptionForms form) {
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put(property, pid);
        synchronized (registered) {
            registered.put(pid, context.registerService(MetaTypeProvider.class, form, properties));
        }
    }

    private void unregister(String pid) {
        unregister(registered.remove(pid));
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
        synchronized (registered) {
            registered.values().forEach(Forms::unregister);
            registered.clear();
        }
    }
}
