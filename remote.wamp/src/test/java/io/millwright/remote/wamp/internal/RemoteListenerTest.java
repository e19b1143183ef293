package io.millwright.remote.wamp.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millwright.wamp.net.ListenerConfig;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RemoteListenerTest {
    /** The options of a configuration that says this, as Declarative Services make them. */
    private static ListenerOptions options(Map<String, Object> said) {
        return (ListenerOptions) Proxy.newProxyInstance(
                ListenerOptions.class.getClassLoader(),
                new Class<?>[] {ListenerOptions.class},
                (proxy, method, arguments) -> said.getOrDefault(method.getName(), method.getDefaultValue()));
    }

    private static ListenerConfig read(Map<String, Object> said) {
        return RemoteListener.of("lan", Path.of("/node"), options(said));
    }

    @Test
    void aListenerIsReadFromItsConfiguration() {
        ListenerConfig tcp = read(Map.of("address", "[::1]:8080", "type", "websocket", "limits_connections", 7));
        ListenerConfig slow = read(Map.of("address", "1", "limits_waiting", 3, "limits_join", 60, "ping", 9));
        assertThat(slow.waiting()).isEqualTo(3);
        assertThat(slow.helloTimeout()).hasSeconds(60);
        assertThat(slow.pingInterval()).hasSeconds(9);
        assertThat(tcp.address()).isEqualTo(new InetSocketAddress("::1", 8080));
        assertThat(tcp.type()).isEqualTo(ListenerConfig.Type.WEBSOCKET);
        assertThat(tcp.connections()).isEqualTo(7);
        assertThat(read(Map.of("path", "run/more.sock")).address())
                .isEqualTo(UnixDomainSocketAddress.of("/node/run/more.sock"));
        assertThat(((InetSocketAddress) read(Map.of("address", "8080")).address())
                        .getAddress()
                        .isLoopbackAddress())
                .isTrue();
    }

    @Test
    void aStoreHasTheCertificateToo() {
        ListenerConfig store = read(Map.of("address", "8443", "tls_key", "key/n.P12", "tls_passwordFile", "key/n.pw"));
        assertThat(store.tlsKey()).isEqualTo(Path.of("/node/key/n.P12"));
        assertThat(store.tlsPasswordFile()).isEqualTo(Path.of("/node/key/n.pw"));
        assertThat(store.tlsCertificates()).isNull();
    }

    private static List<Arguments> lists() {
        return List.of(
                Arguments.of(new String[] {}, List.of()),
                Arguments.of(new String[] {"ticket"}, List.of("ticket")),
                Arguments.of(new String[] {"ticket", "wampcra"}, List.of("ticket", "wampcra")),
                Arguments.of(new String[] {"[\"ticket\", \"wampcra\"]"}, List.of("ticket", "wampcra")),
                Arguments.of(new String[] {"[]"}, List.of()));
    }

    /** The kind: a list in a file that knows only text. */
    @ParameterizedTest
    @MethodSource("lists")
    void aListStandsInOneTextToo(String[] values, List<String> list) {
        assertThat(RemoteListener.texts(values)).isEqualTo(list);
    }

    private static List<Arguments> wrong() {
        return List.of(
                Arguments.of(Map.of(), "it needs either 'path'"),
                Arguments.of(Map.of("path", "a", "address", "b:1"), "it needs either 'path'"),
                Arguments.of(Map.of("address", "127.0.0.1"), "'address' must be HOST:PORT, is '127.0.0.1'"),
                Arguments.of(Map.of("address", "127.0.0.1:http"), "'address' must be HOST:PORT"),
                Arguments.of(Map.of("address", "127.0.0.1:99999"), "the port is 99999; it must be between 0 and 65535"),
                Arguments.of(Map.of("address", "127.0.0.1:-1"), "the port is -1"),
                Arguments.of(Map.of("address", "[::1]:65536"), "the port is 65536"),
                Arguments.of(
                        Map.of("address", "1", "limits_join", 0), "'limits.join' is a number of seconds, 1 or more"),
                Arguments.of(
                        Map.of("address", "1", "limits_hello", 1 << 20),
                        "'limits.hello' is a number of bytes, 512 to 65536"),
                Arguments.of(Map.of("address", "1", "limits_waiting", 0), "waiting is 0; it must be 1 or more"),
                Arguments.of(Map.of("address", "1", "ping", -1), "'ping' is a number of seconds, 0 or more, and is -1"),
                Arguments.of(Map.of("address", "127.0.0.1:1", "type", "http"), "'type' must be rawsocket or websocket"),
                Arguments.of(Map.of("address", "127.0.0.1:1", "tls_cert", "c.pem"), "belong together"),
                Arguments.of(Map.of("address", "127.0.0.1:1", "tls_key", "k.pem"), "belong together"),
                Arguments.of(
                        Map.of("address", "127.0.0.1:1", "tls_key", "k.p12", "tls_cert", "c.pem"),
                        "leave out 'tls.cert'"),
                Arguments.of(Map.of("address", "127.0.0.1:1", "tls_passwordFile", "p"), "is for a store"),
                Arguments.of(
                        Map.of("address", "127.0.0.1:1", "tls_key", "k", "tls_cert", "c", "tls_passwordFile", "p"),
                        "is for a store"),
                Arguments.of(Map.of("address", "127.0.0.1:1", "limits_connections", 0), "must be 1 or more"));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void whatIsWrongIsASentence(Map<String, Object> said, String sentence) {
        assertThatThrownBy(() -> read(said))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(sentence);
    }

    /** The kind: what may be there later is no fault of the configuration. */
    @Test
    void aHostThatIsNotKnownNowIsLeftToTheAttemptToListen() {
        assertThat(read(Map.of("address", "no.such.host.invalid:1")).address())
                .isEqualTo(InetSocketAddress.createUnresolved("no.such.host.invalid", 1));
    }
}
