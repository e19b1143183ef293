package io.millwright.controller.internal.osgi;

import static io.millwright.controller.internal.osgi.FakeServices.properties;
import static io.millwright.controller.internal.osgi.FakeServices.reference;
import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.controller.internal.launch.PluginProblems;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;

/** What every kind of service that comes and goes has in common. */
class WhiteboardTest {
    private final PluginProblems problems = new PluginProblems();
    private List<String> present = List.of();
    private final Whiteboard<Object, String> board = new Whiteboard<>(
            "thing", problems, (properties, service) -> properties.text("thing.name", "a name"), all -> present = all);

    private static ServiceReference<Object> named(String name, int ranking) {
        return reference(properties("thing.name", name, Constants.SERVICE_RANKING, ranking));
    }

    @Test
    void theHighestRankingComesFirstThenTheOlder() {
        ServiceReference<Object> old = named("old", 0);
        ServiceReference<Object> high = named("high", 7);
        ServiceReference<Object> young = named("young", 0);
        ServiceReference<Object> low = named("low", -1);
        board.bind(young, "");
        board.bind(low, "");
        board.bind(high, "");
        board.bind(old, "");
        assertThat(present).containsExactly("high", "old", "young", "low");
        board.unbind(high);
        assertThat(present).containsExactly("old", "young", "low");
    }

    /** One service object under two references is two services: what goes with one leaves the other. */
    @Test
    void aServiceIsKnownByItsReference() {
        Object same = new Object();
        ServiceReference<Object> one = named("one", 0);
        ServiceReference<Object> two = named("two", 0);
        board.bind(one, same);
        board.bind(two, same);
        board.unbind(one);
        assertThat(present).containsExactly("two");
    }

    /** A framework changes properties while a service is bound: it moves, and is found when it goes. */
    @Test
    void changedPropertiesAreTakenAndTheServiceIsFoundWhenItGoes() {
        Map<String, Object> moving = properties("thing.name", "moving", Constants.SERVICE_RANKING, 5);
        ServiceReference<Object> reference = reference(moving);
        board.bind(reference, "");
        for (int i = 0; i < 5; i++) {
            board.bind(named("other" + i, i), "");
        }
        moving.put(Constants.SERVICE_RANKING, -5);
        board.bind(reference, "");
        assertThat(present).endsWith("moving").hasSize(6);
        moving.put(Constants.SERVICE_RANKING, 3);
        board.unbind(reference);
        assertThat(present).doesNotContain("moving").hasSize(5);
    }

    @RepeatedTest(20)
    void ofServicesThatComeAtOnceNoneIsLost() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            ServiceReference<Object> reference = named("n" + i, 0);
            threads.add(new Thread(() -> {
                try {
                    go.await();
                } catch (InterruptedException e) {
                    return;
                }
                board.bind(reference, "");
            }));
        }
        threads.forEach(Thread::start);
        go.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(present).containsExactly("n0", "n1", "n2", "n3", "n4", "n5", "n6", "n7");
    }

    @Test
    void eachIsToldWhatWentAndThenWhatCame() {
        List<String> told = new ArrayList<>();
        Whiteboard<Object, String> each = new Whiteboard<>(
                "thing",
                problems,
                (properties, service) -> new StringBuilder(properties.text("thing.name", "a name")).toString(),
                Whiteboard.each(came -> told.add("+" + came), gone -> told.add("-" + gone)));
        Map<String, Object> changing = properties("thing.name", "a");
        ServiceReference<Object> reference = reference(changing);
        each.bind(reference, "");
        each.bind(named("a", 0), "");
        changing.put("thing.name", "b");
        each.bind(reference, "");
        changing.remove("thing.name");
        each.bind(reference, "");
        each.unbind(reference);
        assertThat(told).containsExactly("+a", "+a", "-a", "+b", "-b");
    }

    @Test
    void aServiceThatIsLeftOutIsNamedUntilItIsRightOrGone() {
        Map<String, Object> properties = properties();
        ServiceReference<Object> reference = reference(properties);
        board.bind(reference, "");
        assertThat(present).isEmpty();
        assertThat(problems.sentences())
                .containsExactly(
                        "bundle org.example.plugin offers a thing whose property thing.name is missing; it must"
                                + " be a name; the thing is left out");
        properties.put("thing.name", "right");
        board.bind(reference, "");
        assertThat(present).containsExactly("right");
        assertThat(problems.sentences()).isEmpty();
        properties.put("thing.name", 5);
        board.bind(reference, "");
        assertThat(problems.sentences()).singleElement().asString().contains("thing.name is '5' (Integer)");
        board.unbind(reference);
        assertThat(problems.sentences()).isEmpty();
    }

    /** What a property may be, and what is said of each other value; "left out" means that the service is not used. */
    static Stream<Arguments> values() {
        return Stream.of(
                Arguments.of("texts", null, "[]", null),
                Arguments.of("texts", "a", "[a]", null),
                Arguments.of("texts", new String[] {"a", "b"}, "[a, b]", null),
                Arguments.of("texts", List.of("a", "b"), "[a, b]", null),
                Arguments.of("texts", Set.of("a"), "[a]", null),
                Arguments.of(
                        "texts", new String[] {}, null, "is '[]' (String[]); it must be words; the thing is left out"),
                Arguments.of("texts", List.of("a", 1), null, "left out"),
                Arguments.of("texts", "", null, "left out"),
                Arguments.of("texts", 7L, null, "is '7' (Long); it must be words; the thing is left out"),
                Arguments.of("flag", null, "false", null),
                Arguments.of("flag", true, "true", null),
                Arguments.of("flag", false, "false", null),
                Arguments.of("flag", "true", null, "is 'true' (String); it must be a Boolean; the thing is left out"),
                Arguments.of("seconds", null, "PT10S", null),
                Arguments.of("seconds", 2, "PT2S", null),
                Arguments.of("seconds", 0.5, "PT0.5S", null),
                Arguments.of("seconds", 60L, "PT1M", null),
                Arguments.of(
                        "seconds",
                        "5",
                        "PT10S",
                        "is '5' (String); it must be a number of seconds from 0.001 to 60; it is taken as 10"),
                Arguments.of("seconds", 0, "PT10S", "it is taken as 10"),
                Arguments.of("seconds", 61, "PT10S", "it is taken as 10"),
                Arguments.of("seconds", Double.NaN, "PT10S", "it is taken as 10"),
                Arguments.of("text", null, null, "is missing; it must be a word; the thing is left out"),
                Arguments.of("text", "", null, "is '' (String)"),
                Arguments.of("text", " ", null, "left out"),
                Arguments.of("text", new String[] {"a"}, null, "is '[a]' (String[])"),
                Arguments.of("text", "a", "a", null),
                Arguments.of(Constants.SERVICE_RANKING, null, "0", null),
                Arguments.of(Constants.SERVICE_RANKING, 3, "3", null),
                Arguments.of(
                        Constants.SERVICE_RANKING, 3L, "0", "is '3' (Long); it must be an Integer; it is taken as 0"));
    }

    @ParameterizedTest
    @MethodSource("values")
    void propertiesAreTakenOrAnErrorSomebodySees(String key, Object value, String taken, String said) {
        List<Object> read = new ArrayList<>();
        Whiteboard<Object, Object> reading = new Whiteboard<>(
                "thing",
                problems,
                (properties, service) -> switch (key) {
                    case "texts" -> List.copyOf(properties.texts(key, "words"));
                    case "flag" -> properties.flag(key);
                    case "seconds" -> properties.seconds(key, 0.001, 60, 10);
                    case "text" -> properties.text(key, "a word");
                    default -> properties.ranking();
                },
                read::addAll);
        reading.bind(reference(properties(key, value)), "");
        assertThat(read).extracting(String::valueOf).isEqualTo(taken == null ? List.of() : List.of(taken));
        if (said == null) {
            assertThat(problems.sentences()).isEmpty();
        } else {
            assertThat(problems.sentences().get(0))
                    .contains("whose property " + key + " is ")
                    .contains(said);
        }
    }
}
