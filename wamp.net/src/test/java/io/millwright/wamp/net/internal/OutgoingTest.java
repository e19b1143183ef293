package io.millwright.wamp.net.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes come out as they went in, whatever their pieces. */
class OutgoingTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void bytesComeOutInOrder(long seed) {
        Random random = new Random(seed);
        Outgoing outgoing = new Outgoing();
        ByteArrayOutputStream in = new ByteArrayOutputStream();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteBuffer window = ByteBuffer.allocate(3000);
        for (int i = 0; i < 3000; i++) {
            if (random.nextInt(3) > 0) {
                byte[] piece = new byte[random.nextInt(random.nextBoolean() ? 20 : 20_000)];
                random.nextBytes(piece);
                in.writeBytes(piece);
                if (random.nextBoolean()) {
                    outgoing.add(piece);
                } else {
                    outgoing.addCopy(ByteBuffer.wrap(piece));
                }
            } else {
                do {
                    take(outgoing, window, out, random);
                } while (random.nextInt(10) > 0);
            }
            assertThat(outgoing.size()).isEqualTo(in.size() - out.size());
        }
        while (!outgoing.isEmpty()) {
            take(outgoing, window, out, random);
        }
        assertThat(out.toByteArray()).isEqualTo(in.toByteArray());
    }

    private static void take(Outgoing outgoing, ByteBuffer window, ByteArrayOutputStream out, Random random) {
        outgoing.peek(window.clear());
        window.flip();
        int count = window.hasRemaining() ? random.nextInt(window.remaining() + 1) : 0;
        out.write(window.array(), 0, count);
        outgoing.taken(count);
    }
}
