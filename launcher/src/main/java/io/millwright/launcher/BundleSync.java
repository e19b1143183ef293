package io.millwright.launcher;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.startlevel.BundleStartLevel;

/**
 * Makes the framework hold exactly the distribution's bundles besides those users installed. What the framework
 * remembers from the last run is kept unless the jar changed, so that a bundle someone stopped stays stopped.
 */
final class BundleSync {
    private final Path stampFile;

    /** @param stampFile remembers which jars were installed; lives and dies with the framework's storage */
    BundleSync(Path stampFile) {
        this.stampFile = stampFile;
    }

    /** Installs, updates and removes; for a framework that is initialized and not started. */
    void apply(BundleContext system, List<BundleFolders.Jar> jars) throws LauncherException {
        Properties known = read();
        Properties now = new Properties();
        jars.forEach(jar -> now.setProperty(jar.location(), jar.stamp()));
        // Removed ones first: a moved or upgraded jar has the same symbolic name at another location.
        for (String location : known.stringPropertyNames()) {
            Bundle stale = now.containsKey(location) ? null : system.getBundle(location);
            if (stale != null) {
                uninstall(stale);
            }
        }
        for (BundleFolders.Jar jar : jars) {
            Bundle installed = system.getBundle(jar.location());
            if (installed == null || !jar.stamp().equals(known.getProperty(jar.location()))) {
                install(system, jar, installed);
            }
        }
        if (!known.equals(now)) {
            write(now);
        }
    }

    private static void install(BundleContext system, BundleFolders.Jar jar, @Nullable Bundle old)
            throws LauncherException {
        try {
            Bundle bundle = old == null ? system.installBundle(jar.location()) : old;
            if (old != null) {
                old.update();
            }
            bundle.adapt(BundleStartLevel.class).setStartLevel(jar.startLevel());
            if (bundle.getHeaders("").get(Constants.FRAGMENT_HOST) == null) {
                bundle.start();
            }
        } catch (BundleException e) {
            throw LauncherException.failed("cannot install the bundle " + jar.file() + ": " + Reason.of(e));
        }
    }

    private static void uninstall(Bundle bundle) throws LauncherException {
        try {
            bundle.uninstall();
        } catch (BundleException e) {
            throw LauncherException.failed("cannot remove the old bundle " + bundle.getLocation()
                    + ", which the installation no longer has: " + Reason.of(e));
        }
    }

    private Properties read() throws LauncherException {
        Properties known = new Properties();
        if (Files.exists(stampFile)) {
            try (Reader reader = Files.newBufferedReader(stampFile, StandardCharsets.UTF_8)) {
                known.load(reader);
            } catch (IOException | IllegalArgumentException e) {
                throw LauncherException.failed("cannot read " + stampFile + ": " + Reason.of(e) + "; delete "
                        + stampFile.getParent() + " while the node is down");
            }
        }
        return known;
    }

    private void write(Properties now) throws LauncherException {
        try (Writer writer = Files.newBufferedWriter(stampFile, StandardCharsets.UTF_8)) {
            now.store(writer, null);
        } catch (IOException e) {
            throw LauncherException.failed("cannot write " + stampFile + ": " + Reason.of(e));
        }
    }
}
