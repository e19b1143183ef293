package io.millwright.controller.internal.process.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Real pipes, which are as large as the test says. */
class PipeSizeTest {
    private static final int HALF = PipeSize.USUAL / 2;
    private static final long SECOND = 1_000_000_000L;

    private long time = -SECOND;
    private final Floods floods = new Floods(() -> time);
    private final List<Integer> open = new ArrayList<>();

    @BeforeEach
    void onlyLinux() {
        assumeThat(System.getProperty("os.name")).isEqualTo("Linux");
    }

    @AfterEach
    void close() {
        open.forEach(LibC::close);
    }

    private int pipe() throws IOException {
        LibC.load();
        try (Memory pair = new Memory(8)) {
            assertThat(LibC.pipe2(Pointer.nativeValue(pair), LibC.O_CLOEXEC)).isZero();
            open.add(pair.getInt(0));
            open.add(pair.getInt(4));
            return pair.getInt(4);
        }
    }

    private static int held(int fd) {
        return LibC.fcntl(fd, LibC.F_GETPIPE_SZ, 0);
    }

    private static void read(PipeSize size, int times, int bytes) {
        for (int i = 0; i < times; i++) {
            size.wasRead(bytes);
        }
    }

    @Test
    void aFloodGetsALargePipeAndGivesItBackAfterwards() throws IOException {
        int fd = pipe();
        int usual = held(fd);
        PipeSize size = new PipeSize(fd, floods);
        read(size, PipeSize.READS - 1, HALF);
        read(size, 1, HALF - 1);
        read(size, PipeSize.READS - 1, HALF);
        assertThat(held(fd)).as("not in a row").isEqualTo(usual);
        assertThat(size.most()).isEqualTo(PipeSize.USUAL);
        read(size, 1, HALF);
        assertThat(held(fd)).isGreaterThanOrEqualTo(PipeSize.LARGE);
        assertThat(size.most()).isEqualTo(PipeSize.LARGE);
        read(size, PipeSize.READS - 1, 100);
        assertThat(size.most()).as("calm, not for long").isEqualTo(PipeSize.LARGE);
        read(size, 1, 100);
        assertThat(held(fd)).isEqualTo(usual);
        assertThat(size.most()).isEqualTo(PipeSize.USUAL);
    }

    @Test
    void whatIsInALargePipeIsNotLostByMakingItSmaller() throws IOException {
        int fd = pipe();
        PipeSize size = new PipeSize(fd, floods);
        read(size, PipeSize.READS, HALF);
        try (Memory bytes = new Memory(PipeSize.LARGE)) {
            assertThat(LibC.write(fd, Pointer.nativeValue(bytes), PipeSize.LARGE))
                    .isEqualTo(PipeSize.LARGE);
        }
        read(size, PipeSize.READS, 100);
        assertThat(size.most()).isEqualTo(PipeSize.LARGE);
    }

    @Test
    void whereManyFloodAllAreReadAlikeUntilSomeAreSilent() throws IOException {
        List<PipeSize> all = new ArrayList<>();
        for (int i = 0; i < Floods.FEW; i++) {
            PipeSize size = new PipeSize(pipe(), floods);
            read(size, PipeSize.READS, HALF);
            all.add(size);
        }
        assertThat(all).allMatch(size -> size.most() == PipeSize.LARGE);
        int fd = pipe();
        int usual = held(fd);
        PipeSize last = new PipeSize(fd, floods);
        read(last, 3 * PipeSize.READS, HALF);
        all.add(last);
        assertThat(all).allMatch(size -> size.most() == PipeSize.USUAL);
        assertThat(held(fd)).isEqualTo(usual);
        time += SECOND;
        read(last, 1, HALF);
        assertThat(last.most()).as("many a moment ago").isEqualTo(PipeSize.USUAL);
        time += SECOND;
        read(last, 1, HALF);
        assertThat(last.most()).as("the others are silent").isEqualTo(PipeSize.LARGE);
        all.forEach(size -> read(size, 1, HALF));
        assertThat(all).as("all flood again").allMatch(size -> size.most() == PipeSize.USUAL);
        time += 5 * SECOND;
        assertThat(all).allMatch(size -> size.most() == PipeSize.LARGE);
    }

    @Test
    void notMoreThanSoManyAreLargeThoughSilent() throws IOException {
        List<PipeSize> all = new ArrayList<>();
        for (int i = 0; i <= Floods.MOST_LARGE; i++) {
            time += 2 * SECOND;
            PipeSize size = new PipeSize(pipe(), floods);
            read(size, PipeSize.READS, HALF);
            all.add(size);
        }
        PipeSize last = all.get(Floods.MOST_LARGE);
        assertThat(all.subList(0, Floods.MOST_LARGE)).allMatch(size -> size.most() == PipeSize.LARGE);
        assertThat(last.most()).isEqualTo(PipeSize.USUAL);
        all.get(0).forget();
        all.get(0).forget();
        read(last, 1, HALF);
        assertThat(last.most()).isEqualTo(PipeSize.LARGE);
        PipeSize next = new PipeSize(pipe(), floods);
        read(next, PipeSize.READS, HALF);
        assertThat(next.most()).as("one was given back, not two").isEqualTo(PipeSize.USUAL);
    }

    @Test
    void whatCannotBeMadeLargerStaysAsItIsAndOwesNothing() throws IOException {
        for (int i = 0; i < 2 * Floods.MOST_LARGE; i++) {
            time += 2 * SECOND;
            PipeSize refused = new PipeSize(-1, floods);
            read(refused, 3 * PipeSize.READS, HALF);
            assertThat(refused.most()).isEqualTo(PipeSize.USUAL);
        }
        time += 2 * SECOND;
        PipeSize size = new PipeSize(pipe(), floods);
        read(size, PipeSize.READS, HALF);
        assertThat(size.most()).isEqualTo(PipeSize.LARGE);
    }
}
