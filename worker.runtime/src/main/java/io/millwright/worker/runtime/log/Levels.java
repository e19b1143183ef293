package io.millwright.worker.runtime.log;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The least levels that are logged, for all loggers and for some. Thread-safe. */
public final class Levels {
    /** The levels, the least talkative first; nothing is logged at {@code off}. */
    public static final List<String> WORDS = List.of("off", "error", "warn", "info", "debug", "trace");

    /** By the beginning of a logger's name, by whole segments; the empty text is for all. */
    private static final Map<String, Integer> SET = new ConcurrentHashMap<>(Map.of("", WORDS.indexOf("info")));

    private static volatile @Nullable BiConsumer<String, Integer> listener;

    private Levels() {}

    /**
     * A level by its name, in capitals or not.
     *
     * @return its place in {@link #WORDS}
     * @throws IllegalArgumentException if there is none, with a sentence
     */
    public static int parse(String word) {
        int level = WORDS.indexOf(word.toLowerCase(Locale.ROOT));
        if (level < 0) {
            throw new IllegalArgumentException("the log level '" + word + "' is none; it must be one of " + WORDS);
        }
        return level;
    }

    /**
     * Sets one.
     *
     * @param logger the logger and those below it; empty for all that have none of their own
     * @param level as {@link #parse} answers
     */
    public static void set(String logger, int level) {
        SET.put(logger, level);
        BiConsumer<String, Integer> told = listener;
        if (told != null) {
            told.accept(logger, level);
        }
    }

    /** Tells what is set, and what will be. */
    static void tell(BiConsumer<String, Integer> news) {
        listener = news;
        SET.forEach(news);
    }

    /** Whether a logger logs at a level. */
    static boolean isOn(String logger, int level) {
        String name = logger;
        while (true) {
            Integer set = SET.get(name);
            if (set != null) {
                return level <= set;
            }
            name = name.substring(0, Math.max(0, name.lastIndexOf('.')));
        }
    }
}
