package io.millwright.shell.local.client;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs one command in the node of a node directory, as {@code lib/client.pl} does and with the same exit codes.
 * {@code lib/client} starts it in a JVM of its own where perl is missing.
 */
public final class Client {
    private static final int FAILED = 1;
    private static final int USAGE = 2;
    private static final int NO_NODE = 69;
    private static final int BROKEN_PIPE = 141;
    private static final int PIECE = 32 << 10;

    private final OutputStream out = new FileOutputStream(FileDescriptor.out);
    private final OutputStream err = new FileOutputStream(FileDescriptor.err);
    private final InputStream in = new FileInputStream(FileDescriptor.in);
    private final SocketChannel node;
    private final NodeWatch watch;

    private Client(SocketChannel node, NodeWatch watch) {
        this.node = node;
        this.watch = watch;
    }

    /**
     * Runs the command and ends the JVM with its exit code.
     *
     * @param arguments {@code [-d DIR] [--timeout TIME] COMMAND [ARGUMENT...]}, or an option of {@code lib/client}
     */
    public static void main(String[] arguments) {
        int code;
        try {
            code = run(new ArrayDeque<>(Arrays.asList(arguments)));
        } catch (Failure e) {
            if (e.code != BROKEN_PIPE) {
                System.err.println("millwright: " + e.getMessage());
            }
            code = e.code;
        } catch (IOException e) {
            System.err.println("millwright: " + e.getMessage());
            code = FAILED;
        }
        // the thread that reads standard input may be waiting for it
        Runtime.getRuntime().halt(code);
    }

    private static int run(Deque<String> words) throws IOException {
        String directory = null;
        char type = 'R';
        long limit = 0;
        while (!words.isEmpty() && words.peek().startsWith("-")) {
            String option = words.remove();
            switch (option) {
                case "-d" -> {
                    if (words.isEmpty() || words.peek().isEmpty()) {
                        throw usage("-d needs the node directory");
                    }
                    directory = words.remove();
                }
                case "--timeout" -> limit = seconds(words.isEmpty() ? "" : words.remove());
                case "--ping" -> type = kind(type, 'P', option);
                case "--shell" -> type = kind(type, 'S', option);
                case "--commands" -> type = kind(type, 'L', option);
                default -> throw usage("there is no option " + option + " before the command");
            }
        }
        if (type != 'R' && !words.isEmpty()) {
            throw usage("there is nothing to say after --ping, --shell or --commands");
        }
        if (type == 'R' && words.isEmpty()) {
            throw usage("which command?");
        }
        String chosen = directory == null ? defaultDirectory() : directory;
        NodeWatch watch = new NodeWatch(Path.of(chosen), limit, Client::giveUp);
        try (SocketChannel node = connect(chosen)) {
            return new Client(node, watch).converse(type, List.copyOf(words));
        }
    }

    private static void giveUp(String why) {
        System.err.println("millwright: " + why);
        Runtime.getRuntime().halt(FAILED);
    }

    private static long seconds(String time) throws Failure {
        if (!time.matches("[1-9][0-9]{0,7}[smh]?")) {
            throw usage("--timeout needs a time above 0, as 30, 30s, 5m or 1h");
        }
        long unit = time.endsWith("h") ? 3600 : time.endsWith("m") ? 60 : 1;
        return Long.parseLong(time.replaceFirst("[smh]$", "")) * unit;
    }

    private static char kind(char before, char now, String option) throws Failure {
        if (before != 'R') {
            throw usage(option + " comes after another of its kind");
        }
        return now;
    }

    private static String defaultDirectory() {
        String named = System.getenv("MILLWRIGHT_DIR");
        if (named != null && !named.isEmpty()) {
            return named;
        }
        return Files.isDirectory(Path.of(".millwright")) ? ".millwright" : ".";
    }

    private static SocketChannel connect(String directory) throws IOException {
        Path path = Path.of(directory, "run", "node.sock");
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(path));
            return channel;
        } catch (IOException e) {
            channel.close();
            String reason = String.valueOf(e.getMessage());
            if (!Files.exists(Path.of(directory))) {
                throw new Failure(NO_NODE, "no node runs in " + directory + ": there is no such directory");
            }
            if (reason.contains("Permission denied") || reason.contains("not permitted")) {
                throw new Failure(FAILED, "cannot reach the node in " + directory + ": " + path + ": " + reason);
            }
            if (reason.contains("too long")) {
                throw new Failure(
                        NO_NODE,
                        "no node can run in " + directory + ": the path of its socket, " + path + ", is too long");
            }
            throw new Failure(NO_NODE, "no node runs in " + directory);
        }
    }

    private int converse(char type, List<String> words) throws IOException {
        write(new byte[] {'M', 'W', 'S', 1});
        send(type, request(words));
        DataInputStream received = new DataInputStream(new ChannelInput());
        while (true) {
            byte kind;
            byte[] payload;
            try {
                kind = received.readByte();
                payload = received.readNBytes(received.readInt());
            } catch (EOFException e) {
                throw new Failure(FAILED, "the node ended before the command did");
            }
            switch (kind) {
                case 'O' -> show(out, payload);
                case 'E' -> show(err, payload);
                case 'N' -> {
                    // apart, because a node that ends must not wait for somebody to type
                    Thread reader = new Thread(this::sendPiece, "millwright-input");
                    reader.setDaemon(true);
                    reader.start();
                }
                case 'X' -> {
                    return ByteBuffer.wrap(payload).getInt();
                }
                default -> throw new Failure(FAILED, "the node sent what this client does not know");
            }
        }
    }

    private static byte[] request(List<String> words) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream data = new DataOutputStream(bytes);
        boolean terminal = System.console() != null;
        data.writeShort(terminal ? columns() : 0);
        data.writeByte(terminal ? 3 : 0);
        string(data, Path.of("").toAbsolutePath().toString());
        for (String word : words) {
            string(data, word);
        }
        return bytes.toByteArray();
    }

    private static int columns() {
        String named = System.getenv("COLUMNS");
        return named != null && named.matches("[1-9][0-9]{0,3}") ? Integer.parseInt(named) : 0;
    }

    private static void string(DataOutputStream data, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        data.writeInt(bytes.length);
        data.write(bytes);
    }

    private void sendPiece() {
        byte[] piece = new byte[PIECE];
        try {
            int count;
            try {
                count = in.read(piece);
            } catch (IOException e) {
                // closed: the same as its end
                count = -1;
            }
            send('I', Arrays.copyOf(piece, Math.max(count, 0)));
        } catch (IOException e) {
            // the main thread sees the end of the connection and says so
            return;
        }
    }

    private static void show(OutputStream to, byte[] payload) throws Failure {
        try {
            to.write(payload);
        } catch (IOException e) {
            // a reader that has left needs no word
            throw "Broken pipe".equals(e.getMessage())
                    ? new Failure(BROKEN_PIPE, "")
                    : new Failure(FAILED, "cannot write the output: " + e.getMessage());
        }
    }

    private void send(char type, byte[] payload) throws IOException {
        write(ByteBuffer.allocate(5 + payload.length)
                .put((byte) type)
                .putInt(payload.length)
                .put(payload)
                .array());
    }

    private synchronized void write(byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        try {
            while (buffer.hasRemaining()) {
                node.write(buffer);
            }
        } catch (IOException e) {
            // a node that hangs up has said why before; that is still to be read
            return;
        }
    }

    private static Failure usage(String what) {
        return new Failure(
                USAGE,
                what + "\nusage: millwright [-d DIR] [--timeout TIME] COMMAND [ARGUMENT...]\n"
                        + "       millwright [-d DIR] [--timeout TIME] --ping | --shell | --commands\n"
                        + "DIR is the node directory; else $MILLWRIGHT_DIR, ./.millwright if there is one, or .\n"
                        + "TIME is how long the command may take, as 30, 30s, 5m or 1h");
    }

    /** The socket as a stream; Channels.newInputStream would lock it against {@link #write}. */
    private final class ChannelInput extends InputStream {
        private final ByteBuffer buffer = ByteBuffer.allocate(64 << 10).flip();

        @Override
        public int read() throws IOException {
            return fill() ? buffer.get() & 0xff : -1;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (!fill()) {
                return -1;
            }
            int count = Math.min(length, buffer.remaining());
            buffer.get(target, offset, count);
            return count;
        }

        private boolean fill() {
            if (buffer.hasRemaining()) {
                return true;
            }
            try {
                boolean more = node.read(buffer.clear()) > 0;
                watch.heard();
                buffer.flip();
                return more;
            } catch (IOException e) {
                buffer.position(0).limit(0);
                return false;
            }
        }
    }

    /** An end with a message and an exit code. */
    private static final class Failure extends IOException {
        private static final long serialVersionUID = 1L;

        private final int code;

        Failure(int code, @Nullable String message) {
            super(message);
            this.code = code;
        }
    }
}
