package io.millwright.config.etc.internal;

import io.millwright.controller.api.ConfigurationSource;
import io.millwright.controller.api.Problem;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/**
 * A framework with Felix's Config Admin and File Install and this module's bundle, in the order of the distribution, over a node
 * directory. File Install looks by itself but once an hour.
 */
final class EtcFramework implements AutoCloseable {
    final Path etc;
    final Path deploy;
    private final Framework framework;

    EtcFramework(Path directory, Path scratch) throws Exception {
        etc = Files.createDirectories(directory.resolve("etc"));
        deploy = Files.createDirectories(directory.resolve("deploy"));
        Map<String, String> properties = new HashMap<>();
        properties.put(
                "org.osgi.framework.storage", scratch.resolve("framework").toString());
        properties.put("org.osgi.framework.storage.clean", "onFirstInit");
        properties.put("felix.cm.dir", directory.resolve("config").toString());
        properties.put("felix.fileinstall.dir", etc + "," + deploy);
        properties.put("felix.fileinstall.tmpdir", scratch.resolve("tmp").toString());
        properties.put("felix.fileinstall.poll", "3600000");
        properties.put("felix.fileinstall.noInitialDelay", "true");
        properties.put("felix.fileinstall.disableNio2", "true");
        properties.put("felix.fileinstall.log.level", "0");
        properties.put("felix.fileinstall.configEncoding", "UTF-8");
        properties.put("felix.fileinstall.enableConfigSave", "false");
        properties.put("millwright.mode", "run");
        properties.put("known", "value");
        properties.put(
                "org.osgi.framework.system.packages.extra",
                "org.osgi.service.cm;version=1.6.1,org.slf4j;version=2.0.0,io.millwright.controller.api;version=1.1.0");
        framework = ServiceLoader.load(FrameworkFactory.class)
                .findFirst()
                .orElseThrow()
                .newFramework(properties);
        framework.init();
        install("io.millwright.config.etc.internal.Activator");
        install("org.apache.felix.cm.impl.CaseInsensitiveDictionary");
        install("org.apache.felix.fileinstall.ArtifactInstaller");
        framework.start();
    }

    private void install(String className) throws Exception {
        String jar = Class.forName(className)
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toString();
        context().installBundle("reference:" + jar).start();
    }

    BundleContext context() {
        return framework.getBundleContext();
    }

    ConfigurationAdmin admin() {
        return Objects.requireNonNull(
                context().getService(Objects.requireNonNull(context().getServiceReference(ConfigurationAdmin.class))));
    }

    /** Configurations by PID. */
    Map<String, Map<String, Object>> all() {
        Map<String, Map<String, Object>> all = new TreeMap<>();
        try {
            Configuration[] found = admin().listConfigurations(null);
            for (Configuration configuration : found == null ? new Configuration[0] : found) {
                try {
                    Dictionary<String, Object> properties = configuration.getProperties();
                    if (properties != null) {
                        all.put(configuration.getPid(), new TreeMap<>(FrameworkUtil.asMap(properties)));
                    }
                } catch (IllegalStateException deletedMeanwhile) {
                    continue;
                }
            }
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        return all;
    }

    /** What a file has become; empty if nothing. */
    Map<String, Object> of(Path file) {
        return all().values().stream()
                .filter(values -> Configurations.key(file).equals(values.get(Configurations.FILE)))
                .findFirst()
                .orElse(Map.of());
    }

    /** Has a file taken as File Install does that has seen a change of it, in this thread. */
    void look(Path file) throws Exception {
        for (ServiceReference<?> reference :
                Objects.requireNonNull(context().getAllServiceReferences(ConfigurationSource.class.getName(), null))) {
            // of the bundle's own class
            Object files = Objects.requireNonNull(context().getService(reference));
            Method update = files.getClass().getMethod("update", File.class);
            update.setAccessible(true);
            update.invoke(files, file.toFile());
        }
    }

    List<Problem> problems() {
        try {
            // All: of a system bundle's context the framework believes that it does not know the class.
            ServiceReference<?>[] found = context().getAllServiceReferences(ConfigurationSource.class.getName(), null);
            return Stream.of(Objects.requireNonNull(found))
                    .map(reference -> (ConfigurationSource)
                            Objects.requireNonNull(context().getService(reference)))
                    .flatMap(source -> source.problems().stream())
                    .toList();
        } catch (InvalidSyntaxException e) {
            throw new AssertionError(e);
        }
    }

    /** Where a bundle was installed from, {@code null} if it is not there. */
    @Nullable
    Path fileOf(String symbolicName) {
        for (Bundle bundle : context().getBundles()) {
            if (symbolicName.equals(bundle.getSymbolicName()) && bundle.getState() == Bundle.ACTIVE) {
                return Path.of(URI.create(bundle.getLocation()));
            }
        }
        return null;
    }

    @Override
    public void close() throws IOException {
        try {
            framework.stop();
            framework.waitForStop(10_000);
        } catch (BundleException | InterruptedException e) {
            throw new IOException(e);
        }
    }
}
