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
        return words(codes).stream()
                .anyMatch(word -> isCode(word)
                        ? word.equals(String.valueOf(exit.code()))
                        : bare(word).equals(exit.signal()));
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
        return word.matches("0|[1-9][0-9]{0,2}");
    }

    static List<String> words(List<String> codes) {
        List<String> words = new ArrayList<>();
        for (String element : codes) {
            for (String word : element.trim().split("[,\\s]+", -1)) {
                words.add(word);
            }
        }
        return words;
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
