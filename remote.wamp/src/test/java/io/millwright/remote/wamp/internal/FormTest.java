package io.millwright.remote.wamp.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millwright.options.RemoteForms;
import io.millwright.options.RemoteForms.Kind;
import io.millwright.wamp.router.Limits;
import java.lang.annotation.Annotation;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The kind: an option that is written wrong is passed over, and what was to be closed is open. */
class FormTest {
    private static List<Arguments> right() {
        return List.of(
                Arguments.of(LimitsOptions.class, Map.of("limits.calls", "7", "service.pid", "x")),
                Arguments.of(
                        ListenerOptions.class,
                        Map.of(
                                "type", "websocket",
                                "limits.message", 5,
                                "insecure", "true",
                                "auth", new String[] {"ticket", "wampcra"},
                                "felix.fileinstall.filename", "file:x")),
                Arguments.of(ListenerOptions.class, Map.of("auth", "ticket", "tls.passwordFile", "x")),
                Arguments.of(ListenerOptions.class, Map.of("auth", "[\"ticket\", \"wampcra\"]", "origins", List.of())),
                Arguments.of(PrincipalOptions.class, Map.of("role", "observer", "publicKeys", "00")),
                Arguments.of(RoleOptions.class, Map.of("rules", "[\"call exact a.b, c\"]")));
    }

    @ParameterizedTest
    @MethodSource("right")
    void whatIsRightIsTaken(Class<? extends Annotation> form, Map<String, Object> properties) {
        Form.check(form, properties);
    }

    private static List<Arguments> tables() {
        return List.of(
                Arguments.of(ListenerOptions.class, RemoteForms.LISTENER),
                Arguments.of(PrincipalOptions.class, RemoteForms.PRINCIPAL),
                Arguments.of(RoleOptions.class, RemoteForms.ROLE),
                Arguments.of(LimitsOptions.class, RemoteForms.LIMITS));
    }

    /** The table is what node.json is checked by. */
    @ParameterizedTest
    @MethodSource("tables")
    void theTableForOthersSaysTheSame(Class<? extends Annotation> form, Map<String, Kind> table) {
        Map<Class<?>, Kind> kinds = Map.of(
                String.class, Kind.TEXT, String[].class, Kind.TEXTS, int.class, Kind.WHOLE, boolean.class, Kind.FLAG);
        Map<String, Kind> own = new TreeMap<>();
        Form.options(form).forEach((key, type) -> own.put(key, kinds.get(type)));
        assertThat(table).isEqualTo(own);
    }

    private static List<Arguments> wrong() {
        return List.of(
                Arguments.of(LimitsOptions.class, Map.of("limits.call", 7), "did you mean 'limits.calls'"),
                Arguments.of(
                        LimitsOptions.class,
                        Map.of("limits.calls", "many"),
                        "'limits.calls' is a whole number, and is 'many'"),
                Arguments.of(ListenerOptions.class, Map.of("origin", "x"), "did you mean 'origins'"),
                Arguments.of(
                        ListenerOptions.class, Map.of("tls.certificate", "x"), "'tls.certificate' is not an option"),
                Arguments.of(
                        ListenerOptions.class,
                        Map.of("insecure", "maybe"),
                        "'insecure' is true or false, and is 'maybe'"),
                Arguments.of(
                        PrincipalOptions.class,
                        Map.of("ticket_file", "x"),
                        "'ticket_file' is not an option; did you mean 'ticketFile'"),
                Arguments.of(RoleOptions.class, Map.of("rule", "x"), "did you mean 'rules'"));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void whatIsWrongIsSaidWithItsPath(
            Class<? extends Annotation> form, Map<String, Object> properties, String sentence) {
        assertThatThrownBy(() -> Form.check(form, properties))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(sentence);
    }

    private static LimitsOptions limits(Map<String, Object> said) {
        return (LimitsOptions) Proxy.newProxyInstance(
                LimitsOptions.class.getClassLoader(),
                new Class<?>[] {LimitsOptions.class},
                (proxy, method, arguments) -> said.getOrDefault(method.getName(), method.getDefaultValue()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "limits_sessions|0|'limits.sessions' is 0; it must be 1 or more",
                "limits_sessionsPerPeer|-1|'limits.sessionsPerPeer' is -1",
                "limits_calls|0|'limits.calls'",
                "limits_subscriptions|0|'limits.subscriptions'",
                "limits_registrations|0|'limits.registrations'",
                "limits_testaments|0|'limits.testaments'",
                "limits_retained|0|'limits.retained'",
                "limits_queued|511|'limits.queued' is 511; it must be 512 or more"
            })
    void aLimitThatCannotBeIsASentence(String name, int value, String sentence) {
        assertThatThrownBy(() -> LimitsComponent.limits(limits(Map.of(name, value))))
                .hasMessageContaining(sentence);
    }

    @Test
    void limitsAreThoseOfTheRouterWhereNothingIsSaid() {
        assertThat(LimitsComponent.limits(limits(Map.of())))
                .usingRecursiveComparison()
                .isEqualTo(Limits.DEFAULT);
    }
}
