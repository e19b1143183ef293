package io.millwright.shell.gogo.internal.text;

import java.util.Comparator;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.felix.service.command.Converter;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;

/**
 * Finds the bundle that is meant, by its number, symbolic name or location, for Felix's commands ({@code felix:stop 24}): theirs is in
 * Felix's terminal, which a node does without. Thread-safe.
 */
@Component(
        configurationPolicy = ConfigurationPolicy.IGNORE,
        service = Converter.class,
        property = Converter.CONVERTER_CLASSES + "=org.osgi.framework.Bundle")
public final class BundleConverter implements Converter {
    private final BundleContext context;

    /**
     * For Declarative Services.
     *
     * @param context sees all bundles
     */
    @Activate
    public BundleConverter(BundleContext context) {
        this.context = context;
    }

    @Override
    public @Nullable Object convert(Class<?> desiredType, Object in) {
        if (desiredType != Bundle.class || in instanceof Bundle) {
            return null;
        }
        String text = in.toString();
        if (text.matches("\\d{1,18}")) {
            return context.getBundle(Long.parseLong(text));
        }
        // Of several versions the newest, as everywhere in OSGi.
        return Stream.of(context.getBundles())
                .filter(bundle -> text.equals(bundle.getSymbolicName()))
                .max(Comparator.comparing(Bundle::getVersion))
                .orElseGet(() -> context.getBundle(text));
    }

    @Override
    public @Nullable CharSequence format(Object target, int level, Converter escape) {
        return target instanceof Bundle bundle && level == LINE
                ? Objects.requireNonNullElse(bundle.getSymbolicName(), bundle.getLocation()) + " ["
                        + bundle.getBundleId() + "]"
                : null;
    }
}
