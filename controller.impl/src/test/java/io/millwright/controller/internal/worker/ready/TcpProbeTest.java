package io.millwright.controller.internal.worker.ready;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.millwright.controller.internal.options.ProbeOptions.Address;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The kind: a port of this machine in each state it can be in; what can be told without waiting is what waiting tells. */
class TcpProbeTest {
    private static final Duration LIMIT = Duration.ofMillis(200);

    private static TcpProbe probe(String host, int port) {
        return new TcpProbe(new Address(host, port), null);
    }

    private static ServerSocket listen(String host) throws IOException {
        try {
            return new ServerSocket(0, 5, InetAddress.getByName(host));
        } catch (BindException e) {
            return abort("this machine has no " + host);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void aPortThatIsListenedOn(String host) throws IOException {
        try (ServerSocket server = listen(host)) {
            TcpProbe probe = probe(host, server.getLocalPort());
            assertThat(probe.askAtOnce()).isEqualTo(new Probe.Answer(null));
            assertThat(probe.ask(LIMIT)).isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void aPortThatNobodyListensOn(String host) throws IOException {
        int port;
        try (ServerSocket server = listen(host)) {
            port = server.getLocalPort();
        }
        TcpProbe probe = probe(host, port);
        Probe.Answer answer = probe.askAtOnce();
        assertThat(answer).isNotNull();
        assertThat(answer.bad())
                .contains("no connection to " + probe.address(), "refused")
                .isEqualTo(probe.ask(LIMIT));
    }

    /** The kernel drops what asks: only time can tell. */
    @Test
    void aProgramThatTakesNoMoreConnections() throws IOException {
        List<SocketChannel> callers = new ArrayList<>();
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            TcpProbe probe = probe("127.0.0.1", server.getLocalPort());
            for (int i = 0; i < 8; i++) {
                SocketChannel caller = SocketChannel.open();
                callers.add(caller);
                caller.configureBlocking(false);
                caller.connect(new InetSocketAddress("127.0.0.1", server.getLocalPort()));
            }
            assertThat(probe.askAtOnce()).isNull();
            assertThat(probe.ask(LIMIT)).contains("timed out");
        } finally {
            for (SocketChannel caller : callers) {
                caller.close();
            }
        }
    }

    @Test
    void aNameIsNotLookedUpAtOnce() {
        assertThat(probe("localhost", 1).askAtOnce()).isNull();
        assertThat(probe("192.0.2.1", 1).askAtOnce()).isNull();
    }
}
