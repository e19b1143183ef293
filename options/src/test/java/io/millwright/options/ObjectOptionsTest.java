package io.millwright.options;

import static io.millwright.controller.api.worker.OptionDefinition.option;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.millwright.controller.api.Problem;
import io.millwright.controller.api.worker.OptionDefinition;
import io.millwright.controller.api.worker.OptionType;
import io.millwright.controller.api.worker.OptionValues;
import io.millwright.controller.api.worker.Variable;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Maps and lists of objects: their members are options like all others, however they are written. */
class ObjectOptionsTest {
    private static final OptionDefinition LISTEN =
            option("listen", OptionType.STRING, "Where.").required().build();
    private static final OptionDefinition BACKLOG = option("accept.backlog", OptionType.INTEGER, "How many.")
            .byDefault(128)
            .atLeast(1)
            .inPlace()
            .build();
    private static final OptionDefinition TOKEN =
            option("token", OptionType.STRING, "A secret.").secret().build();
    private static final List<OptionDefinition> OPTIONS = List.of(
            option("sockets", OptionType.OBJECTS, "Sockets by name.")
                    .members(LISTEN, BACKLOG, TOKEN)
                    .build(),
            option("components", OptionType.OBJECT_LIST, "Components.")
                    .members(
                            option("id", OptionType.STRING, "Its id.")
                                    .required()
                                    .build(),
                            option("wait", OptionType.DURATION, "How long.").build(),
                            option("config", OptionType.ANY, "Anything.").build(),
                            option("vars", OptionType.VARIABLES, "Variables.").build(),
                            option("ports", OptionType.OBJECTS, "Ports by name.")
                                    .members(option("number", OptionType.INTEGER, "Which.")
                                            .build())
                                    .build())
                    .build(),
            option("routes", OptionType.OBJECT_LIST, "Routes without ids.")
                    .members(option("to", OptionType.STRING, "Where to.").build())
                    .build());
    private static final OptionChecker CHECKER = new OptionChecker(OPTIONS, name -> null);
    private static final FlatOptions FLAT = new FlatOptions(OPTIONS);

    private static OptionValues good(Map<String, ?> raw) {
        Checked checked = CHECKER.check(raw);
        assertThat(checked.problems()).isEmpty();
        return checked.values();
    }

    private static Map<String, Object> ordered(Object... keysAndValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            map.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return map;
    }

    /** Spellings of the same two sockets. */
    static Stream<Map<String, ?>> sockets() {
        return Stream.of(
                Map.of(
                        "sockets",
                        Map.of("b", Map.of("listen", "tcp:2"), "a", Map.of("listen", "1", "accept.backlog", "7"))),
                Map.of(
                        "sockets",
                        Map.of(
                                "b",
                                Map.of("listen", "tcp:2"),
                                "a",
                                Map.of("listen", "1", "accept", Map.of("backlog", 7)))),
                Map.of("sockets.a.listen", "1", "sockets.a.accept.backlog", 7, "sockets.b.listen", "tcp:2"),
                Map.of("sockets.a", Map.of("accept.backlog", 7, "listen", "1"), "sockets.b.listen", "tcp:2"),
                Map.of("sockets", Map.of("a.listen", "1"), "sockets.a.accept.backlog", 7, "sockets.b.listen", "tcp:2"),
                Map.of("sockets", new String[] {"a.listen=1", "b.listen=tcp:2", "a.accept.backlog=7"}),
                Map.of("sockets", "[\"a.listen=1\", \"b.listen=tcp:2\", \"a.accept.backlog=7\"]"),
                Map.of(
                        "sockets",
                        "{\"a\": {\"listen\": \"1\", \"accept\": {\"backlog\": 7}}, \"b\": {\"listen\": \"tcp:2\"}}"));
    }

    @ParameterizedTest
    @MethodSource("sockets")
    void mapsOfObjects(Map<String, ?> raw) {
        OptionValues values = good(raw);
        assertThat(values.isGiven("sockets")).isTrue();
        assertThat(values.objects("sockets").keySet()).containsExactly("a", "b");
        OptionValues a = values.objects("sockets").get("a");
        assertThat(a.string("listen")).contains("1");
        assertThat(a.integer("accept.backlog")).contains(7L);
        OptionValues b = values.objects("sockets").get("b");
        assertThat(b.integer("accept.backlog")).contains(128L);
        assertThat(b.isGiven("accept.backlog")).isFalse();
        assertThat(values).isEqualTo(good(FLAT.storable(raw)));
        assertThat(FLAT.of(raw).keySet())
                .doesNotContain("a", "b")
                .allMatch(key -> key.equals("sockets") || key.matches("sockets\\.[ab]\\.[a-z.]+"));
    }

    /** Spellings of the same two components. */
    static Stream<Map<String, ?>> components() {
        return Stream.of(
                Map.of(
                        "components",
                        List.of(
                                Map.of("id", "db", "wait", "5s", "config", Map.of("k", List.of(1, 2.5, Map.of()))),
                                Map.of(
                                        "id",
                                        "web",
                                        "vars",
                                        Map.of("A", Map.of("secret", "x")),
                                        "ports",
                                        Map.of("p", Map.of("number", 80))))),
                Map.of(
                        "components.0.id", "db",
                        "components.0.wait", 5,
                        "components.0.config", "{\"k\": [1, 2.5, {}]}",
                        "components.1.id", "web",
                        "components.1.vars.A.secret", "x",
                        "components.1.ports.p.number", "80"),
                Map.of(
                        "components.web.vars.A.secret", "x",
                        "components.db.wait", "PT5S",
                        "components.web.ports", "[\"p.number=80\"]",
                        "components.db.config", Map.of("k", List.of(1L, 2.5, Map.of()))),
                Map.of(
                        "components[0].id",
                        "db",
                        "components[0].wait",
                        "5s",
                        "components[0].config",
                        Map.of("k", new Object[] {1, 2.5, Map.of()}),
                        "components[1]",
                        Map.of("id", "web", "ports.p.number", 80, "vars", List.of("A.secret=x"))),
                Map.of("components", new String[] {
                    "{\"id\": \"db\", \"wait\": 5, \"config\": {\"k\": [1, 2.5, {}]}}",
                    "{\"id\": \"web\", \"vars\": {\"A\": {\"secret\": \"x\"}}, \"ports.p.number\": 80}"
                }),
                Map.of(
                        "components",
                        "[{\"id\": \"db\", \"wait\": \"5s\", \"config\": {\"k\": [1, 2.5, {}]}},"
                                + " {\"id\": \"web\", \"vars.A.secret\": \"x\", \"ports\": {\"p\": {\"number\": 80}}}]"));
    }

    @ParameterizedTest
    @MethodSource("components")
    void listsOfObjects(Map<String, ?> raw) {
        OptionValues values = good(raw);
        List<OptionValues> list = values.objectList("components");
        assertThat(list)
                .extracting(element -> element.string("id").orElseThrow())
                .containsExactly("db", "web");
        assertThat(list.get(0).duration("wait")).contains(Duration.ofSeconds(5));
        assertThat(list.get(0).any("config")).isEqualTo(Map.of("k", List.of(1L, 2.5, Map.of())));
        assertThat(list.get(1).variables("vars")).isEqualTo(Map.of("A", Variable.of(Variable.Kind.SECRET, "x")));
        assertThat(list.get(1).objects("ports").get("p").integer("number")).contains(80L);
        assertThat(values).isEqualTo(good(FLAT.storable(raw)));
        assertThat(FLAT.storable(raw).values())
                .allMatch(value -> value instanceof String
                        || value instanceof Number
                        || value instanceof String[]
                        || value instanceof Object[]);
    }

    static Stream<Arguments> bad() {
        return Stream.of(
                arguments(
                        Map.of("sockets.web.lisen", "x"),
                        List.of(
                                Problem.definition("sockets.web.lisen", "is not an option; did you mean 'listen'?"),
                                Problem.definition("sockets.web.listen", "is required and missing: Where."))),
                arguments(
                        Map.of("sockets", Map.of("web", Map.of("listen", "x", "accept.backlog", 0))),
                        List.of(Problem.definition(
                                "sockets.web.accept.backlog", "0 is out of range; must be at least 1"))),
                arguments(
                        Map.of("sockets", Map.of("w b", Map.of("listen", "x"))),
                        List.of(Problem.definition(
                                "sockets.w b", "'w b' is no name; use a letter, then letters, digits, '_' and '-'"))),
                arguments(
                        Map.of("sockets.web", "x"),
                        List.of(Problem.definition("sockets.web", "must be an object of options"))),
                arguments(
                        Map.of("sockets", "yes"),
                        List.of(Problem.definition(
                                "sockets",
                                "'yes' is not an object of named objects, for example {\"NAME\": {\"listen\": …}}, or a"
                                        + " list of NAME.listen=value"))),
                arguments(
                        Map.of("sockets", List.of("web.listen=x", "listen")),
                        List.of(Problem.definition("sockets[1]", "is not NAME.listen=value"))),
                arguments(
                        ordered("sockets", Map.of("web", Map.of("listen", "x")), "sockets.web.listen", "y"),
                        List.of(Problem.definition(
                                "sockets.web.listen", "is given twice, once dotted and once nested; keep one"))),
                arguments(
                        Map.of("components", List.of(Map.of("id", "a"), Map.of("id", "b", "wait", "soon"))),
                        List.of(Problem.definition(
                                "components[1].wait",
                                "'soon' is not a length of time: write for example 500ms, 20s, 5m, 2h, 1d, PT20S"
                                        + " (ISO-8601), or a number of seconds"))),
                arguments(
                        Map.of("components", List.of(Map.of("id", "a"), Map.of("id", "a"))),
                        List.of(Problem.definition(
                                "components[1].id", "'a' is the id of components[0] too; give each its own"))),
                arguments(
                        Map.of("components.0.id", "a", "components.2.id", "b"),
                        List.of(Problem.definition(
                                "components", "element 2 is there and element 1 is not; count from 0 without gaps"))),
                arguments(
                        Map.of("components", List.of("a")),
                        List.of(Problem.definition("components[0]", "is not an object"))),
                arguments(
                        Map.of("routes.first.to", "x"),
                        List.of(Problem.definition(
                                "routes.first", "'first' is no number of an element; count from 0"))),
                arguments(
                        Map.of("components", "[{\"id\": \"a\"}, {\"id\": ]"),
                        List.of(
                                Problem.definition(
                                        "components",
                                        "'[{\"id\": \"a\"}, {\"id\": ]' is not a list of objects, for example [{\"id\": …}]"))));
    }

    @ParameterizedTest
    @MethodSource("bad")
    void problemsHaveThePathOfTheirMember(Map<String, ?> raw, List<Problem> problems) {
        assertThat(CHECKER.check(raw).problems()).containsExactlyElementsOf(problems);
    }

    @Test
    void secretsInObjectsAreMaskedAndWhatIsShownIsAcceptedAgain() {
        OptionValues values = good(Map.of(
                "sockets",
                Map.of("a", Map.of("listen", "x", "token", "hunter2")),
                "components.db.wait",
                "90s",
                "components.db.vars.A",
                "b"));
        Map<String, Object> shown = Masking.display(OPTIONS, values);
        assertThat(shown)
                .isEqualTo(Map.of(
                        "sockets.a.listen", "x",
                        "sockets.a.accept.backlog", 128L,
                        "sockets.a.token", Variable.MASK,
                        "components.0.id", "db",
                        "components.0.wait", "90s",
                        "components.0.vars.A", "b"));
        assertThat(good(shown).objectList("components")).isEqualTo(values.objectList("components"));
        assertThat(values.toString()).doesNotContain("hunter2");
    }

    /** Before, after, the members that differ, and those whose change needs a restart. */
    static Stream<Arguments> changes() {
        Map<String, ?> one = Map.of("sockets.a.listen", "x", "components.db.wait", "1s", "components.web.wait", "1s");
        return Stream.of(
                arguments(one, one, Set.of(), Set.of()),
                arguments(
                        one,
                        Map.of("sockets.a.listen", "y", "components.web.wait", 1, "components.db.wait", 2),
                        Set.of("sockets.a.listen", "components.db.wait"),
                        Set.of("sockets.a.listen", "components.db.wait")),
                arguments(
                        Map.of("sockets.a.listen", "x"),
                        Map.of("sockets.a.listen", "x", "sockets.a.accept.backlog", 5),
                        Set.of("sockets.a.accept.backlog"),
                        Set.of()),
                arguments(
                        one,
                        Map.of("sockets.b.listen", "x", "components.db.wait", "1s"),
                        Set.of("sockets.a", "sockets.b", "components.web"),
                        Set.of("sockets.a", "sockets.b", "components.web")),
                arguments(
                        one,
                        Map.of(
                                "sockets.a.listen",
                                "x",
                                "components",
                                List.of(Map.of("id", "web", "wait", 1), Map.of("id", "db", "wait", 1))),
                        Set.of("components"),
                        Set.of("components")),
                arguments(
                        Map.of("routes", List.of(Map.of("to", "x"))),
                        Map.of("routes", List.of(Map.of("to", "y"), Map.of("to", "z"))),
                        Set.of("routes.0.to", "routes.1"),
                        Set.of("routes.0.to", "routes.1")));
    }

    @ParameterizedTest
    @MethodSource("changes")
    void changesAreToldPerMember(Map<String, ?> before, Map<String, ?> after, Set<String> keys, Set<String> restart) {
        assertThat(OptionChanges.keys(OPTIONS, good(before), good(after), false))
                .isEqualTo(keys);
        assertThat(OptionChanges.keys(OPTIONS, good(before), good(after), true)).isEqualTo(restart);
    }

    @Test
    void aPartOrTheWholeOfObjectsIsChanged() {
        Map<String, ?> one = Map.of("components", List.of(Map.of("id", "db"), Map.of("id", "web")));
        assertThat(FLAT.changed(one, Map.of("components.1.wait", 5)))
                .isEqualTo(Map.of("components.0.id", "db", "components.1.id", "web", "components.1.wait", 5));
        assertThat(FLAT.changed(one, Map.of("components", List.of(Map.of("id", "x")))))
                .isEqualTo(Map.of("components.0.id", "x"));
        assertThat(FLAT.changed(Map.of("sockets.a.listen", "x"), Map.of("sockets", Map.of("b", Map.of("listen", "y")))))
                .isEqualTo(Map.of("sockets.a.listen", "x", "sockets.b.listen", "y"));
    }

    @Test
    void objectsNeedMembersAndNothingElseHasThem() {
        assertThatThrownBy(() -> option("a", OptionType.OBJECTS, "A.").build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("option 'a' of type OBJECTS needs members");
        assertThatThrownBy(() ->
                        option("a", OptionType.STRING, "A.").members(LISTEN).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("option 'a' of type STRING has no members");
        OptionDefinition moved = OPTIONS.get(0).within("worker.defaults");
        assertThat(moved.key()).isEqualTo("worker.defaults.sockets");
        assertThat(moved.members()).isEqualTo(OPTIONS.get(0).members());
    }
}
