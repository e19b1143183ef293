package io.millwright.controller.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.controller.api.process.ProcessOperations;
import io.millwright.controller.api.text.Json;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The table of operations is whole, and the docs are made from it. With {@code -Ddocs.write=true} the test writes them. */
class OperationTest {
    private static final Path DOCS = Path.of("..", "docs", "operations.md");
    private static final String BEGIN = "<!-- table: operations -->\n";

    @ParameterizedTest
    @EnumSource
    void anOperationThatChangesSomethingIsAnOperators(Operation operation) {
        assertThat(operation.role() == Role.OPERATOR || !operation.isChange()).isTrue();
        assertThat(operation.text()).isEqualTo(operation.name().toLowerCase(Locale.ROOT));
        assertThat(operation.description()).endsWith(".");
        assertThat(Json.write(operation)).startsWith("{\"name\":\"" + operation.text() + "\",\"role\":\"");
        assertThat(operation.parameters())
                .extracting(Operation.Parameter::name)
                .doesNotHaveDuplicates()
                .allMatch(name -> name.matches("[a-z][a-z_]*"));
    }

    /** A method that takes a caller changes something; there is an operation for each name. */
    @Test
    void eachMethodThatTakesACallerIsAnOperation() {
        List<String> named = Stream.of(Operation.values())
                .filter(Operation::isChange)
                .map(Operation::text)
                .toList();
        for (Class<?> type : List.of(NodeController.class, ProcessOperations.class)) {
            for (Method method : type.getMethods()) {
                if (!method.getName().equals("as")
                        && List.of(method.getParameterTypes()).contains(Caller.class)) {
                    String name = method.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
                    assertThat(named).contains(name.equals("write_input") ? "write_worker_input" : name);
                }
            }
        }
    }

    private static String table() {
        StringBuilder table = new StringBuilder("| operation | parameters | role | audited |\n|---|---|---|---|\n");
        for (Operation operation : Operation.values()) {
            table.append("| `")
                    .append(operation.text())
                    .append("`: ")
                    .append(operation.description())
                    .append(" | ")
                    .append(operation.parameters().stream()
                            .map(OperationTest::text)
                            .collect(Collectors.joining("<br>")))
                    .append(" | ")
                    .append(operation.role().text())
                    .append(" | ")
                    .append(operation.isChange() ? "yes" : "")
                    .append(" |\n");
        }
        return table.toString();
    }

    private static String text(Operation.Parameter parameter) {
        return "`" + parameter.name() + (parameter.defaultValue() == null ? "`" : "=" + parameter.defaultValue() + "`")
                + " (" + parameter.type() + "): " + parameter.description();
    }

    @Test
    void theDocsSayWhatTheTableSays() throws IOException {
        String docs = Files.readString(DOCS);
        int start = docs.indexOf(BEGIN) + BEGIN.length();
        assertThat(start).isGreaterThan(BEGIN.length());
        String right = docs.substring(0, start) + table() + docs.substring(docs.indexOf("<!-- end -->", start));
        if (Boolean.getBoolean("docs.write")) {
            Files.writeString(DOCS, right);
        } else {
            assertThat(docs)
                    .as(
                            "docs/operations.md; mvn -pl controller.api -Dtest=OperationTest -Ddocs.write=true test writes it")
                    .isEqualTo(right);
        }
    }
}
