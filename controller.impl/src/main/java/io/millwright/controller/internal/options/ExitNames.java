package io.millwright.controller.internal.options;

import io.millwright.controller.api.Signal;
import io.millwright.controller.api.WorkerExit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Exit codes and signal names in one list, as options name ends of processes. Thread-safe. */
public final class ExitNames {
    private static final int HIGHEST_CODE = 255;
    private static final int LONGEST_CODE = 3;
    private static final Set<String> SIGNALS = signals();

    private ExitNames() {}

    /**
     * Whether a list names the end of a process.
     *
     * @param codes checked texts, each an exit code or a signal name, or several with commas or spaces between
     * @param exit the end; one with neither code nor signal is in no list
     * @return true if it does
     */
    public static boolean contains(List<String> codes, WorkerExit exit) {
        for (String word : words(codes)) {
            if (isCode(word)
                    ? word.equals(String.valueOf(exit.code()))
                    : bare(word).equals(exit.signal())) {
                return true;
            }
        }
        return false;
    }

    /** What is wrong with a list, {@code null} if nothing is. */
    static @Nullable String problem(List<String> codes) {
        for (String word : words(codes)) {
            if (isCode(word) ? Integer.parseInt(word) > HIGHEST_CODE : !SIGNALS.contains(bare(word))) {
                return "'" + word
                        + "' is neither an exit code, 0 to 255, nor the name of a signal, such as KILL or SEGV";
            }
        }
        return null;
    }

    private static boolean isCode(String word) {
        for (int i = 0; i < word.length(); i++) {
            if (word.charAt(i) < '0' || word.charAt(i) > '9') {
                return false;
            }
        }
        return word.equals("0") || !word.isEmpty() && word.length() <= LONGEST_CODE && word.charAt(0) != '0';
    }

    /** The words of a list; by hand, as a regular expression took most of the judgement of an exit. */
    static List<String> words(List<String> codes) {
        List<String> words = new ArrayList<>();
        for (String element : codes) {
            String text = element.trim();
            int begin = 0;
            for (int at = 0; at < text.length(); at++) {
                if (isSeparator(text.charAt(at))) {
                    if (at == 0 || !isSeparator(text.charAt(at - 1))) {
                        words.add(text.substring(begin, at));
                    }
                    begin = at + 1;
                }
            }
            words.add(text.substring(begin));
        }
        return words;
    }

    private static boolean isSeparator(char c) {
        return c == ',' || c == ' ' || c >= '\t' && c <= '\r';
    }

    static String bare(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        return upper.startsWith("SIG") ? upper.substring(3) : upper;
    }

    /** Those that may be sent, and more that end processes. */
    private static Set<String> signals() {
        Set<String> names = new HashSet<>(Set.of(
                "ILL", "TRAP", "BUS", "FPE", "SEGV", "PIPE", "STKFLT", "XCPU", "XFSZ", "VTALRM", "PROF", "IO", "SYS",
                "EMT"));
        for (Signal signal : Signal.values()) {
            names.add(signal.text());
        }
        return Set.copyOf(names);
    }
}
