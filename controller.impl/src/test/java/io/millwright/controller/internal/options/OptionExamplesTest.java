package io.millwright.controller.internal.options;

import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.controller.api.worker.OptionDefinition;
import io.millwright.controller.api.worker.OptionType;
import io.millwright.options.JsonSyntax;
import io.millwright.worker.guest.internal.GuestWorkerType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each option has an example in the docs; run/src/test/docs-test.sh has the packed node check and run them. */
class OptionExamplesTest {
    private static final Path DOCS = Path.of("..", "docs", "guest.md");
    private static final Pattern BLOCK = Pattern.compile("^```json\n(.*?)^```", Pattern.DOTALL | Pattern.MULTILINE);

    /** The dotted keys that the examples use. */
    private static Set<String> used() throws IOException {
        Set<String> used = new LinkedHashSet<>();
        for (String block : BLOCK.matcher(Files.readString(DOCS))
                .results()
                .map(result -> ((MatchResult) result).group(1))
                .toList()) {
            String json = block.startsWith("\"") ? "{\"options\": {" + block + "}}" : block;
            try {
                walk(JsonSyntax.structure(json), used);
            } catch (RuntimeException e) {
                throw new AssertionError("a block of " + DOCS + " is no JSON: " + block, e);
            }
        }
        return used;
    }

    /** An item's own members are options too: {@code executable} stands beside {@code options}. */
    private static void walk(Object value, Set<String> used) {
        if (value instanceof List<?> list) {
            list.forEach(each -> walk(each, used));
        } else if (value instanceof Map<?, ?> map) {
            map.forEach((key, member) -> {
                if (key.equals("options")) {
                    flatten("", member, used);
                } else {
                    used.add((String) key);
                    walk(member, used);
                }
            });
        }
    }

    private static void flatten(String prefix, Object value, Set<String> used) {
        if (!prefix.isEmpty()) {
            used.add(prefix);
        }
        if (value instanceof Map<?, ?> map) {
            map.forEach((key, member) -> flatten(prefix.isEmpty() ? (String) key : prefix + "." + key, member, used));
        } else if (value instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                flatten(prefix + "." + i, list.get(i), used);
            }
        }
    }

    /** Patterns of the keys of an option and its members. */
    private static Stream<String> keys(String prefix, OptionDefinition option) {
        String key = prefix + Pattern.quote(option.key());
        String members = key + (option.type() == OptionType.OBJECT_LIST ? "\\.[0-9]+\\." : "\\.[^.]+\\.");
        String whole = option.shortForm() == null ? key : key + "|" + prefix + Pattern.quote(option.shortForm());
        return Stream.concat(Stream.of(whole), option.members().stream().flatMap(member -> keys(members, member)));
    }

    @Test
    void eachOptionIsInAnExample() throws IOException {
        Set<String> used = used();
        List<String> missing = new ArrayList<>();
        Stream.of(new GuestWorkerType().options(), CommonOptions.definitions(), NodeOptions.definitions())
                .flatMap(List::stream)
                .filter(option -> !option.key().startsWith(NodeOptions.WORKER_DEFAULTS))
                .flatMap(option -> keys("", option))
                .forEach(key -> {
                    if (used.stream().noneMatch(Pattern.compile(key).asMatchPredicate())) {
                        missing.add(key.replace("\\Q", "").replace("\\E", ""));
                    }
                });
        assertThat(missing)
                .as("options without an example: add one to the section \"Examples\" of docs/guest.md")
                .isEmpty();
        assertThat(used).anyMatch(key -> key.startsWith(NodeOptions.WORKER_DEFAULTS));
    }
}
