package io.millwright.launcher;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.connect.ConnectModule;
import org.osgi.framework.connect.ModuleConnector;

/**
 * The bundles of the distribution that are on the JVM's class path too, as {@code bin/millwright} puts them: their classes
 * come from there and not from class loaders of the framework, because only those does the JVM's class-data archive hold
 * ready for use (OSGi Core 8, chapter 60, Connect). Immutable; one for the process.
 */
final class ClassPath implements ModuleConnector {
    private static final String SCHEME = "classpath:";

    /** The jars on it and what they were when the process began. */
    private final Map<Path, String> stamps = new HashMap<>();

    /** @param entries files as in the system property {@code java.class.path}; those that are not there are left out */
    ClassPath(String entries) {
        for (String entry : entries.split(File.pathSeparator)) {
            Path file = Path.of(entry).toAbsolutePath();
            try {
                stamps.put(file, BundleFolders.stamp(file));
            } catch (IOException e) {
                // Not there, so no bundle is there either.
            }
        }
    }

    /**
     * Whether the classes of all these bundles can come from the class path. Not if only some can: a class on it never sees
     * one that is not. And not if a jar has changed since the process began, which a restart of the node takes up then.
     */
    boolean holds(List<BundleFolders.Jar> jars) {
        return jars.stream().allMatch(jar -> jar.stamp().equals(stamps.get(jar.file())));
    }

    /** The location that makes the framework ask this class for the bundle. */
    static String location(Path jar) {
        return SCHEME + jar;
    }

    @Override
    public void initialize(File storage, Map<String, String> configuration) {
        // knows all it needs
    }

    @Override
    public Optional<ConnectModule> connect(String location) {
        if (!location.startsWith(SCHEME)) {
            return Optional.empty();
        }
        File jar = new File(location.substring(SCHEME.length()));
        return Optional.of(() -> new ClassPathContent(jar));
    }

    @Override
    public Optional<BundleActivator> newBundleActivator() {
        return Optional.empty();
    }
}
