package io.millwright.launcher;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Optional;
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

    /** For the service loader. */
    public ClassPathHelper() {}

    /** The framework to look in from now on. */
    static void use(BundleContext context) {
        system = context;
    }

    @Override
    public Optional<Bundle> getBundle(Class<?> type) {
        BundleContext context = system;
        CodeSource source = type.getProtectionDomain().getCodeSource();
        if (context == null || source == null || type.getClassLoader() != ClassPathHelper.class.getClassLoader()) {
            return Optional.empty();
        }
        try {
            Path jar = Path.of(source.getLocation().toURI());
            return Optional.ofNullable(context.getBundle(ClassPath.location(jar)));
        } catch (URISyntaxException | IllegalArgumentException | IllegalStateException e) {
            // No file, or the framework has stopped.
            return Optional.empty();
        }
    }
}
