package io.millwright.shell.gogo.internal.text;

import io.millwright.controller.api.LogEntry;
import io.millwright.controller.api.LogMatches;
import io.millwright.controller.api.text.Printable;
import java.util.ArrayList;
import java.util.List;

/** How what a search in a log has found looks for people. Thread-safe. */
public final class LogViews {
    private LogViews() {}

    /**
     * The lines that a search has found.
     *
     * @param found those
     * @param screen where they are shown
     * @return with their days, since they may be of many; lines with others around them are marked; empty if a pipe gets none
     */
    public static String matches(LogMatches found, Screen screen) {
        List<String> lines = new ArrayList<>();
        found.problems().forEach(problem -> lines.add("... " + Printable.line(problem) + " ..."));
        if (found.more()) {
            lines.add("... older lines fit too: --until "
                    + found.matches().get(0).entry().time() + " ...");
        }
        boolean context = found.matches().stream()
                .anyMatch(match -> !match.before().isEmpty() || !match.after().isEmpty());
        for (LogMatches.Match match : found.matches()) {
            if (!context) {
                lines.add(line(match.entry(), screen));
                continue;
            }
            match.before().forEach(entry -> lines.add("  " + line(entry, screen)));
            lines.add("> " + line(match.entry(), screen));
            match.after().forEach(entry -> lines.add("  " + line(entry, screen)));
            lines.add("--");
        }
        if (found.matches().isEmpty() && screen.isTerminal()) {
            lines.add("(no line fits)");
        }
        return String.join("\n", lines);
    }

    private static String line(LogEntry entry, Screen screen) {
        return Texts.day(entry.time()) + " " + WorkerViews.log(entry, screen);
    }
}
