package io.millwright.launcher;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A manager of one service of {@code Type=notify} with {@code NotifyAccess=main}, as systemd is one: it learns from the kernel
 * which process each message is of (SO_PASSCRED), looks the process up when it reads, drops what is not of the main process, and
 * knows what may follow what. Linux only.
 */
final class FakeSystemd implements AutoCloseable {
    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM_CLOEXEC = 2 | 0x80000;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVTIMEO = 20;
    private static final int SO_PASSCRED = 16;
    private static final int CREDENTIALS = 2;

    static {
        Native.register(FakeSystemd.class, NativeLibrary.getProcess());
    }

    /** A message with the process that the kernel says sent it, and whether that was still there when it was read. */
    record Message(int pid, boolean isThere, String text) {
        Map<String, String> assignments() {
            return text.lines()
                    .map(line -> line.split("=", 2))
                    .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
        }
    }

    private final int socket;
    private final Thread reader;
    private final List<Message> messages = new CopyOnWriteArrayList<>();
    private volatile boolean closed;

    FakeSystemd(Path path) {
        socket = socket(AF_UNIX, SOCK_DGRAM_CLOEXEC, 0);
        byte[] name = path.toString().getBytes(StandardCharsets.UTF_8);
        byte[] address = new byte[3 + name.length];
        java.nio.ByteBuffer.wrap(address).order(ByteOrder.nativeOrder()).putShort((short) AF_UNIX);
        System.arraycopy(name, 0, address, 2, name.length);
        check(bind(socket, address, address.length));
        try (Memory value = new Memory(16)) {
            value.setInt(0, 1);
            check(setsockopt(socket, SOL_SOCKET, SO_PASSCRED, value, 4));
            value.setLong(0, 0);
            value.setLong(8, 100_000);
            check(setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, value, 16));
        }
        reader = new Thread(this::read, "fake-systemd");
        reader.start();
    }

    private static void check(int result) {
        if (result < 0) {
            throw new IllegalStateException("error " + Native.getLastError());
        }
    }

    private void read() {
        try (Memory text = new Memory(4096);
                Memory vector = new Memory(16);
                Memory control = new Memory(256);
                Memory header = new Memory(56)) {
            while (!closed) {
                vector.setPointer(0, text);
                vector.setLong(8, text.size());
                header.clear();
                header.setPointer(16, vector);
                header.setLong(24, 1);
                header.setPointer(32, control);
                header.setLong(40, control.size());
                long count = recvmsg(socket, header, 0);
                if (count >= 0) {
                    int pid = control.getInt(12) == CREDENTIALS ? control.getInt(16) : 0;
                    boolean isThere = ProcessHandle.of(pid).isPresent();
                    messages.add(new Message(
                            pid, isThere, new String(text.getByteArray(0, (int) count), StandardCharsets.UTF_8)));
                }
            }
        }
    }

    /** All that was received. */
    List<Message> messages() {
        return messages;
    }

    /** What systemd with {@code NotifyAccess=main} would have made of the messages: its states, and each extension. */
    List<String> seen(long mainPid) {
        List<String> states = new ArrayList<>(List.of("activating"));
        for (Message message : messages) {
            if (message.pid() != mainPid || !message.isThere()) {
                continue;
            }
            Map<String, String> said = message.assignments();
            String state = states.get(states.size() - 1);
            if (said.containsKey("STOPPING") && !state.equals("deactivating")) {
                states.add("deactivating");
            } else if (said.containsKey("RELOADING") && state.equals("active")) {
                states.add(said.getOrDefault("MONOTONIC_USEC", "").matches("[1-9][0-9]*") ? "reloading" : "bad reload");
            } else if (said.containsKey("READY") && !state.equals("deactivating")) {
                states.add("active");
            }
        }
        return states;
    }

    /** The longest time in microseconds that a message asked for in a state, 0 if none did. */
    long extension(String status) {
        return messages.stream()
                .map(Message::assignments)
                .filter(said -> said.containsKey("EXTEND_TIMEOUT_USEC")
                        && said.getOrDefault("STATUS", "").startsWith(status))
                .flatMap(said -> Stream.of(Long.parseLong(said.get("EXTEND_TIMEOUT_USEC"))))
                .max(Long::compare)
                .orElse(0L);
    }

    @Override
    public void close() throws InterruptedException {
        closed = true;
        reader.join();
        close(socket);
    }

    static native int socket(int domain, int type, int protocol);

    static native int bind(int socket, byte[] address, int length);

    static native int setsockopt(int socket, int level, int option, Pointer value, int length);

    static native long recvmsg(int socket, Pointer header, int flags);

    static native int close(int socket);
}
