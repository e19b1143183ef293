package io.millwright.shell.gogo.internal;

import io.millwright.shell.gogo.internal.complete.Operand;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How one command is called: its help, and the parser of its arguments. Immutable. */
public final class Usage {
    private static final String JSON = "--json";
    private static final int UNBOUNDED = Integer.MAX_VALUE;

    private final String name;
    private final String synopsis;
    private final String help;
    private final Set<String> flags;
    private final Set<String> options;
    private final Set<String> optionalOptions;
    private final int minWords;
    private final int maxWords;
    private final List<Operand> operands;
    private final Map<String, Operand> values;

    private Usage(
            String name,
            String synopsis,
            String help,
            Set<String> flags,
            Set<String> options,
            Set<String> optionalOptions,
            int minWords,
            int maxWords,
            List<Operand> operands,
            Map<String, Operand> values) {
        this.name = name;
        this.synopsis = synopsis;
        this.help = help;
        this.flags = flags;
        this.options = options;
        this.optionalOptions = optionalOptions;
        this.minWords = minWords;
        this.maxWords = maxWords;
        this.operands = operands;
        this.values = values;
    }

    /**
     * A command without options but {@code --json} and {@code --help}, and without words.
     *
     * @param name scope and function, for example {@code worker:list}
     * @param synopsis what follows the name
     * @param help sentences, and a line for each option
     * @return the usage
     */
    public static Usage of(String name, String synopsis, String help) {
        return new Usage(name, synopsis, help, Set.of(JSON), Set.of(), Set.of(), 0, 0, List.of(), Map.of());
    }

    /**
     * With options that take no value.
     *
     * @param names with their dashes
     * @return a copy that knows them too
     */
    public Usage flags(String... names) {
        Set<String> all = new HashSet<>(flags);
        all.addAll(List.of(names));
        return new Usage(name, synopsis, help, all, options, optionalOptions, minWords, maxWords, operands, values);
    }

    /**
     * With options that take a value.
     *
     * @param names with their dashes
     * @return a copy that knows them
     */
    public Usage options(String... names) {
        return new Usage(
                name, synopsis, help, flags, Set.of(names), optionalOptions, minWords, maxWords, operands, values);
    }

    /**
     * With {@code --json} taking a file when a word follows it.
     *
     * @return a copy that does
     */
    public Usage jsonMayTakeFile() {
        return new Usage(name, synopsis, help, flags, options, Set.of(JSON), minWords, maxWords, operands, values);
    }

    /**
     * With words.
     *
     * @param min at least how many
     * @param max at most how many
     * @return a copy that takes them
     */
    public Usage words(int min, int max) {
        return new Usage(name, synopsis, help, flags, options, optionalOptions, min, max, operands, values);
    }

    /**
     * With any number of words.
     *
     * @param min at least how many
     * @return a copy that takes them
     */
    public Usage wordsFrom(int min) {
        return words(min, UNBOUNDED);
    }

    /**
     * With what the words are, for completion.
     *
     * @param words one after another; where more words are taken than these, those are what the last is
     * @return a copy that knows
     */
    public Usage takes(Operand... words) {
        return new Usage(
                name, synopsis, help, flags, options, optionalOptions, minWords, maxWords, List.of(words), values);
    }

    /**
     * With what the value of an option is, for completion.
     *
     * @param option its name
     * @param value what it takes
     * @return a copy that knows
     */
    public Usage value(String option, Operand value) {
        Map<String, Operand> all = new HashMap<>(values);
        all.put(option, value);
        return new Usage(name, synopsis, help, flags, options, optionalOptions, minWords, maxWords, operands, all);
    }

    /**
     * The name.
     *
     * @return scope and function
     */
    public String name() {
        return name;
    }

    /**
     * The options there are, but for {@code --help}.
     *
     * @return with their dashes
     */
    public Set<String> names() {
        Set<String> names = new HashSet<>(flags);
        names.addAll(options);
        return names;
    }

    /**
     * What the value of an option is.
     *
     * @param option its name
     * @return {@code null} if it is none that takes one
     */
    public @Nullable Operand value(String option) {
        return options.contains(option) || optionalOptions.contains(option)
                ? values.getOrDefault(option, Operand.OTHER)
                : null;
    }

    /**
     * What the word at a place is.
     *
     * @param index from 0, options not counted
     * @return what it is
     */
    public Operand operand(int index) {
        if (operands.isEmpty() || index >= maxWords) {
            return Operand.OTHER;
        }
        return operands.get(Math.min(index, operands.size() - 1));
    }

    /**
     * The usage line.
     *
     * @return {@code usage: NAME SYNOPSIS}
     */
    public String line() {
        return synopsis.isEmpty() ? "usage: " + name : "usage: " + name + " " + synopsis;
    }

    /**
     * What {@code --help} prints.
     *
     * @return the usage line and the help
     */
    public String help() {
        return line() + "\n\n" + help.stripTrailing();
    }

    /**
     * Reads a command line.
     *
     * @param arguments the words after the command's name
     * @return what they say
     * @throws UsageError if they are none of this command's
     */
    public Arguments parse(List<String> arguments) {
        Map<String, @Nullable String> given = new HashMap<>();
        List<String> words = new ArrayList<>();
        List<String> rest = null;
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            if (argument.equals("--")) {
                rest = List.copyOf(arguments.subList(i + 1, arguments.size()));
                break;
            } else if (argument.startsWith("-") && argument.length() > 1) {
                String next = i + 1 < arguments.size() ? arguments.get(i + 1) : null;
                if (option(argument, next, given)) {
                    i++;
                }
            } else {
                words.add(argument);
            }
        }
        Arguments parsed = new Arguments(given, words, rest);
        if (!parsed.has("--help")) {
            count(words);
        }
        return parsed;
    }

    /** Takes one option; returns whether the next argument was its value. */
    private boolean option(String argument, @Nullable String next, Map<String, @Nullable String> given) {
        int equals = argument.indexOf('=');
        String key = equals < 0 ? argument : argument.substring(0, equals);
        if (key.equals("--help") || key.equals("-h")) {
            given.put("--help", null);
            return false;
        }
        if (!flags.contains(key) && !options.contains(key)) {
            throw new UsageError("option '" + key + "' is not known to " + name + "; " + known()
                    + " (a word that begins with '-' goes after '--')");
        }
        boolean takesValue = options.contains(key) || optionalOptions.contains(key);
        if (equals >= 0) {
            if (!takesValue) {
                throw new UsageError("option '" + key + "' takes no value");
            }
            given.put(key, argument.substring(equals + 1));
            return false;
        }
        if (optionalOptions.contains(key)) {
            boolean isValue = next != null && (next.equals("-") || !next.startsWith("-"));
            given.put(isValue ? key : key + " ", isValue ? next : null);
            return isValue;
        }
        if (takesValue) {
            if (next == null || next.equals("--")) {
                throw new UsageError("option '" + key + "' needs a value");
            }
            given.put(key, next);
            return true;
        }
        given.put(key, null);
        return false;
    }

    private String known() {
        List<String> all = new ArrayList<>(flags);
        all.addAll(options);
        all.add("--help");
        all.sort(null);
        return "it knows " + String.join(", ", all);
    }

    private void count(List<String> words) {
        if (words.size() < minWords) {
            throw new UsageError(
                    minWords - words.size() == 1
                            ? "a word is missing"
                            : (minWords - words.size()) + " words are missing");
        }
        if (words.size() > maxWords) {
            throw new UsageError("'" + words.get(maxWords) + "' is one word too many");
        }
    }

    /**
     * A command line that was read.
     *
     * @param given options by name; a name with a space after it is an option that could have had a value and has none
     * @param words what is no option
     * @param rest what stands after {@code --}, {@code null} if there is none
     */
    public record Arguments(Map<String, @Nullable String> given, List<String> words, @Nullable List<String> rest) {
        /**
         * Whether an option was given without a value.
         *
         * @param option with its dashes
         * @return true if it was
         */
        public boolean has(String option) {
            return given.containsKey(option + " ") || (given.containsKey(option) && given.get(option) == null);
        }

        /**
         * The value of an option.
         *
         * @param option with its dashes
         * @return the value, {@code null} if it was not given
         */
        public @Nullable String value(String option) {
            return given.get(option);
        }

        /**
         * The value of an option that is a whole number.
         *
         * @param option with its dashes
         * @param absent what it is if not given
         * @return the number, at least 0
         */
        public int number(String option, int absent) {
            String value = value(option);
            if (value == null) {
                return absent;
            }
            try {
                int number = Integer.parseInt(value);
                if (number >= 0) {
                    return number;
                }
            } catch (NumberFormatException e) {
                // said below
            }
            throw new UsageError("option '" + option + "' needs a whole number from 0 on, not '" + value + "'");
        }

        /**
         * The words, those after {@code --} too.
         *
         * @return all of them
         */
        public List<String> allWords() {
            if (rest == null) {
                return words;
            }
            List<String> all = new ArrayList<>(words);
            all.addAll(rest);
            return all;
        }
    }
}
