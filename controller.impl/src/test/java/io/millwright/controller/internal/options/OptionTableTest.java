package io.millwright.controller.internal.options;

import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.controller.api.worker.OptionDefinition;
import io.millwright.controller.api.worker.OptionDefinition.Change;
import io.millwright.controller.api.worker.OptionType;
import io.millwright.worker.guest.internal.GuestWorkerType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The tables of options in the docs are what the definitions say. With {@code -Ddocs.write=true} the test writes them. */
class OptionTableTest {
    private static final Path DOCS = Path.of("..", "docs", "guest.md");

    private static String table(List<OptionDefinition> definitions) {
        StringBuilder table =
                new StringBuilder("| key | type | default | a change | meaning |\n|---|---|---|---|---|\n");
        rows("", definitions, table);
        return table.toString();
    }

    private static void rows(String prefix, List<OptionDefinition> definitions, StringBuilder table) {
        for (OptionDefinition option : definitions) {
            String key = prefix + option.key();
            String given = option.isRequired() ? "required" : byDefault(option.defaultValue());
            table.append("| `")
                    .append(key)
                    .append(option.shortForm() == null ? "`" : "`, `" + option.shortForm() + "`")
                    .append(" | ")
                    .append(type(option))
                    .append(" | ")
                    .append(given)
                    .append(" | ")
                    .append(option.change() == Change.IN_PLACE ? "in place" : "restart")
                    .append(" | ")
                    .append(option.description().replace("|", "\\|"))
                    .append(" |\n");
            rows(key + (option.type() == OptionType.OBJECT_LIST ? ".N." : ".NAME."), option.members(), table);
        }
    }

    private static String byDefault(@Nullable Object value) {
        return value == null ? "" : value.equals(List.of()) ? "none" : "`" + value + "`";
    }

    private static String type(OptionDefinition option) {
        String type = option.type().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        List<String> allowed = option.type() == OptionType.SIGNAL ? List.of() : option.allowed();
        String range = option.minimum() == null && option.maximum() == null
                ? ""
                : " " + (option.minimum() == null ? "" : option.minimum()) + "…"
                        + (option.maximum() == null ? "" : option.maximum());
        return type + range + (allowed.isEmpty() ? "" : ": `" + String.join("`, `", allowed) + "`");
    }

    private static String with(String text, String name, String table) {
        String begin = "<!-- table: " + name + " -->\n";
        int start = text.indexOf(begin) + begin.length();
        assertThat(start).as("the place of table " + name + " in " + DOCS).isGreaterThan(begin.length());
        return text.substring(0, start) + table + text.substring(text.indexOf("<!-- end -->", start));
    }

    @Test
    void theDocsSayWhatTheDefinitionsSay() throws IOException {
        List<OptionDefinition> node = NodeOptions.definitions().stream()
                .filter(option -> !option.key().startsWith(NodeOptions.WORKER_DEFAULTS))
                .toList();
        String docs = Files.readString(DOCS);
        String right = docs;
        for (Map.Entry<String, List<OptionDefinition>> part : Map.of(
                        "guest", new GuestWorkerType().options(), "shared", CommonOptions.definitions(), "node", node)
                .entrySet()) {
            right = with(right, part.getKey(), table(part.getValue()));
        }
        if (Boolean.getBoolean("docs.write")) {
            Files.writeString(DOCS, right);
        } else {
            assertThat(docs)
                    .as(
                            "docs/guest.md; mvn -pl controller.impl -am test -Dtest=OptionTableTest -Ddocs.write=true writes it")
                    .isEqualTo(right);
        }
    }

    @Test
    void noKeyIsAnOptionAndAGroupAtOnce() {
        List<String> keys =
                CommonOptions.definitions().stream().map(OptionDefinition::key).toList();
        // The contract itself names workdir.create beside workdir.
        assertThat(keys)
                .filteredOn(key -> keys.stream().anyMatch(other -> other.startsWith(key + ".")))
                .containsExactly("workdir");
    }
}
