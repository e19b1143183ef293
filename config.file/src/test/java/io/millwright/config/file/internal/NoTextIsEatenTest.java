package io.millwright.config.file.internal;

import static io.millwright.controller.api.worker.OptionDefinition.option;
import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.controller.api.Problem;
import io.millwright.controller.api.worker.OptionDefinition;
import io.millwright.controller.api.worker.OptionType;
import io.millwright.options.Checked;
import io.millwright.options.OptionChecker;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import org.apache.felix.cm.file.ConfigurationHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The kind: a text that one reader takes for something else than its writer meant. Each row is one spelling for one type of option;
 * it is taken as it is written, or refused with a sentence, by every road: node.json, node.yaml, a {@code .cfg} and a
 * {@code .config} file.
 */
class NoTextIsEatenTest {
    private static final String PID = "io.millwright.worker.all~w";
    private static final List<OptionDefinition> OPTIONS = List.of(
            option("text", OptionType.STRING, "T.").build(),
            option("texts", OptionType.STRINGS, "T.").build(),
            option("flag", OptionType.BOOLEAN, "F.").build(),
            option("count", OptionType.INTEGER, "C.").build(),
            option("number", OptionType.NUMBER, "R.").build(),
            option("time", OptionType.DURATION, "T.").build(),
            option("size", OptionType.SIZE, "S.").build(),
            option("inherit", OptionType.BOOLEAN_OR_STRINGS, "I.").build());
    private static final OptionChecker CHECKER = new OptionChecker(OPTIONS, name -> null);

    @TempDir
    Path directory;

    @TempDir
    Path storage;

    private final StubController controller = new StubController();

    @SuppressWarnings("NullAway.Init")
    private FelixConfigAdmin configAdmin;

    @BeforeEach
    void open() throws Exception {
        configAdmin = new FelixConfigAdmin(storage, Map.of());
        controller.types = List.of(StubController.type("all", OPTIONS));
    }

    @AfterEach
    void close() throws Exception {
        controller.close();
        configAdmin.close();
    }

    /** What a file of the node makes of it: the value, or the problem. */
    private String file(String name, String key, String text) throws Exception {
        Files.writeString(directory.resolve(name), text);
        NodeFileSource source =
                new NodeFileSource(directory, controller.service(), configAdmin.admin(), NodeFileSource.Mode.TRANSLATE);
        source.refresh();
        Files.delete(directory.resolve(name));
        return source.problems().isEmpty()
                ? checked(key, configAdmin.all().get(PID))
                : "refused: " + source.problems().get(0).message();
    }

    private static String checked(String key, Map<String, Object> raw) {
        Checked checked = CHECKER.check(OptionChecker.stripReserved(raw));
        List<Problem> problems = checked.problems();
        return problems.isEmpty()
                ? String.valueOf(checked.values().any(key))
                : "refused: " + problems.get(0).message();
    }

    private static Map<String, Object> throughDotConfig(String key, String text) throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        ConfigurationHandler.write(file, new Hashtable<>(Map.of(key, text)));
        Dictionary<?, ?> read = ConfigurationHandler.read(new ByteArrayInputStream(file.toByteArray()));
        Map<String, Object> back = new HashMap<>();
        Collections.list(read.keys()).forEach(name -> back.put(name.toString(), read.get(name)));
        return back;
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\u0001',
            value = {
                "text|yes|yes",
                "text|true|true",
                "text|0777|0777",
                "text|1.0|1.0",
                "text|1e3|1e3",
                "text|5|5",
                "text|null|null",
                "text|~|~",
                "text|$HOME|$HOME",
                "text|${HOME}|${HOME}",
                "text|$|$",
                "text|2024-01-01|2024-01-01",
                "text|0x1F|0x1F",
                "text|1_000|1_000",
                "text|.5|.5",
                "texts|yes|[yes]",
                "texts|true|[true]",
                "texts|0777|[0777]",
                "texts|1.0|[1.0]",
                "texts|null|[null]",
                "texts|$HOME|[$HOME]",
                "texts|${HOME}|[${HOME}]",
                "texts|$|[$]",
                "flag|yes|refused: 'yes' is not true, false or",
                "flag|no|refused: 'no' is not true, false or",
                "flag|on|refused: 'on' is not true, false or",
                "flag|1|refused: '1' is not true, false or",
                "flag|0|refused: '0' is not true, false or",
                "flag|$UNSET|refused: '$UNSET' is not true, false or",
                "flag|null|refused: 'null' is not true, false or",
                "flag|True|true",
                "flag|TRUE|true",
                "flag|true|true",
                "flag|${UNSET}|refused: '${UNSET}' is not set in the node's environment",
                "count|0777|refused: '0777' has a leading zero and may be meant as octal",
                "number|0777|refused: '0777' has a leading zero and may be meant as octal",
                "size|0777|refused: '0777' has a leading zero and may be meant as octal",
                "time|010|refused: '010' has a leading zero and may be meant as octal",
                "count|0x1F|refused: '0x1F' is not a whole number",
                "count|1_000|refused: '1_000' is not a whole number",
                "count|yes|refused: 'yes' is not a whole number",
                "count|true|refused: 'true' is not a whole number",
                "count|$|refused: '$' is not a whole number",
                "count|${N}|refused: '${N}' is not a whole number",
                "count|1e3|1000",
                "count|5.0|5",
                "count|+5|5",
                "number|1_0|refused: '1_0' is not a number",
                "number|NaN|refused: 'NaN' is not a number",
                "number|yes|refused: 'yes' is not a number",
                "number|1,5|refused: '1,5' is not a number",
                "number|.5|0.5",
                "number|5.|5.0",
                "time|1:30|refused: '1:30' is not a length of time",
                "time|1_0|refused: '1_0' is not a length of time",
                "time|yes|refused: 'yes' is not a length of time",
                "time|true|refused: 'true' is not a length of time",
                "time|5m30s|refused: '5m30s' is not a length of time",
                "time|90|PT1M30S",
                "size|1_024|refused: '1_024' is not a size",
                "size|64K|refused: '64K' is not a size",
                "size|true|refused: 'true' is not a size",
                "size|1e3|1000",
                "inherit|yes|refused: 'yes' looks like true, not like a name",
                "inherit|no|refused: 'no' looks like false, not like a name",
                "inherit|0|refused: '0' looks like false, not like a name",
                "inherit|null|refused: 'null' looks like false, not like a name",
                "inherit|true|true",
                "inherit|PATH|[PATH]"
            })
    void everySpellingIsTakenAsItIsOrRefused(String key, String text, String expected) throws Exception {
        String json = "{\"version\": 2, \"workers\": [{\"type\": \"all\", \"id\": \"w\", \"options\": {\"" + key
                + "\": %s}}]}";
        String yaml = "version: 2\nworkers:\n- {type: all, id: w, options: {" + key + ": %s}}\n";
        Map<String, String> texts = Map.of(
                "node.json", file("node.json", key, json.formatted('"' + text + '"')),
                "node.yaml", file("node.yaml", key, yaml.formatted("'" + text + "'")),
                ".cfg", checked(key, Map.of(key, text)),
                ".config", checked(key, throughDotConfig(key, text)));
        texts.forEach((road, became) -> assertThat(became).as(road).startsWith(expected));
        Map<String, String> bare = Map.of(
                "node.json", file("node.json", key, json.formatted(text)),
                "node.yaml", file("node.yaml", key, yaml.formatted(text)));
        bare.forEach((road, became) -> assertThat(became.startsWith(expected) || became.startsWith("refused: "))
                .as("without quotes in %s it is as it is written, or refused: %s", road, became)
                .isTrue());
    }
}
