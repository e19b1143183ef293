package io.millwright.wamp.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millwright.wamp.Ids;
import io.millwright.wamp.WampErrors;
import io.millwright.wamp.WampProtocolException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Lists to messages and back; each list that is none, with the sentence. */
class MessageTest {
    private static final Map<String, Object> NONE = Map.of();

    static Stream<List<Object>> messages() {
        List<Object> args = Arrays.asList(1L, null, "x");
        Map<String, Object> kwargs = Map.of("k", List.of(true));
        return Stream.of(
                list(1, "realm1", Map.of("roles", Map.of("caller", NONE))),
                list(2, 9129137332L, NONE),
                list(3, Map.of("message", "no"), "wamp.error.no_such_realm"),
                list(3, NONE, "wamp.error.no_such_realm", args),
                list(4, "ticket", NONE),
                list(5, "secret", NONE),
                list(6, NONE, "wamp.close.normal"),
                list(8, 48, 7814135L, NONE, "com.myapp.error", args, kwargs),
                list(16, 1L, Map.of("acknowledge", true), "com.topic", args, kwargs),
                list(16, 1L, NONE, "com.topic", new byte[] {1, 2}),
                list(17, 1L, 2L),
                list(32, 1L, NONE, "com.topic"),
                list(32, 1L, Map.of("match", "prefix"), "com."),
                list(32, 1L, Map.of("match", "wildcard"), "com..x"),
                list(33, 1L, 2L),
                list(34, 1L, 2L),
                list(35, 1L),
                list(35, 0L, Map.of("subscription", 3L, "reason", "x.y")),
                list(36, 1L, Ids.MAX, NONE, args),
                list(337, 5512315355L),
                list(48, 1L, NONE, "com.proc"),
                list(48, 1L, NONE, "com.proc", List.of(), kwargs),
                list(49, 1L, Map.of("mode", "kill")),
                list(50, 1L, Map.of("progress", true), args),
                list(64, 1L, Map.of("match", "wildcard"), "..x"),
                list(65, 1L, 2L),
                list(66, 1L, 2L),
                list(67, 1L),
                list(67, 0L, Map.of("registration", 3L)),
                list(68, 1L, 2L, NONE, args, kwargs),
                list(69, 1L, Map.of("mode", "killnowait")),
                list(70, 1L, NONE, args, kwargs));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void aMessageIsItsList(List<Object> list) {
        WampMessage message = WampMessage.parse(list);
        assertThat(message.type().code()).isEqualTo(list.get(0));
        assertThat(Values.equal(message.toList(), list))
                .as("%s", message.toList())
                .isTrue();
        assertThat(WampMessage.parse(message.toList())).isEqualTo(message).hasSameHashCodeAs(message);
    }

    @Test
    void eachMessageIsTried() {
        assertThat(messages().map(list -> WampMessage.parse(list).type()).distinct())
                .containsExactlyInAnyOrder(MessageType.values());
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                Arguments.of(list(), "this one is empty"),
                Arguments.of(list("HELLO"), "this one with a text"),
                Arguments.of(list(7, 1), "no message with the code 7"),
                Arguments.of(list(-1, 1), "no message with the code -1"),
                Arguments.of(list(1L << 40, 1), "no message with the code"),
                Arguments.of(list(1.5, 1), "not whole"),
                Arguments.of(list(1, "realm"), "HELLO has 2 elements; it must have 3"),
                Arguments.of(list(1, "realm", NONE, 1), "HELLO has 4 elements; it must have 3"),
                Arguments.of(list(1, null, NONE), "the realm of HELLO (element 1) is null"),
                Arguments.of(list(1, "", NONE), "the realm of HELLO is no URI"),
                Arguments.of(
                        list(1, "r", List.of()), "details of HELLO (element 2) is a list; it must be a dictionary"),
                Arguments.of(list(1, "r", Map.of(1, 2)), "a dictionary whose keys are texts"),
                Arguments.of(list(2, 0, NONE), "session of WELCOME (element 1) is the number 0; it must be an id"),
                Arguments.of(list(2, -5, NONE), "it must be an id from 1 to 2^53"),
                Arguments.of(list(2, Ids.MAX + 1, NONE), "it must be an id"),
                Arguments.of(list(2, "7", NONE), "is a text; it must be an id"),
                Arguments.of(list(2, 1.5, NONE), "it must be an id"),
                Arguments.of(list(2, Double.NaN, NONE), "it must be an id"),
                Arguments.of(list(2, 1e300, NONE), "it must be an id"),
                Arguments.of(list(3, NONE, "not a uri"), "the reason of ABORT is no URI"),
                Arguments.of(list(4, 1, NONE), "method of CHALLENGE"),
                Arguments.of(list(8, 7, 1, NONE, "a.b"), "it must be the code of a message"),
                Arguments.of(list(8, 48, 0, NONE, "a.b"), "request of ERROR"),
                Arguments.of(list(35, -1), "request of UNSUBSCRIBED"),
                Arguments.of(list(35, 1, NONE, 2), "it must have 2 or 3"),
                Arguments.of(list(48, 1, NONE, "a.b", "x"), "the arguments of CALL are a text; they must be a list"),
                Arguments.of(list(48, 1, NONE, "a.b", List.of(), List.of()), "arguments by name of CALL are a list"),
                Arguments.of(list(48, 1, NONE, "a.b", List.of(), Map.of(1, 1)), "a name among the arguments of CALL"),
                Arguments.of(list(48, 1, NONE, "a.b", List.of(), NONE, 1), "it must have 4 to 6"),
                Arguments.of(list(48, 1, NONE, "a.b", new byte[1], NONE), "the arguments of CALL"));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void whatIsNoMessageIsRefusedInASentence(List<Object> list, String sentence) {
        assertThatThrownBy(() -> WampMessage.parse(list))
                .isInstanceOf(WampProtocolException.class)
                .hasMessageContaining(sentence)
                .satisfies(
                        e -> assertThat(((WampProtocolException) e).requestId()).isZero());
    }

    /** The session need not end for it: the request can be answered. */
    @Test
    void aWrongUriOrOptionInARequestNamesTheRequest() {
        for (int code : new int[] {16, 32, 48, 64}) {
            WampProtocolException e = refusal(list(code, 7, NONE, "a b"));
            assertThat(e.uri()).isEqualTo(WampErrors.INVALID_URI);
            assertThat(e.requestType()).isEqualTo(code);
            assertThat(e.requestId()).isEqualTo(7);
        }
        WampProtocolException e = refusal(list(32, 7, Map.of("match", "regex"), "a..b"));
        assertThat(e).hasMessage("'match' of SUBSCRIBE is another text; it must be one of exact, prefix, wildcard");
        assertThat(refusal(list(16, 7, Map.of("eligible", List.of("x")), "a")))
                .hasMessage("'eligible' of PUBLISH is a list with something else in it; it must be a list of ids");
        assertThat(e.uri()).isEqualTo(WampErrors.PROTOCOL_VIOLATION);
        assertThat(e.requestId()).isEqualTo(7);
        assertThat(refusal(list(32, 1, NONE, "a..b"))).hasMessageContaining("is no URI");
        assertThat(refusal(list(32, 1, Map.of("match", "prefix"), "a..b"))).hasMessageContaining("is no URI pattern");
        assertThat(refusal(list(48, 0, NONE, "a b")).requestId())
                .as("no request")
                .isZero();
        assertThat(WampMessage.parse(list(32, 1, Map.of("match", "x_ours"), "a..b")))
                .as("a policy of somebody's own is a router's to refuse")
                .isInstanceOf(Subscribe.class);
    }

    static Stream<Arguments> options() {
        return Stream.of(
                Arguments.of(16, "acknowledge", true, 1),
                Arguments.of(16, "exclude", List.of(1, 2.0), List.of("x")),
                Arguments.of(16, "exclude", List.of(), List.of(0)),
                Arguments.of(16, "eligible_authrole", List.of("r"), "r"),
                Arguments.of(32, "match", "wildcard", 1),
                Arguments.of(48, "timeout", 5000, -1),
                Arguments.of(48, "timeout", 0, 1.5),
                Arguments.of(48, "receive_progress", false, "yes"),
                Arguments.of(64, "invoke", "roundrobin", "all"),
                Arguments.of(64, "concurrency", 3, "3"));
    }

    @ParameterizedTest
    @MethodSource("options")
    void anOptionHasItsType(int code, String key, Object right, Object wrong) {
        assertThat(WampMessage.parse(list(code, 1, Map.of(key, right), "a.b"))).isNotNull();
        assertThat(WampMessage.parse(list(code, 1, Collections.singletonMap(key, null), "a.b")))
                .as("null is not given")
                .isNotNull();
        assertThat(refusal(list(code, 1, Map.of(key, wrong), "a.b"))).hasMessageContaining("'" + key + "'");
        MessageType type = MessageType.of(code);
        assertThat(Options.isKnown(type, key)).isTrue();
        assertThat(Options.isKnown(type, "nonsense")).isFalse();
    }

    @Test
    void optionsAreReadInWhateverClassTheyCame() {
        Map<String, Object> options = Map.of("n", 5.0, "ids", List.of(1, 2L, 3.0), "t", List.of("a"), "f", true);
        assertThat(Options.number(options, "n", 1)).isEqualTo(5);
        assertThat(Options.number(options, "m", 1)).isEqualTo(1);
        assertThat(Options.ids(options, "ids")).containsExactly(1L, 2L, 3L);
        assertThat(Options.ids(options, "none")).isNull();
        assertThat(Options.texts(options, "t")).containsExactly("a");
        assertThat(Options.flag(options, "f")).isTrue();
        assertThat(Options.flag(options, "g", true)).isTrue();
    }

    private static WampProtocolException refusal(List<Object> list) {
        return catchThrowableOfType(WampProtocolException.class, () -> WampMessage.parse(list));
    }

    /** Some JavaScript serializers write numbers above 32 bits as floating point numbers. */
    @Test
    void anIdMayComeAsAFloatingPointNumber() {
        assertThat(WampMessage.parse(list(17.0, 1.0, 9007199254740992.0))).isEqualTo(new Published(1, Ids.MAX));
    }

    @Test
    void nullInPlaceOfArgumentsIsNone() {
        assertThat(WampMessage.parse(list(48, 1, NONE, "a.b", null)).payload()).isSameAs(Payload.EMPTY);
        assertThat(WampMessage.parse(list(48, 1, NONE, "a.b", null, Map.of("k", 1L)))
                        .payload())
                .isEqualTo(Payload.of(List.of(), Map.of("k", 1)));
    }

    @Test
    void aConstructorChecksTheSame() {
        assertThatThrownBy(() -> new Call(0, NONE, "a.b", Payload.EMPTY)).hasMessageContaining("request of CALL is 0");
        assertThatThrownBy(() -> new Event(1, Ids.MAX + 1, NONE, Payload.EMPTY)).hasMessageContaining("publication");
        assertThatThrownBy(() -> new ErrorMessage(7, 1, NONE, "a.b", Payload.EMPTY))
                .hasMessageContaining("code 7");
        assertThat(new Authenticate("pw", NONE).toString()).doesNotContain("pw");
        assertThat(new Call(1, NONE, "a.b", Payload.args("pw")).toString()).doesNotContain("pw");
    }

    private static List<Object> list(Object... elements) {
        return Arrays.asList(elements);
    }
}
