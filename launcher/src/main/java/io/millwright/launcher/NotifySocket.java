package io.millwright.launcher;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The datagram socket of a service manager, as {@code NOTIFY_SOCKET} names it. Java has no such sockets, so the C library
 * sends, from the node's own process: systemd reads from the kernel which process a message is of, and with
 * {@code NotifyAccess=main} takes it of this one only. Where JNA cannot be used {@code systemd-notify} sends, for which the
 * unit needs {@code NotifyAccess=all}. Thread-safe; blocks while the manager takes no messages.
 */
final class NotifySocket {
    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM_CLOEXEC = 2 | 0x80000;
    private static final int MSG_NOSIGNAL = 0x4000;
    /** Room for a path in a socket's address. */
    private static final int ROOM = 108;

    private static final int HELPER_SECONDS = 10;

    private final String path;

    /** @param path of the socket; one that begins with {@code @} is of the abstract name space */
    NotifySocket(String path) {
        this.path = path;
    }

    /**
     * Sends one message.
     *
     * @param assignments {@code NAME=value} each
     * @throws IOException with the reason in words if it could not be sent
     */
    void send(List<String> assignments) throws IOException {
        byte[] name = path.getBytes(StandardCharsets.UTF_8);
        if (name.length >= ROOM) {
            throw new IOException("the path of a socket has at most " + (ROOM - 1) + " bytes");
        }
        boolean own;
        try {
            own = C.isBound();
        } catch (LinkageError e) {
            own = false;
        }
        if (own) {
            sendFromHere(name, String.join("\n", assignments).getBytes(StandardCharsets.UTF_8));
        } else {
            sendByHelper(assignments);
        }
    }

    private static void sendFromHere(byte[] name, byte[] message) throws IOException {
        byte[] address = new byte[2 + name.length + (name[0] == '@' ? 0 : 1)];
        java.nio.ByteBuffer.wrap(address)
                .order(java.nio.ByteOrder.nativeOrder())
                .putShort((short) AF_UNIX);
        System.arraycopy(name, 0, address, 2, name.length);
        if (name[0] == '@') {
            address[2] = 0;
        }
        try {
            int socket = C.socket(AF_UNIX, SOCK_DGRAM_CLOEXEC, 0);
            try {
                C.sendto(socket, message, message.length, MSG_NOSIGNAL, address, address.length);
            } finally {
                C.close(socket);
            }
        } catch (LastErrorException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private void sendByHelper(List<String> assignments) throws IOException {
        List<String> command = new java.util.ArrayList<>(List.of("systemd-notify"));
        command.addAll(assignments);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("NOTIFY_SOCKET", path);
        Process process = builder.start();
        try {
            process.getOutputStream().close();
            if (!process.waitFor(HELPER_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("systemd-notify has not ended within " + HELPER_SECONDS + " s");
            }
            if (process.exitValue() != 0) {
                throw new IOException("systemd-notify failed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            process.destroyForcibly();
        }
    }

    /** The C library; loading this class needs JNA. */
    private static final class C {
        private static final boolean BOUND = bind();

        private static boolean bind() {
            if (!System.getProperty("os.name", "").equals("Linux")) {
                return false;
            }
            Native.register(C.class, NativeLibrary.getProcess());
            return true;
        }

        static boolean isBound() {
            return BOUND;
        }

        static native int socket(int domain, int type, int protocol) throws LastErrorException;

        static native long sendto(int socket, byte[] message, long length, int flags, byte[] address, int room)
                throws LastErrorException;

        static native int close(int socket) throws LastErrorException;
    }
}
