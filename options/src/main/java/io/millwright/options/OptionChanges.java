package io.millwright.options;

import io.millwright.controller.api.worker.OptionDefinition;
import io.millwright.controller.api.worker.OptionDefinition.Change;
import io.millwright.controller.api.worker.OptionType;
import io.millwright.controller.api.worker.OptionValues;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Tells by what two values of the same options differ. Thread-safe. */
public final class OptionChanges {
    private OptionChanges() {}

    /**
     * The keys whose values differ; of objects each member for itself, or the object if it is new or gone.
     *
     * @param definitions the options there are
     * @param before what was in force
     * @param after what is to be
     * @param restartOnly whether only those count whose change needs a restart
     * @return sorted keys such as {@code stop.signal} and {@code sockets.web.listen}
     */
    public static Set<String> keys(
            Collection<OptionDefinition> definitions, OptionValues before, OptionValues after, boolean restartOnly) {
        Set<String> keys = new TreeSet<>();
        collect("", definitions, before, after, restartOnly, keys);
        return keys;
    }

    private static void collect(
            String prefix,
            Collection<OptionDefinition> definitions,
            OptionValues before,
            OptionValues after,
            boolean restartOnly,
            Set<String> keys) {
        for (OptionDefinition option : definitions) {
            String path = prefix + option.key();
            boolean counts = !restartOnly || option.change() == Change.RESTART;
            if (Objects.equals(before.any(option.key()), after.any(option.key()))) {
                continue;
            } else if (option.members().isEmpty()) {
                if (counts) {
                    keys.add(path);
                }
                continue;
            }
            Map<String, OptionValues> old = byName(option, before);
            Map<String, OptionValues> young = byName(option, after);
            Set<String> names = new TreeSet<>(old.keySet());
            names.addAll(young.keySet());
            int found = keys.size();
            for (String name : names) {
                OptionValues one = old.get(name);
                OptionValues other = young.get(name);
                if (one != null && other != null) {
                    collect(path + "." + name + ".", option.members(), one, other, restartOnly, keys);
                } else if (counts) {
                    keys.add(path + "." + name);
                }
            }
            boolean reordered = !old.isEmpty() && old.keySet().equals(young.keySet()) && old.equals(young);
            if (counts && reordered && found == keys.size()) {
                keys.add(path);
            }
        }
    }

    /** Each object by its name, its id, or its place in the list. */
    private static Map<String, OptionValues> byName(OptionDefinition option, OptionValues values) {
        if (option.type() == OptionType.OBJECTS) {
            return values.objects(option.key());
        }
        Map<String, OptionValues> all = new LinkedHashMap<>();
        for (OptionValues element : values.objectList(option.key())) {
            @Nullable Object id = element.any("id");
            all.put(id == null ? String.valueOf(all.size()) : id.toString(), element);
        }
        return all;
    }
}
