package io.millwright.remote.wamp.internal;

import io.millwright.options.NearestKey;
import io.millwright.options.OptionChecker;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Checks names and types of a configuration's options against the form of its Metatype. Stateless. */
final class Form {
    private Form() {}

    /**
     * Checks a configuration.
     *
     * @param form an annotation whose elements are the options, {@code _} for a dot
     * @param properties what the configuration says
     * @throws IllegalArgumentException with a sentence for each option that is none, or that has no value of its type
     */
    static void check(Class<? extends Annotation> form, Map<String, ?> properties) {
        Map<String, Class<?>> options = options(form);
        List<String> faults = new ArrayList<>();
        new TreeMap<>(OptionChecker.stripReserved(properties)).forEach((key, value) -> {
            Class<?> type = options.get(key);
            if (type == null) {
                faults.add("'" + key + "' is not an option; " + NearestKey.advice(key, options.keySet()));
            } else if (!isOf(type, value)) {
                faults.add("'" + key + "' is " + (type == int.class ? "a whole number" : "true or false") + ", and is '"
                        + value + "'");
            }
        });
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", faults));
        }
    }

    /** Names and types of the options of a form. */
    static Map<String, Class<?>> options(Class<? extends Annotation> form) {
        Map<String, Class<?>> options = new TreeMap<>();
        Arrays.stream(form.getDeclaredMethods())
                .filter(method -> !method.isSynthetic())
                .forEach(method -> options.put(key(method), method.getReturnType()));
        return options;
    }

    private static String key(Method option) {
        return option.getName().replace('_', '.');
    }

    /** Whether a value, or the text of one, is of a type; Declarative Services take any as a text or a list. */
    private static boolean isOf(Class<?> type, @Nullable Object value) {
        String text = String.valueOf(value).strip().toLowerCase(Locale.ROOT);
        if (type == int.class) {
            return isInt(text);
        }
        return type != boolean.class || text.equals("true") || text.equals("false");
    }

    private static boolean isInt(String text) {
        try {
            Integer.parseInt(text);
            return true;
        } catch (NumberFormatException e) {
            return false;
        }
    }
}
