package io.millwright.worker.runtime.container;

import io.millwright.worker.runtime.internal.Birth;
import io.millwright.worker.runtime.internal.Channel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.connect.ConnectFrameworkFactory;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.wiring.FrameworkWiring;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;

/**
 * Runs bundles in one OSGi framework with Declarative Services and Config Admin, which is made with the first of them. A bundle is installed
 * anew at each start, so a restart takes a new file. Thread-safe.
 */
final class BundleHost implements ComponentHost {
    /** How long a bundle waits for others that it needs. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final Birth birth;
    /** Held while bundles are installed, resolved and uninstalled, never while their code runs. */
    private final Object installs = new Object();

    private final OwnBundles own;
    private final BundleFiles files;
    private final Supplier<Channel> channel;
    private @Nullable Framework framework;
    private @Nullable BundleStorage storage;

    /**
     * No framework yet.
     *
     * @param own the folder of the bundles that it begins with, each of which is on the class path too
     * @param channel gets the procedures of services; asked for with the first service that has any
     */
    BundleHost(Birth birth, Path own, Supplier<Channel> channel) {
        this.birth = birth;
        this.own = new OwnBundles(own);
        this.files = new BundleFiles(birth.nodeDirectory(), BundleFiles.localRepository(), BundleFiles::connect);
        this.channel = channel;
    }

    private synchronized BundleContext context() throws BundleException, IOException {
        Framework there = framework;
        if (there == null) {
            there = begin();
            framework = there;
        }
        return there.getBundleContext();
    }

    /** Begins to make the framework, in a thread of its own: what fails is said by the first component. Does not block. */
    void prepare() {
        Thread thread = new Thread(
                () -> {
                    try {
                        context();
                    } catch (BundleException | IOException | RuntimeException e) {
                        // The first component tries again.
                        return;
                    }
                },
                "container-framework");
        thread.setDaemon(true);
        thread.start();
    }

    /** Removes what killed runs have left. Blocks while it does. */
    void tidy() {
        BundleStorage there;
        synchronized (this) {
            there = storage;
        }
        if (there != null) {
            there.removeOthers();
        }
    }

    private Framework begin() throws BundleException, IOException {
        BundleStorage folder = BundleStorage.of(birth);
        storage = folder;
        Framework made = ServiceLoader.load(ConnectFrameworkFactory.class)
                .findFirst()
                .orElseThrow(() -> new IOException("there is no OSGi framework on the class path"))
                .newFramework(FrameworkSettings.of(folder.folder()), own);
        made.init();
        new ServiceProcedures(made.getBundleContext(), channel).open(true);
        for (String location : own.locations()) {
            made.getBundleContext().installBundle(location).start();
        }
        made.start();
        return made;
    }

    @Override
    public Running start(ComponentSpec spec, Consumer<@Nullable Throwable> ended) throws Exception {
        Path file = files.find(spec.location(), spec.sha256());
        BundleContext context = context();
        configure(context, spec);
        Bundle bundle = install(context, spec, file);
        try {
            if (isFragment(bundle)) {
                throwIfAlone(bundle);
            } else {
                bundle.start();
                throwIfFailed(context, bundle);
            }
        } catch (Exception e) {
            uninstall(bundle);
            throw e instanceof BundleException && e.getCause() instanceof Exception cause ? cause : e;
        }
        return () -> {
            if (!isFragment(bundle)) {
                bundle.stop();
            }
            uninstall(bundle);
        };
    }

    /**
     * Installs and resolves a bundle: one after the other, since the framework refuses to resolve two at once. One that needs others waits a
     * moment for them, which are perhaps on their way in threads of their own.
     */
    private Bundle install(BundleContext context, ComponentSpec spec, Path file)
            throws BundleException, IOException, InterruptedException {
        synchronized (installs) {
            Bundle bundle;
            try (InputStream in = Files.newInputStream(file)) {
                bundle = context.installBundle("component:" + spec.id(), in);
            }
            installs.notifyAll();
            FrameworkWiring wiring =
                    context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).adapt(FrameworkWiring.class);
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (!wiring.resolveBundles(List.of(bundle))) {
                long left = end - System.nanoTime();
                if (left <= 0) {
                    // Its start says what is missing.
                    break;
                }
                installs.wait(left / 1_000_000 + 1);
            }
            return bundle;
        }
    }

    private void uninstall(Bundle bundle) throws BundleException {
        synchronized (installs) {
            bundle.uninstall();
        }
    }

    private static boolean isFragment(Bundle bundle) {
        return bundle.getHeaders().get(Constants.FRAGMENT_HOST) != null;
    }

    /** A fragment is never started; it is part of its host, if that was not resolved before it came. */
    private static void throwIfAlone(Bundle fragment) throws BundleException {
        if (fragment.getState() == Bundle.INSTALLED) {
            throw new BundleException("the fragment is not attached to its host, "
                    + fragment.getHeaders().get(Constants.FRAGMENT_HOST)
                    + ": it is not there, or was resolved before the fragment came; stop the host's component, restart the"
                    + " fragment's, then start the host's");
        }
    }

    /** Each key of the configuration is a PID, its value what is configured under it. */
    private static void configure(BundleContext context, ComponentSpec spec) throws IOException {
        if (spec.config().isEmpty()) {
            return;
        }
        ServiceReference<ConfigurationAdmin> reference = context.getServiceReference(ConfigurationAdmin.class);
        for (Map.Entry<String, @Nullable Object> one : spec.config().entrySet()) {
            if (!(one.getValue() instanceof Map<?, ?> map)) {
                throw new IllegalArgumentException("config of component '" + spec.id() + "': '" + one.getKey()
                        + "' must be an object: a bundle is configured by PIDs, each with its properties");
            }
            Dictionary<String, Object> properties = new Hashtable<>();
            map.forEach((key, value) -> properties.put(String.valueOf(key), property(value)));
            context.getService(reference).getConfiguration(one.getKey(), "?").update(properties);
        }
    }

    private static Object property(@Nullable Object value) {
        if (value instanceof List<?> list) {
            return list.stream().map(String::valueOf).toArray(String[]::new);
        }
        return value instanceof String || value instanceof Boolean || value instanceof Number
                ? value
                : String.valueOf(value);
    }

    /** A component of Declarative Services whose activation threw is the component's failure. */
    private static void throwIfFailed(BundleContext context, Bundle bundle) throws BundleException {
        ServiceReference<ServiceComponentRuntime> reference =
                context.getServiceReference(ServiceComponentRuntime.class);
        ServiceComponentRuntime runtime = context.getService(reference);
        for (ComponentDescriptionDTO description : runtime.getComponentDescriptionDTOs(bundle)) {
            for (ComponentConfigurationDTO configuration : runtime.getComponentConfigurationDTOs(description)) {
                if (configuration.state == ComponentConfigurationDTO.FAILED_ACTIVATION) {
                    throw new BundleException("the service component '" + description.name + "' cannot be activated: "
                            + configuration.failure);
                }
            }
        }
    }

    /** Ends the framework, if there is one; blocks for some seconds at most. */
    synchronized void close() {
        Framework ending = framework;
        if (ending == null) {
            return;
        }
        try {
            ending.stop();
            ending.waitForStop(5000);
            if (storage != null) {
                storage.remove();
            }
        } catch (BundleException e) {
            throw new IllegalStateException("the framework does not stop", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
