package io.millwright.worker.runtime.container;

import io.millwright.worker.runtime.internal.Birth;
import io.millwright.worker.runtime.internal.Channel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;

/**
 * Runs bundles in one OSGi framework with Declarative Services and Config Admin, which is made with the first of them. A bundle is installed
 * anew at each start, so a restart takes a new file. Thread-safe.
 */
final class BundleHost implements ComponentHost {
    private static final String FACTORY = "org.apache.felix.framework.FrameworkFactory";

    private final Birth birth;
    private final BundleInstaller installer = new BundleInstaller();
    private final FrameworkParts parts = new FrameworkParts();
    private final Supplier<Channel> channel;
    private final BundleConfigurations configurations = new BundleConfigurations();
    /** The bundles that are started, by the ids of their components. */
    private final Map<String, Installed> running = new ConcurrentHashMap<>();

    private @Nullable Framework framework;
    private @Nullable BundleStorage storage;
    private @Nullable BundleFiles files;

    private record Installed(BundleContext context, Bundle bundle) {}

    /**
     * No framework yet.
     *
     * @param channel gets the procedures of services; asked for with the first service that has any
     */
    BundleHost(Birth birth, Supplier<Channel> channel) {
        this.birth = birth;
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
        new Preparation().start();
    }

    /** No lambda: its first one costs a JVM some milliseconds, in which nothing else could begin. */
    private final class Preparation extends Thread {
        Preparation() {
            super("container-framework");
            setDaemon(true);
        }

        @Override
        public void run() {
            try {
                context();
            } catch (BundleException | IOException | RuntimeException e) {
                // The first component tries again.
                return;
            }
        }
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

    private synchronized BundleStorage storage() throws IOException {
        BundleStorage there = storage;
        if (there == null) {
            there = BundleStorage.of(birth);
            storage = there;
        }
        return there;
    }

    private synchronized BundleFiles files() {
        BundleFiles there = files;
        if (there == null) {
            there = new BundleFiles(
                    birth.nodeDirectory(), BundleFiles.localRepository(), BundleFiles::connect, this::downloads);
            files = there;
        }
        return there;
    }

    /** Removed with the storage: by this run, or by the next one if this is killed. */
    private Path downloads() throws IOException {
        return Files.createDirectories(storage().folder().resolve("downloads"));
    }

    private Framework begin() throws BundleException, IOException {
        BundleStorage folder = storage();
        Framework made = factory().newFramework(FrameworkSettings.of(folder.folder()), parts);
        made.init();
        parts.throwIfFailed();
        new ServiceProcedures(made.getBundleContext(), channel).open(true);
        made.start();
        return made;
    }

    /** By its name, for it takes a service loader ten milliseconds to find what is in the next jar. */
    private static ConnectFrameworkFactory factory() throws IOException {
        try {
            return (ConnectFrameworkFactory)
                    Class.forName(FACTORY).getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IOException("there is no OSGi framework on the class path: " + e, e);
        }
    }

    @Override
    public void expect(ComponentSpec spec) {
        installer.expect(spec);
    }

    @Override
    public void expectNoMore(ComponentSpec spec) {
        installer.expectNoMore(spec);
    }

    @Override
    public Running start(ComponentSpec spec, Consumer<@Nullable Throwable> ended) throws Exception {
        Path file = files().find(spec.location(), spec.sha256());
        BundleContext context = context();
        Bundle bundle;
        try {
            configurations.give(context, spec);
            bundle = installer.install(context, spec, file);
        } catch (Exception e) {
            configurations.take(context, spec);
            throw e;
        }
        try {
            installer.resolve(context, bundle);
            if (!isFragment(bundle)) {
                bundle.start();
                throwIfFailed(context, bundle);
            }
        } catch (Exception e) {
            try {
                remove(context, bundle, spec);
            } catch (BundleException | IOException too) {
                e.addSuppressed(too);
            }
            throw e instanceof BundleException && e.getCause() instanceof Exception cause ? cause : e;
        }
        Installed started = new Installed(context, bundle);
        running.put(spec.id(), started);
        return () -> {
            running.remove(spec.id(), started);
            remove(context, bundle, spec);
        };
    }

    @Override
    public Set<String> outdated(ComponentSpec spec) {
        Installed started = running.get(spec.id());
        return started == null ? Set.of() : installer.outdated(started.context(), started.bundle());
    }

    /** Stops a bundle, with no lock held while its code runs, and uninstalls it with its configurations, whatever that code throws. */
    private void remove(BundleContext context, Bundle bundle, ComponentSpec spec) throws BundleException, IOException {
        try {
            if (!isFragment(bundle)) {
                bundle.stop();
            }
        } finally {
            try {
                installer.uninstall(context, bundle);
            } finally {
                configurations.take(context, spec);
            }
        }
    }

    static boolean isFragment(Bundle bundle) {
        return bundle.getHeaders().get(Constants.FRAGMENT_HOST) != null;
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
            if (storage != null) {
                storage.remove();
            }
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
