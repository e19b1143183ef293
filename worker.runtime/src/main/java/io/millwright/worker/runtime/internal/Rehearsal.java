package io.millwright.worker.runtime.internal;

import io.millwright.wamp.message.Authenticate;
import io.millwright.wamp.message.Call;
import io.millwright.wamp.message.Challenge;
import io.millwright.wamp.message.Hello;
import io.millwright.wamp.message.Payload;
import io.millwright.wamp.message.Register;
import io.millwright.wamp.message.Registered;
import io.millwright.wamp.message.Result;
import io.millwright.wamp.message.WampMessage;
import io.millwright.wamp.message.Welcome;
import io.millwright.wamp.rawsocket.FrameReader;
import io.millwright.wamp.rawsocket.Frames;
import io.millwright.wamp.rawsocket.Handshake;
import io.millwright.wamp.serial.Serializers;
import io.millwright.worker.runtime.log.Levels;
import io.millwright.worker.runtime.log.Records;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Plays a worker's start through without a node, from the birth line to ready: the JVM that does it writes a class-data archive of all that
 * a start loads. Its socket is in the current directory.
 */
public final class Rehearsal {
    private static final Path SOCKET = Path.of("s");

    private Rehearsal() {}

    /** Plays it. */
    public static void main(String[] args) throws IOException {
        play("{}", member -> {
            Program.configureLogging();
            member.ready();
            Levels.set("rehearsal", Levels.parse("info"));
            Records.write("info", "rehearsal", "ready", null);
        });
    }

    /** A part that a worker plays. */
    public interface Part {
        /**
         * Plays it.
         *
         * @throws IOException if it cannot be played
         */
        void play(Member member) throws IOException;
    }

    /**
     * Plays a worker's part to a node that is played as well.
     *
     * @param options the worker's options, as JSON
     * @throws IOException if it cannot be played
     */
    public static void play(String options, Part part) throws IOException {
        Lifeline.watch(new Unending());
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(SOCKET));
            Thread node = new Thread(() -> play(server), "node");
            node.setDaemon(true);
            node.start();
            String line = "{\"v\":1,\"node_dir\":\"\",\"worker\":{\"id\":\"w\"},\"realm\":\"millwright\","
                    + "\"prefix\":\"millwright\",\"socket\":\"" + SOCKET + "\",\"token\":\"t\","
                    + "\"peers\":{\"socket\":\"p\",\"key\":\"k\"},"
                    + "\"log\":{\"level\":\"info\",\"mark\":\"@ \"},\"options\":" + options + "}\n";
            part.play(Member.begin(new ByteArrayInputStream(line.getBytes(StandardCharsets.UTF_8)), birth -> {}));
        } finally {
            Files.deleteIfExists(SOCKET);
        }
    }

    /** Standard input as long as there is a node. */
    private static final class Unending extends InputStream {
        @Override
        public int read() throws InterruptedIOException {
            try {
                Thread.sleep(Long.MAX_VALUE);
            } catch (InterruptedException e) {
                throw new InterruptedIOException();
            }
            return 0;
        }
    }

    private static void play(ServerSocketChannel server) {
        try (SocketChannel worker = server.accept()) {
            ByteBuffer octets = ByteBuffer.allocate(Handshake.OCTETS);
            while (octets.hasRemaining() && worker.read(octets) >= 0) {
                // Until the four bytes are there.
            }
            worker.write(ByteBuffer.wrap(
                    Handshake.of(Serializers.MSGPACK, Handshake.LONGEST).octets()));
            FrameReader frames = new FrameReader(Handshake.LONGEST);
            ByteBuffer bytes = ByteBuffer.allocate(1 << 16);
            while (worker.read(bytes.clear()) >= 0) {
                frames.read(bytes.flip(), (kind, content) -> answer(worker, Serializers.MSGPACK.decode(content)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void answer(SocketChannel worker, WampMessage message) {
        WampMessage answer = answer(message);
        try {
            if (answer != null) {
                worker.write(Frames.frame(Frames.Kind.MESSAGE, Serializers.MSGPACK.encode(answer)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static @Nullable WampMessage answer(WampMessage message) {
        if (message instanceof Hello) {
            return new Challenge("ticket", Map.of());
        }
        if (message instanceof Register register) {
            return new Registered(register.request(), register.request());
        }
        if (message instanceof Call call) {
            return new Result(call.request(), Map.of(), Payload.of(List.of()));
        }
        return message instanceof Authenticate
                ? new Welcome(
                        1,
                        Map.of(
                                "roles",
                                Map.of("dealer", Map.of(), "broker", Map.of()),
                                "authextra",
                                Map.of("rejoin", "s")))
                : null;
    }
}
