package io.millwright.wamp.client;

import io.millwright.wamp.internal.client.RawSocketTransport;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;

/** The ways to a router that the client brings. */
public final class Transports {
    private Transports() {}

    /** RawSocket on a Unix domain socket. */
    public static Transport unix(Path socket) {
        return new RawSocketTransport(() -> UnixDomainSocketAddress.of(socket), "unix:" + socket);
    }

    /** RawSocket on TCP, unencrypted; the name is looked up at each connect. */
    public static Transport tcp(String host, int port) {
        return new RawSocketTransport(() -> new InetSocketAddress(host, port), "tcp://" + host + ":" + port);
    }
}
