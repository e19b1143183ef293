package io.millwright.config.etc.internal;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Bundles in the files of the watched folders. Stateless; blocks for the files. */
final class Jars {
    private static final Logger LOG = LoggerFactory.getLogger(Jars.class);

    private Jars() {}

    /** Whether a bundle was installed from a file of one of the folders. */
    static boolean isIn(List<Path> folders, Bundle bundle) {
        try {
            Path parent = Path.of(URI.create(bundle.getLocation())).getParent();
            return parent != null && folders.contains(parent.normalize());
        } catch (RuntimeException e) {
            return false; // of no file
        }
    }

    /** Whether there is a file that holds a bundle of the same name and version as one that is gone. */
    static boolean holdsAnother(List<Path> folders, Bundle gone) {
        return folders.stream().anyMatch(folder -> {
            try (Stream<Path> files = Files.list(folder)) {
                return files.filter(file -> file.toString().endsWith(".jar")).anyMatch(file -> isSame(file, gone));
            } catch (IOException e) {
                LOG.debug("{} cannot be listed", folder, e);
                return false;
            }
        });
    }

    /** Why a file can be no bundle, {@code null} if it can. */
    static @Nullable String fault(Path file) {
        try (JarFile jar = new JarFile(file.toFile())) {
            Manifest manifest = jar.getManifest();
            return manifest != null && manifest.getMainAttributes().getValue(Constants.BUNDLE_SYMBOLICNAME) != null
                    ? null
                    : "it is no bundle, for its manifest has no " + Constants.BUNDLE_SYMBOLICNAME;
        } catch (IOException e) {
            return "it cannot be read as a jar (" + e.getMessage() + "); put a whole copy there";
        }
    }

    private static boolean isSame(Path file, Bundle bundle) {
        try (JarFile jar = new JarFile(file.toFile())) {
            Manifest manifest = jar.getManifest();
            if (manifest == null) {
                return false;
            }
            Attributes attributes = manifest.getMainAttributes();
            String name = attributes.getValue(Constants.BUNDLE_SYMBOLICNAME);
            String version = attributes.getValue(Constants.BUNDLE_VERSION);
            return name != null
                    && name.split(";", 2)[0].trim().equals(bundle.getSymbolicName())
                    && Version.parseVersion(version).equals(bundle.getVersion());
        } catch (IOException | IllegalArgumentException e) {
            LOG.debug("{} is no bundle", file, e);
            return false;
        }
    }
}
