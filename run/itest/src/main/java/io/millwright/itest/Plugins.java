package io.millwright.itest;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarInputStream;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.wiring.FrameworkWiring;

/** Does to bundles what an operator does. Each method returns when it is done. */
final class Plugins {
    /** Every bundle of ours but the API and the controller. */
    static final List<String> OURS = List.of(
            "io.millwright.worker.guest",
            "io.millwright.shutdown.triggers",
            "io.millwright.watcher.fs",
            "io.millwright.monitor.oshi",
            "io.millwright.config.file",
            "io.millwright.shell.gogo",
            "io.millwright.shell.local");

    private Plugins() {}

    /** The file a bundle was installed from. */
    static Path jar(Bundle bundle) {
        String location = bundle.getLocation().replaceFirst("^reference:", "");
        return Path.of(URI.create(location));
    }

    static void update(Bundle bundle, Path jar) throws BundleException, IOException {
        try (InputStream content = Files.newInputStream(jar)) {
            bundle.update(content);
        }
    }

    /** A copy of a bundle's file that says it is version 0.9.0. */
    static Path newer(Path jar, Path directory) throws IOException {
        Path copy = directory.resolve("newer-" + jar.getFileName());
        try (JarInputStream from = new JarInputStream(Files.newInputStream(jar))) {
            Manifest manifest = from.getManifest();
            manifest.getMainAttributes().putValue(Constants.BUNDLE_VERSION, "0.9.0");
            try (JarOutputStream to = new JarOutputStream(Files.newOutputStream(copy), manifest)) {
                for (JarEntry entry = from.getNextJarEntry(); entry != null; entry = from.getNextJarEntry()) {
                    to.putNextEntry(new JarEntry(entry.getName()));
                    from.transferTo(to);
                }
            }
        }
        return copy;
    }

    static void refresh(BundleContext context, Collection<Bundle> bundles) throws InterruptedException {
        CountDownLatch refreshed = new CountDownLatch(1);
        context.getBundle(0).adapt(FrameworkWiring.class).refreshBundles(List.copyOf(bundles), event -> {
            if (event.getType() == FrameworkEvent.PACKAGES_REFRESHED) {
                refreshed.countDown();
            }
        });
        if (!refreshed.await(60, TimeUnit.SECONDS)) {
            throw new AssertionError("no refresh of " + bundles + " within a minute");
        }
    }
}
