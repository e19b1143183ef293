package io.millwright.controller.internal.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class LogRingTest {
    private static void add(LogRing ring, String... lines) {
        byte[] bytes = Logs.bytes(String.join("\n", lines));
        ring.add(0, LogLine.ENDED, bytes, 0, bytes.length, lines.length);
    }

    @Test
    void holdsNothingUntilUsedAndLittleForALittle() {
        LogRing ring = new LogRing(1000, 256 << 10);
        assertThat(ring.footprint()).isZero();
        assertThat(ring.tail(10)).isEmpty();
        add(ring, "hello");
        assertThat(ring.footprint()).isLessThanOrEqualTo(256);
    }

    @Test
    void isBoundedByLines() {
        LogRing ring = new LogRing(3, 256 << 10);
        add(ring, "1", "2");
        add(ring, "3", "4");
        add(ring, "5");
        assertThat(Logs.texts(ring.tail(10))).containsExactly("3", "4", "5");
        assertThat(ring.dropped()).isEqualTo(2);
        add(ring, "6", "7", "8", "9");
        assertThat(Logs.texts(ring.tail(10))).containsExactly("7", "8", "9");
        assertThat(Logs.texts(ring.tail(2))).containsExactly("8", "9");
    }

    @Test
    void canBeOff() {
        LogRing ring = new LogRing(0, 1024);
        add(ring, "1", "2");
        assertThat(ring.tail(5)).isEmpty();
        assertThat(ring.dropped()).isEqualTo(2);
        assertThat(ring.footprint()).isZero();
    }

    /** Against a list of lines: the ring always shows the newest lines, and as many as its bounds allow within a block. */
    @RepeatedTest(20)
    void behavesLikeAList() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        int maxLines = 1 + random.nextInt(50);
        int maxBytes = 1024 + random.nextInt(4000);
        LogRing ring = new LogRing(maxLines, maxBytes);
        Deque<String> expected = new ArrayDeque<>();
        long total = 0;
        for (int i = 0; i < 2000; i++) {
            String[] lines = new String[1 + random.nextInt(random.nextInt(10) + 1)];
            for (int j = 0; j < lines.length; j++) {
                lines[j] = i + "." + j + "x".repeat(random.nextInt(40));
                expected.addLast(lines[j]);
            }
            add(ring, lines);
            total += lines.length;
            if (random.nextInt(300) == 0) {
                maxLines = 1 + random.nextInt(50);
                maxBytes = 1024 + random.nextInt(4000);
                ring.resize(maxLines, maxBytes);
            }
            while (expected.size() > 100) {
                expected.removeFirst();
            }
            assertThat(ring.footprint()).as("seed %d", seed).isLessThanOrEqualTo(maxBytes);
            assertThat(ring.lines()).as("seed %d", seed).isBetween(1, maxLines);
            List<String> texts = Logs.texts(ring.tail(Integer.MAX_VALUE));
            List<String> all = List.copyOf(expected);
            assertThat(texts).as("seed %d", seed).isEqualTo(all.subList(all.size() - texts.size(), all.size()));
            assertThat(ring.dropped()).as("seed %d", seed).isEqualTo(total - texts.size());
            int some = random.nextInt(5);
            LogRing copy = ring.copy(some);
            assertThat(Logs.texts(copy.tail(100)))
                    .as("seed %d", seed)
                    .isEqualTo(texts.subList(Math.max(0, texts.size() - some), texts.size()));
        }
    }

    @Test
    void aLineLargerThanTheRingIsCut() {
        LogRing ring = new LogRing(10, 1024);
        add(ring, "first");
        add(ring, "x".repeat(2000));
        assertThat(Logs.texts(ring.tail(2)))
                .hasSize(1)
                .first()
                .asString()
                .startsWith("xxx")
                .endsWith("x…")
                .hasSize(1024 - 17 + 1);
    }

    @Test
    void usesItsBytesWell() {
        LogRing ring = new LogRing(1_000_000, 64 << 10);
        for (int i = 0; i < 10_000; i++) {
            add(ring, "line " + i);
        }
        assertThat(ring.lines()).isGreaterThan((64 << 10) / (10 + 17) - 10);
        assertThat(ring.footprint()).isEqualTo(64 << 10);
    }

    @Test
    void theCopyIsSmall() {
        LogRing ring = new LogRing(1000, 256 << 10);
        for (int i = 0; i < 5000; i++) {
            add(ring, "line " + i);
        }
        LogRing copy = ring.copy(20);
        assertThat(copy.footprint()).isLessThan(1000);
        assertThat(Logs.texts(copy.tail(100))).hasSize(20).last().isEqualTo("line 4999");
    }
}
