package io.millwright.controller.internal.worker.ready;

import io.millwright.controller.internal.options.ProbeOptions.Address;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Takes a connection and closes it.
 *
 * @param address where
 * @param owner says whether the port is the program's own, {@code null} if that does not matter
 */
record TcpProbe(Address address, @Nullable PortOwner owner) implements Probe {
    /** Addresses that need nobody to be asked where they are. */
    private static final Map<String, InetAddress> HERE =
            Map.of("127.0.0.1", here(127, 0, 0, 1), "::1", here(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1));

    private static InetAddress here(int... parts) {
        byte[] bytes = new byte[parts.length];
        for (int i = 0; i < parts.length; i++) {
            bytes[i] = (byte) parts[i];
        }
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public @Nullable String ask(Duration limit) {
        InetSocketAddress target = new InetSocketAddress(address.host(), address.port());
        if (target.isUnresolved()) {
            return "the host of " + address + " is not known";
        }
        try (Socket socket = new Socket()) {
            socket.connect(target, Math.toIntExact(Math.min(limit.toMillis(), Integer.MAX_VALUE)));
        } catch (IOException e) {
            return "no connection to " + address + ": " + e.getMessage();
        }
        return owner != null && target.getAddress().isLoopbackAddress() ? owner.foreign(address.port()) : null;
    }

    /** This machine answers while it is asked, unless its program has too many callers already. */
    @Override
    public @Nullable Answer askAtOnce() {
        InetAddress here = HERE.get(address.host());
        if (owner != null || here == null) {
            return null;
        }
        try (SocketChannel channel = SocketChannel.open()) {
            channel.configureBlocking(false);
            channel.connect(new InetSocketAddress(here, address.port()));
            return channel.finishConnect() ? new Answer(null) : null;
        } catch (IOException e) {
            return new Answer("no connection to " + address + ": " + e.getMessage());
        }
    }

    @Override
    public String what() {
        return "a connection to " + address;
    }
}
