package io.millwright.options;

import io.millwright.controller.api.Problem;
import io.millwright.controller.api.worker.OptionDefinition;
import io.millwright.controller.api.worker.OptionType;
import io.millwright.controller.api.worker.OptionValues;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The objects of one option while they are read: whole or in parts, by name, by index, or by id. For one check and one thread.
 */
final class ObjectParts {
    private static final String ID = "id";
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,62}");
    private static final Pattern INDEX = Pattern.compile("0|[1-9][0-9]{0,5}");

    /** The check of one object: its place, what takes a member, what ends the check, and whether a member was given. */
    record Element(
            String place,
            BiConsumer<String, @Nullable Object> member,
            Supplier<Checked> end,
            Predicate<String> given) {}

    private final OptionDefinition option;
    private final boolean list;
    private final boolean hasId;
    private final Function<String, Element> begin;
    private final BiConsumer<String, String> problem;
    private final Map<String, Element> elements = new LinkedHashMap<>();

    /**
     * Begins without any.
     *
     * @param begin begins the check of the object at a place
     * @param problem takes a place and a sentence
     */
    ObjectParts(OptionDefinition option, Function<String, Element> begin, BiConsumer<String, String> problem) {
        this.option = option;
        this.list = option.type() == OptionType.OBJECT_LIST;
        this.hasId = option.members().stream().anyMatch(member -> member.key().equals(ID));
        this.begin = begin;
        this.problem = problem;
    }

    /** Takes a value of the option's own key. */
    void whole(@Nullable Object value) {
        Object read = value instanceof String text ? JsonSyntax.structure(text) : value;
        if (value == null) {
            problem.accept(option.key(), "has no value (null); give one, or leave the key out");
        } else if (read instanceof Map<?, ?> map) {
            map.forEach((name, members) -> part(String.valueOf(name), members));
        } else if (read != null
                && (read instanceof Collection<?> || read.getClass().isArray())) {
            elements(OptionCoercer.elements(read));
        } else {
            problem.accept(option.key(), OptionSentences.wrong(option, value));
        }
    }

    /** Objects, or assignments where only texts can be given. */
    private void elements(Collection<?> values) {
        int index = 0;
        for (Object value : values) {
            String place = "[" + index + "]";
            int sign = value instanceof String text ? text.indexOf('=') : -1;
            Object read = value instanceof String text ? JsonSyntax.structure(text) : value;
            if (list && read instanceof Map) {
                object(String.valueOf(index), place, read);
            } else if (value instanceof String text && sign > 0 && text.lastIndexOf('.', sign) > 0) {
                part(text.substring(0, sign), text.substring(sign + 1));
            } else {
                problem.accept(
                        option.key() + place,
                        "is not "
                                + (list
                                        ? "an object"
                                        : "NAME." + option.members().get(0).key() + "=value"));
            }
            index++;
        }
    }

    /** Takes a part: the name of an object, a dot and a member's key, or the name alone for the whole object. */
    void part(String path, @Nullable Object value) {
        int dot = path.indexOf('.');
        if (dot < 0) {
            object(path, "." + path, value);
            return;
        }
        Element element = element(path.substring(0, dot), "." + path.substring(0, dot));
        if (element != null) {
            element.member().accept(path.substring(dot + 1), value);
        }
    }

    private void object(String name, String place, @Nullable Object value) {
        Object read = value instanceof String text ? JsonSyntax.structure(text) : value;
        if (!(read instanceof Map<?, ?> members)) {
            problem.accept(option.key() + place, "must be an object of options");
            return;
        }
        Element element = element(name, place);
        if (element != null) {
            members.forEach((key, member) -> element.member().accept(String.valueOf(key), member));
        }
    }

    private @Nullable Element element(String name, String place) {
        boolean good = list
                ? INDEX.matcher(name).matches() || hasId && NAME.matcher(name).matches()
                : NAME.matcher(name).matches();
        if (!good) {
            String right = list
                    ? "is no number of an element" + (hasId ? " and no id" : "") + "; count from 0"
                    : "is no name; use a letter, then letters, digits, '_' and '-'";
            problem.accept(option.key() + place, "'" + name + "' " + right);
            return null;
        }
        return elements.computeIfAbsent(name, key -> begin.apply(option.key() + place));
    }

    /** Ends: the values of all, or of those that are good; problems are added. */
    Object finish(List<Problem> problems) {
        if (list) {
            return finishList(problems);
        }
        Map<String, OptionValues> values = new TreeMap<>();
        elements.forEach((name, element) -> values.put(name, end(element, problems)));
        return java.util.Collections.unmodifiableMap(values);
    }

    private static OptionValues end(Element element, List<Problem> problems) {
        Checked checked = element.end().get();
        problems.addAll(checked.problems());
        return checked.values();
    }

    private List<OptionValues> finishList(List<Problem> problems) {
        TreeMap<Integer, Element> numbered = new TreeMap<>();
        TreeMap<String, Element> named = new TreeMap<>();
        elements.forEach((name, element) -> {
            if (INDEX.matcher(name).matches()) {
                numbered.put(Integer.valueOf(name), element);
            } else {
                named.put(name, element);
                if (!element.given().test(ID)) {
                    element.member().accept(ID, name);
                }
            }
        });
        if (!numbered.isEmpty() && numbered.lastKey() != numbered.size() - 1) {
            int missing = 0;
            while (numbered.containsKey(missing)) {
                missing++;
            }
            problem.accept(
                    option.key(),
                    "element " + numbered.lastKey() + " is there and element " + missing
                            + " is not; count from 0 without gaps");
        }
        List<OptionValues> values = new ArrayList<>();
        Map<String, String> ids = new HashMap<>();
        List<Element> all = new ArrayList<>(numbered.values());
        all.addAll(named.values());
        for (Element element : all) {
            OptionValues checked = end(element, problems);
            Object id = hasId ? checked.any(ID) : null;
            String first = id == null ? null : ids.putIfAbsent(id.toString(), element.place());
            if (first != null) {
                problems.add(Problem.definition(
                        element.place() + "." + ID, "'" + id + "' is the id of " + first + " too; give each its own"));
            }
            values.add(checked);
        }
        return List.copyOf(values);
    }
}
