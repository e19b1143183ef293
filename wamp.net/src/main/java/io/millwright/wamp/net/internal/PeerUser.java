package io.millwright.wamp.net.internal;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.FileSystems;
import java.nio.file.attribute.UserPrincipal;
import jdk.net.ExtendedSocketOptions;

/** The user at the other end of a Unix socket, as the kernel says it. */
final class PeerUser {
    private PeerUser() {}

    /** The user's number; -1 where it cannot be told. */
    static long of(SocketChannel channel) {
        try {
            return number(channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user());
        } catch (IOException | LinkageError | UnsupportedOperationException e) {
            return -1;
        }
    }

    /**
     * The JDK tells a name and keeps the number to itself, but for the hash of the principal. It is believed only if the principal of that
     * number, looked up the official way, is the same.
     */
    static long number(UserPrincipal user) throws IOException {
        int guess = user.hashCode();
        UserPrincipal known = FileSystems.getDefault()
                .getUserPrincipalLookupService()
                .lookupPrincipalByName(Integer.toUnsignedString(guess));
        return known.equals(user) ? Integer.toUnsignedLong(guess) : -1;
    }
}
