package io.millwright.shell.gogo.internal.text;

/** How tables look. Thread-safe. */
@FunctionalInterface
public interface TableStyle {
    /** Ours: 80 columns, no lines. */
    TableStyle PLAIN = TextTable::text;

    /**
     * Makes the text of a table.
     *
     * @param table the table
     * @return its lines, without a line end after the last
     */
    String text(TextTable table);
}
