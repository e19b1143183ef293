package io.millwright.controller.internal.process.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Real pipes, which are as large as the test says. */
class PipeSizeTest {
    private static final int HALF = PipeSize.USUAL / 2;

    private final AtomicInteger count = new AtomicInteger();
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
        PipeSize size = new PipeSize(fd, count);
        read(size, PipeSize.READS - 1, HALF);
        read(size, 1, HALF - 1);
        read(size, PipeSize.READS - 1, HALF);
        assertThat(held(fd)).as("not in a row").isEqualTo(usual);
        assertThat(size.most()).isEqualTo(PipeSize.USUAL);
        read(size, 1, HALF);
        assertThat(held(fd)).isGreaterThanOrEqualTo(PipeSize.LARGE);
        assertThat(size.most()).isEqualTo(PipeSize.LARGE);
        assertThat(count).hasValue(1);
        read(size, PipeSize.READS - 1, 100);
        assertThat(count).hasValue(1);
        read(size, 1, 100);
        assertThat(held(fd)).isEqualTo(usual);
        assertThat(size.most()).isEqualTo(PipeSize.USUAL);
        assertThat(count).hasValue(0);
    }

    @Test
    void whatIsInALargePipeIsNotLostByMakingItSmaller() throws IOException {
        int fd = pipe();
        PipeSize size = new PipeSize(fd, count);
        read(size, PipeSize.READS, HALF);
        try (Memory bytes = new Memory(PipeSize.LARGE)) {
            assertThat(LibC.write(fd, Pointer.nativeValue(bytes), PipeSize.LARGE))
                    .isEqualTo(PipeSize.LARGE);
        }
        read(size, PipeSize.READS, 100);
        assertThat(size.most()).isEqualTo(PipeSize.LARGE);
        assertThat(count).hasValue(1);
    }

    @Test
    void whereManyFloodAllAreReadAlike() throws IOException {
        List<PipeSize> floods = new ArrayList<>();
        for (int i = 0; i < PipeSize.FEW; i++) {
            PipeSize size = new PipeSize(pipe(), count);
            read(size, PipeSize.READS, HALF);
            floods.add(size);
        }
        assertThat(floods).allMatch(size -> size.most() == PipeSize.LARGE);
        int fd = pipe();
        int usual = held(fd);
        PipeSize last = new PipeSize(fd, count);
        read(last, 3 * PipeSize.READS, HALF);
        floods.add(last);
        assertThat(floods).allMatch(size -> size.most() == PipeSize.USUAL);
        assertThat(held(fd)).isEqualTo(usual);
        floods.get(0).forget();
        floods.get(0).forget();
        assertThat(floods.subList(1, PipeSize.FEW)).allMatch(size -> size.most() == PipeSize.LARGE);
        read(last, 1, HALF);
        assertThat(last.most()).isEqualTo(PipeSize.LARGE);
        assertThat(count).hasValue(PipeSize.FEW);
    }

    @Test
    void whatCannotBeMadeLargerStaysAsItIs() {
        PipeSize size = new PipeSize(-1, count);
        read(size, 3 * PipeSize.READS, HALF);
        assertThat(size.most()).isEqualTo(PipeSize.USUAL);
        assertThat(count).hasValue(1);
        read(size, PipeSize.READS, 1);
        assertThat(count).hasValue(0);
    }
}
