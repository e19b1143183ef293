package io.millwright.shell.gogo.internal.complete;

import io.millwright.controller.api.Signal;
import io.millwright.controller.api.worker.OptionDefinition;
import io.millwright.controller.api.worker.OptionType;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What a word {@code KEY=VALUE} may become, from the definitions of options, those inside objects too. Immutable. */
final class OptionWords {
    private final Set<String> given;

    /**
     * For one command line.
     *
     * @param words those before the word
     */
    OptionWords(List<String> words) {
        given = words.stream()
                .filter(word -> word.indexOf('=') > 0)
                .map(OptionWords::key)
                .collect(Collectors.toUnmodifiableSet());
    }

    private static String key(String word) {
        return word.substring(0, word.indexOf('='));
    }

    /** What the word may become; not only what begins like it. */
    Stream<Suggestion> find(List<OptionDefinition> options, String word) {
        return find(options, "", word);
    }

    /** The same for options that stand below a place in the word: nothing, or an object's key and a dot. */
    private Stream<Suggestion> find(List<OptionDefinition> options, String place, String word) {
        return options.stream().flatMap(option -> one(option, place + option.key(), word));
    }

    private Stream<Suggestion> one(OptionDefinition option, String key, String word) {
        boolean objects = option.type() == OptionType.OBJECTS || option.type() == OptionType.OBJECT_LIST;
        if (objects && word.startsWith(key + ".")) {
            return inside(option, key + ".", word);
        } else if (word.indexOf('=') >= 0) {
            return key(word).equals(key)
                    ? values(option).map(value -> Suggestion.whole(key + "=" + value, ""))
                    : Stream.of();
        } else if (given.contains(key)) {
            return Stream.of();
        }
        boolean named = objects || option.type() == OptionType.VARIABLES;
        return Stream.of(Suggestion.part(key + (named ? "." : "="), option.description()));
    }

    /** Once an object is named its members, before that the names there are; a new name is the caller's to think of. */
    private Stream<Suggestion> inside(OptionDefinition option, String place, String word) {
        int end = word.indexOf('.', place.length());
        int equals = word.indexOf('=');
        if (end >= 0 && (equals < 0 || end < equals)) {
            return find(option.members(), word.substring(0, end + 1), word);
        }
        return names(option, place).stream().map(name -> Suggestion.part(place + name + ".", option.description()));
    }

    private Set<String> names(OptionDefinition option, String place) {
        Set<String> names = new TreeSet<>();
        for (String key : given) {
            int end = key.indexOf('.', place.length());
            if (key.startsWith(place) && end > place.length()) {
                names.add(key.substring(place.length(), end));
            }
        }
        if (option.type() == OptionType.OBJECT_LIST) {
            IntStream.rangeClosed(0, names.size())
                    .mapToObj(String::valueOf)
                    .filter(number -> !names.contains(number))
                    .findFirst()
                    .ifPresent(names::add);
        }
        return names;
    }

    private static Stream<String> values(OptionDefinition option) {
        return switch (option.type()) {
            case BOOLEAN, BOOLEAN_OR_STRINGS -> Stream.of("true", "false");
            case SIGNAL -> Arrays.stream(Signal.values()).map(Signal::text);
            default -> option.allowed().stream();
        };
    }
}
