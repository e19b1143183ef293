package io.millwright.shell.gogo.internal.text;

import io.millwright.controller.api.text.Printable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A table that fits a width: the least important columns are cut first and then left out; whole columns (ids) never. For one
 * thread.
 */
public final class TextTable {
    private static final String GAP = "  ";

    private final List<Column> columns = new ArrayList<>();
    private final List<List<String>> rows = new ArrayList<>();

    private record Column(String title, int importance, int minimum) {}

    /**
     * Adds a column that is never cut.
     *
     * @param title its heading
     * @return this
     */
    public TextTable whole(String title) {
        columns.add(new Column(title, Integer.MAX_VALUE, Integer.MAX_VALUE));
        return this;
    }

    /**
     * Adds a column that may be cut or left out.
     *
     * @param title its heading
     * @param importance the less, the sooner
     * @param minimum to how many columns it may be cut
     * @return this
     */
    public TextTable column(String title, int importance, int minimum) {
        columns.add(new Column(title, importance, minimum));
        return this;
    }

    /**
     * Adds a row.
     *
     * @param cells one for each column; {@code null} prints as {@code -}
     */
    public void row(@Nullable Object... cells) {
        List<String> row = new ArrayList<>(cells.length);
        for (Object cell : cells) {
            row.add(cell == null ? "-" : Printable.line(cell.toString()));
        }
        rows.add(row);
    }

    /**
     * The table's lines.
     *
     * @param width how many columns they may have; {@link Integer#MAX_VALUE} for any number
     * @return heading and rows, without a line end after the last
     */
    public String text(int width) {
        int[] widths = widths();
        fit(widths, width);
        StringBuilder text = new StringBuilder();
        line(text, titles(), widths);
        for (List<String> row : rows) {
            text.append('\n');
            line(text, row, widths);
        }
        return text.toString();
    }

    /**
     * The headings, for other styles.
     *
     * @return one for each column
     */
    List<String> titles() {
        return columns.stream().map(Column::title).toList();
    }

    /**
     * The rows, for other styles.
     *
     * @return cells, each one line
     */
    List<List<String>> rows() {
        return List.copyOf(rows);
    }

    private int[] widths() {
        int[] widths = new int[columns.size()];
        for (int i = 0; i < widths.length; i++) {
            widths[i] = columns.get(i).title().length();
            for (List<String> row : rows) {
                widths[i] = Math.max(widths[i], Texts.columns(row.get(i)));
            }
        }
        return widths;
    }

    /** Makes columns narrower, then leaves them out (width 0), in order of importance, until all fits. */
    private void fit(int[] widths, int width) {
        int[] natural = widths.clone();
        while (excess(widths, width) > 0) {
            for (int i : leastImportantFirst()) {
                int minimum = Math.min(widths[i], columns.get(i).minimum());
                widths[i] = Math.max(minimum, widths[i] - Math.max(0, excess(widths, width)));
            }
            if (excess(widths, width) <= 0) {
                return;
            }
            boolean dropped = false;
            for (int i : leastImportantFirst()) {
                if (!dropped && natural[i] > 0 && columns.get(i).importance() != Integer.MAX_VALUE) {
                    natural[i] = 0;
                    dropped = true;
                }
            }
            if (!dropped) {
                return;
            }
            System.arraycopy(natural, 0, widths, 0, widths.length);
        }
    }

    private List<Integer> leastImportantFirst() {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            order.add(i);
        }
        Collections.sort(
                order,
                (a, b) -> Integer.compare(
                        columns.get(a).importance(), columns.get(b).importance()));
        return order;
    }

    private static int excess(int[] widths, int limit) {
        int total = -GAP.length();
        for (int width : widths) {
            total += width == 0 ? 0 : width + GAP.length();
        }
        return total - limit;
    }

    private static void line(StringBuilder text, List<String> cells, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            if (widths[i] == 0) {
                continue;
            }
            String cell = Texts.cut(cells.get(i), widths[i]);
            line.append(cell)
                    .append(" ".repeat(widths[i] - Texts.columns(cell)))
                    .append(GAP);
        }
        text.append(line.toString().stripTrailing());
    }
}
