package io.millwright.controller.internal.worker.ready;

import io.millwright.controller.internal.options.ProbeOptions.Address;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Takes a connection and closes it.
 *
 * @param address where
 * @param owner says whether the port is the program's own, {@code null} if that does not matter
 */
record TcpProbe(Address address, @Nullable PortOwner owner) implements Probe {
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

    @Override
    public String what() {
        return "a connection to " + address;
    }
}
