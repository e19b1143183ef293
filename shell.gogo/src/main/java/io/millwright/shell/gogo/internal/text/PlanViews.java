package io.millwright.shell.gogo.internal.text;

import io.millwright.controller.api.PlannedChange;
import io.millwright.controller.api.PlannedChange.Action;
import io.millwright.controller.api.text.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** How planned changes look for people. Thread-safe. */
public final class PlanViews {
    private PlanViews() {}

    /**
     * A plan.
     *
     * @param changes what would be done
     * @param screen where it is shown
     * @return a table of what would change, below it what is wrong, and how many would stay as they are
     */
    public static String changes(List<PlannedChange> changes, Screen screen) {
        List<PlannedChange> real = changes.stream()
                .filter(change -> change.action() != Action.UNCHANGED)
                .toList();
        List<String> parts = new ArrayList<>();
        if (!real.isEmpty()) {
            parts.add(screen.table(table(real)));
        }
        String problems = real.stream()
                .filter(change -> change.action() == Action.REFUSED)
                .map(PlanViews::problems)
                .collect(Collectors.joining("\n"));
        if (!problems.isEmpty()) {
            parts.add(problems);
        }
        int unchanged = changes.size() - real.size();
        if (real.isEmpty()) {
            parts.add("nothing would change");
        } else if (unchanged > 0) {
            parts.add(unchanged + " unchanged");
        }
        return String.join("\n\n", parts);
    }

    private static TextTable table(List<PlannedChange> changes) {
        TextTable table = new TextTable()
                .whole("ID")
                .column("TYPE", 3, 5)
                .whole("WOULD")
                .column("WHICH OPTIONS", 7, 20)
                .column("WHY", 6, 16);
        for (PlannedChange change : changes) {
            table.row(
                    change.id(),
                    change.type(),
                    change.action().text(),
                    String.join(", ", change.keys()),
                    change.reason() == null || change.action() == Action.REFUSED ? "" : change.reason());
        }
        return table;
    }

    private static String problems(PlannedChange change) {
        StringBuilder text = new StringBuilder(change.id()).append(" is refused");
        if (change.reason() != null) {
            text.append(": ").append(change.reason());
        }
        change.problems().forEach(problem -> text.append("\n  ").append(problem));
        return Printable.lines(text.toString());
    }
}
