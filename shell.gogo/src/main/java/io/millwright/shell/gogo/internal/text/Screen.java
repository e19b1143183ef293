package io.millwright.shell.gogo.internal.text;

import io.millwright.shell.gogo.internal.Headless;
import java.util.List;
import java.util.function.BiFunction;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Process;
import org.jspecify.annotations.Nullable;

/**
 * Where a text is shown, and what follows from that. Immutable.
 *
 * @param isTerminal whether a terminal acts on what it is sent; else it is a pipe or a file, which gets all of it
 * @param columns how many columns fit, 0 if there is no limit
 * @param tables what draws tables in the style of the shell around us, from headings and rows; {@code null}: ours
 */
public record Screen(
        boolean isTerminal, int columns, @Nullable BiFunction<List<String>, List<List<String>>, String> tables) {
    /** The width of a terminal that does not say it. */
    private static final int USUAL = 80;

    /** A pipe or a file: nothing is cut. */
    public static final Screen PIPE = new Screen(false, 0, null);

    /**
     * A terminal.
     *
     * @param columns its width, 0 if nobody knows
     * @return a screen that has it
     */
    public static Screen terminal(int columns) {
        return new Screen(true, columns, null);
    }

    /**
     * Where a session's output goes at this moment, for the thread that writes it.
     *
     * @param session the session; {@code millwright.terminal} says whether its console is a terminal (else it is taken for one),
     *     {@code COLUMNS} how wide that is
     * @return a pipe if what is written now goes into one
     */
    public static Screen of(CommandSession session) {
        Process process = Process.Utils.current();
        boolean piped = process != null && !process.isTty(1);
        if (piped || Boolean.FALSE.equals(session.get("millwright.terminal"))) {
            return PIPE;
        }
        if (Headless.is(session)) {
            return terminal(0);
        }
        return terminal(columns(session.get("COLUMNS")));
    }

    private static int columns(@Nullable Object variable) {
        try {
            int columns =
                    variable == null ? 0 : Integer.parseInt(variable.toString().strip());
            return columns > 0 ? columns : USUAL;
        } catch (NumberFormatException e) {
            return USUAL;
        }
    }

    /**
     * With tables as the shell around us draws them.
     *
     * @param theirs draws them, {@code null}: ours
     * @return a copy with it
     */
    public Screen drawing(@Nullable BiFunction<List<String>, List<List<String>>, String> theirs) {
        return new Screen(isTerminal, columns, theirs);
    }

    /**
     * The text of a table.
     *
     * @param table the table
     * @return its lines, without a line end after the last
     */
    String table(TextTable table) {
        return tables == null ? table.text(width()) : tables.apply(table.titles(), table.rows());
    }

    /**
     * How wide a line may be.
     *
     * @return the columns, more than any line has if there is no limit
     */
    public int width() {
        return columns > 0 ? columns : Integer.MAX_VALUE;
    }
}
