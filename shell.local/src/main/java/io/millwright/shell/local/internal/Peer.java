package io.millwright.shell.local.internal;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.attribute.UserPrincipal;
import jdk.net.ExtendedSocketOptions;

/**
 * The process at the other end of a connection.
 *
 * @param name the user's name
 * @param allowed whether it may command the node
 */
record Peer(String name, boolean allowed) {

    /**
     * Asks the system, where it can tell: the socket's owner and root are allowed. Where it cannot, the mode of the
     * socket and its directory has already decided, and the peer is the node's own user.
     */
    static Peer of(SocketChannel channel, UserPrincipal owner) throws IOException {
        UserPrincipal user;
        try {
            user = channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user();
        } catch (LinkageError | UnsupportedOperationException e) {
            return new Peer(System.getProperty("user.name", owner.getName()), true);
        }
        return new Peer(user.getName(), user.equals(owner) || user.getName().equals("root"));
    }
}
