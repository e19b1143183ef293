package io.millwright.shell.karaf.internal;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.BiFunction;
import org.apache.karaf.shell.support.table.Row;
import org.apache.karaf.shell.support.table.ShellTable;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;

/**
 * Draws tables as Karaf's own commands do. Called by the commands' converter (io.millwright.shell.gogo) with headings and rows: a
 * function of JDK types, so that neither bundle needs the other's packages. Thread-safe.
 */
@Component(
        configurationPolicy = ConfigurationPolicy.IGNORE,
        service = BiFunction.class,
        property = "millwright.tables:Boolean=true")
public final class KarafTables implements BiFunction<List<String>, List<List<String>>, String> {
    /** For Declarative Services. */
    public KarafTables() {}

    @Override
    public String apply(List<String> headings, List<List<String>> rows) {
        ShellTable table = new ShellTable();
        headings.forEach(table::column);
        for (List<String> cells : rows) {
            Row row = table.addRow();
            cells.forEach(row::addContent);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        table.print(new PrintStream(bytes, false, StandardCharsets.UTF_8));
        return bytes.toString(StandardCharsets.UTF_8).stripTrailing();
    }
}
