package io.millwright.worker.runtime.container;

import io.millwright.worker.runtime.internal.Birth;
import io.millwright.worker.runtime.internal.Channel;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.connect.ConnectFrameworkFactory;
import org.osgi.framework.launch.Framework;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;

/**
 * Runs bundles in one OSGi framework with Declarative Services and Config Admin, which is made with the first of them. A bundle is installed
 * anew at each start, so a restart takes a new file. Thread-safe.
 */
final class BundleHost implements ComponentHost {
    /** What bundles get from the class path, with versions that their imports accept. */
    private static final String PACKAGES = "org.osgi.service.component;version=1.5.1,"
            + "org.osgi.service.component.runtime;version=1.5.1,org.osgi.service.component.runtime.dto;version=1.5.1,"
            + "org.osgi.service.component.propertytypes;version=1.5.1,org.osgi.service.cm;version=1.6.1,"
            + "org.osgi.util.promise;version=1.3.0,org.osgi.util.function;version=1.2.0,"
            + "org.slf4j;version=2.0.20,org.slf4j;version=1.7.36,org.slf4j.event;version=2.0.20,org.slf4j.helpers;version=2.0.20,"
            + "org.slf4j.spi;version=2.0.20,io.millwright.worker.runtime;version=1.0.0,io.millwright.wamp;version=1.0.0,"
            + "io.millwright.wamp.client;version=1.0.0,io.millwright.wamp.message;version=1.0.0";

    private final Birth birth;
    private final OwnBundles own;
    private final BundleFiles files;
    private final Channel channel;
    private @Nullable Framework framework;
    private @Nullable Path temporary;

    /**
     * No framework yet.
     *
     * @param own the folder of the bundles that it begins with, each of which is on the class path too
     * @param channel gets the procedures of services
     */
    BundleHost(Birth birth, Path own, Channel channel) {
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

    /** Where the framework has its bundles, for this run: of the node's folders a worker of another user can write to none. */
    private Path storage() throws IOException {
        Path storage = birth.nodeDirectory().resolve("cache/containers").resolve(birth.id());
        try {
            Files.createDirectories(storage);
            if (Files.isWritable(storage)) {
                return storage;
            }
        } catch (IOException e) {
            // Then it is as if it could not be written to.
        }
        temporary = Files.createTempDirectory("millwright-" + birth.id() + "-");
        return temporary;
    }

    private Framework begin() throws BundleException, IOException {
        Map<String, String> settings = new HashMap<>();
        settings.put("org.osgi.framework.storage", storage().toString());
        settings.put("org.osgi.framework.storage.clean", "onFirstInit");
        settings.put("org.osgi.framework.system.packages.extra", PACKAGES);
        settings.put("felix.resolver.parallelism", "1");
        settings.put("felix.log.level", "1");
        Framework made = ServiceLoader.load(ConnectFrameworkFactory.class)
                .findFirst()
                .orElseThrow(() -> new IOException("there is no OSGi framework on the class path"))
                .newFramework(settings, own);
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
        Bundle bundle;
        try (InputStream in = Files.newInputStream(file)) {
            bundle = context.installBundle("component:" + spec.id(), in);
        }
        try {
            bundle.start();
            throwIfFailed(context, bundle);
        } catch (Exception e) {
            bundle.uninstall();
            throw e instanceof BundleException && e.getCause() instanceof Exception cause ? cause : e;
        }
        return () -> {
            bundle.stop();
            bundle.uninstall();
        };
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
            if (temporary != null) {
                delete(temporary);
            }
        } catch (BundleException e) {
            throw new IllegalStateException("the framework does not stop", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException | UncheckedIOException e) {
            // The system's temporary folder is cleared by the system.
        }
    }
}
