package io.millwright.controller.internal.osgi;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.Version;

/** The properties of a service, as its kind needs them; what is wrong with them is said in sentences. For one thread. */
final class ServiceProperties {
    private final ServiceReference<?> reference;
    private final String kind;
    private final String bundle;
    private final List<String> problems = new ArrayList<>();

    /** A service that cannot be used as it is. */
    static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1;

        private Refused(String message) {
            super(message);
        }
    }

    /** Takes a service of a kind, for example {@code shutdown trigger}. */
    ServiceProperties(ServiceReference<?> reference, String kind) {
        this.reference = reference;
        this.kind = kind;
        Bundle owner = reference.getBundle();
        bundle = owner == null ? "?" : String.valueOf(owner.getSymbolicName());
    }

    String bundle() {
        return bundle;
    }

    Version version() {
        Bundle owner = reference.getBundle();
        return owner == null ? Version.emptyVersion : owner.getVersion();
    }

    long id() {
        return reference.getProperty(Constants.SERVICE_ID) instanceof Long id ? id : Long.MAX_VALUE;
    }

    /** The ranking, as a framework reads it. */
    int ranking() {
        Object ranking = reference.getProperty(Constants.SERVICE_RANKING);
        if (ranking instanceof Integer number) {
            return number;
        }
        if (ranking != null) {
            complain(Constants.SERVICE_RANKING, "an Integer", "it is taken as 0");
        }
        return 0;
    }

    /** A text that must be there. */
    String text(String key, String what) {
        if (reference.getProperty(key) instanceof String text && !text.isBlank()) {
            return text;
        }
        throw refused(key, what);
    }

    /** A text that must be there and look like this. */
    String text(String key, Pattern form, String what) {
        String text = text(key, what);
        if (!form.matcher(text).matches()) {
            throw refused(key, what);
        }
        return text;
    }

    /** One text or several ({@code String+}); none if the property is missing. */
    Set<String> texts(String key, String what) {
        Object value = reference.getProperty(key);
        if (value == null) {
            return Set.of();
        }
        Collection<?> several = value instanceof Collection<?> all
                ? all
                : value instanceof Object[] all ? List.of(all) : List.of(value);
        Set<String> texts = new LinkedHashSet<>();
        for (Object one : several) {
            if (!(one instanceof String text) || text.isBlank()) {
                throw refused(key, what);
            }
            texts.add(text);
        }
        if (texts.isEmpty()) {
            throw refused(key, what);
        }
        return texts;
    }

    /** A yes or no; no if the property is missing. */
    boolean flag(String key) {
        Object value = reference.getProperty(key);
        if (value == null || value instanceof Boolean) {
            return Boolean.TRUE.equals(value);
        }
        throw refused(key, "a Boolean");
    }

    /** A number of seconds within bounds; anything else is said and replaced. */
    Duration seconds(String key, double least, double most, int otherwise) {
        Object value = reference.getProperty(key);
        if (value instanceof Number number && number.doubleValue() >= least && number.doubleValue() <= most) {
            return Duration.ofMillis((long) (number.doubleValue() * 1000));
        }
        if (value != null) {
            complain(
                    key,
                    "a number of seconds from " + shortest(least) + " to " + shortest(most),
                    "it is taken as " + otherwise);
        }
        return Duration.ofSeconds(otherwise);
    }

    private static String shortest(double number) {
        return number == Math.rint(number) ? String.valueOf((long) number) : String.valueOf(number);
    }

    /** What is wrong, and was replaced by something else. */
    List<String> problems() {
        return problems;
    }

    /** Says that the service is left out because of a property. */
    Refused refused(String key, String what) {
        return new Refused(sentence(key, what, "the " + kind + " is left out"));
    }

    private void complain(String key, String what, String consequence) {
        problems.add(sentence(key, what, consequence));
    }

    private String sentence(String key, String what, String consequence) {
        return "bundle " + bundle + " offers a " + kind + " whose property " + key + " is "
                + shown(reference.getProperty(key)) + "; it must be " + what + "; " + consequence;
    }

    private static String shown(@Nullable Object value) {
        if (value == null) {
            return "missing";
        }
        String text = value instanceof Object[] several ? List.of(several).toString() : value.toString();
        return "'" + text + "' (" + value.getClass().getSimpleName() + ")";
    }
}
