package io.millwright.launcher;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.security.ProtectionDomain;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.connect.FrameworkUtilHelper;

/**
 * Tells {@link FrameworkUtil#getBundle(Class)} which bundle a class on the {@link ClassPath} belongs to. Made by the JVM's
 * service loader, hence public and with a static field. Thread-safe.
 */
public final class ClassPathHelper implements FrameworkUtilHelper {
    private static volatile @Nullable BundleContext system;

    /** The location of the bundle of each jar that was asked for; every logger asks. */
    private final Map<ProtectionDomain, String> locations = new ConcurrentHashMap<>();

    /** For the service loader. */
    public ClassPathHelper() {}

    /** The framework to look in from now on. */
    static void use(BundleContext context) {
        system = context;
    }

    @Override
    public Optional<Bundle> getBundle(Class<?> type) {
        BundleContext context = system;
        ProtectionDomain domain = type.getProtectionDomain();
        CodeSource source = domain.getCodeSource();
        if (context == null || source == null || type.getClassLoader() != ClassPathHelper.class.getClassLoader()) {
            return Optional.empty();
        }
        try {
            String location = locations.get(domain);
            if (location == null) {
                location = ClassPath.location(Path.of(source.getLocation().toURI()));
                locations.put(domain, location);
            }
            return Optional.ofNullable(context.getBundle(location));
        } catch (URISyntaxException | IllegalArgumentException | IllegalStateException e) {
            // No file, or the framework has stopped.
            return Optional.empty();
        }
    }
}
