package io.millwright.controller.internal.log;

import io.millwright.controller.internal.process.OutputSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a worker's output costs: a chunk of 64 KiB of lines through the splitter alone, through the two loops for whole lines alone,
 * into the ring alone, and all the way into ring and file. Operations are bytes, so ops/us are MB/s. In the package of what it measures.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class LogPathBenchmark {
    private static final int CHUNK = 64 << 10;

    /** Bytes a line, its end included. */
    @Param({"20", "100", "1000"})
    int line;

    private byte[] chunk;
    private Path directory;
    private WorkerLog stamped;
    private WorkerLog raw;
    private LogRing ring;
    private LogBuffers.Space space;

    /** Makes the chunk and the logs. */
    @Setup(Level.Trial)
    public void open() throws IOException {
        chunk = new byte[CHUNK];
        byte[] text = ("a".repeat(line - 1) + "\n").getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < CHUNK; i++) {
            chunk[i] = text[i % line];
        }
        directory = Files.createTempDirectory("millwright-jmh");
        ring = new LogRing(1000, 256 << 10);
        space = new LogBuffers().take();
        space.stamp.set(System.currentTimeMillis(), (byte) 'o');
        stamped = log("stamped", LogOptions.Format.STAMPED);
        raw = log("raw", LogOptions.Format.RAW);
    }

    private WorkerLog log(String name, LogOptions.Format format) {
        LogOptions defaults = LogOptions.DEFAULT;
        return new WorkerLog(
                directory.resolve(name),
                new LogOptions(defaults.ringLines(), defaults.ringBytes(), true, format, defaults.maxSize(), 1),
                new LogBuffers(),
                problem -> {
                    throw new IllegalStateException(problem);
                });
    }

    /** Removes the logs. */
    @TearDown(Level.Trial)
    public void close() throws IOException {
        stamped.close();
        raw.close();
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }
    }

    /** Finding the lines. */
    @Benchmark
    @OperationsPerInvocation(CHUNK)
    public int split() {
        LineSplitter splitter = new LineSplitter();
        int lines = 0;
        for (int at = splitter.next(chunk, 0, CHUNK); at >= 0 && at < CHUNK; at = splitter.next(chunk, at, CHUNK)) {
            lines++;
        }
        return lines;
    }

    /** The loop a flood spends its time in: finding whole lines, and copying them behind their stamps. */
    @Benchmark
    @OperationsPerInvocation(CHUNK)
    public int runStamp() {
        int at = 0;
        int begin;
        do {
            space.size = 0;
            begin = at;
            at = LineRun.stamp(chunk, begin, CHUNK, space, space.out.length);
        } while (at > begin);
        return space.size;
    }

    /** The same for a raw file: only how many lines there are, and where the last one ends. */
    @Benchmark
    @OperationsPerInvocation(CHUNK)
    public int runCount() {
        int end = LineRun.lastEnd(chunk, 0, CHUNK);
        return end + LineRun.count(chunk, 0, end);
    }

    /** Keeping whole lines in memory in blocks: what a flood costs. */
    @Benchmark
    @OperationsPerInvocation(CHUNK)
    public int ringBlocks() {
        int whole = LogRing.MAX_BLOCK / line;
        for (int at = 0; at + whole * line <= CHUNK; at += whole * line) {
            ring.add(0, LogLine.ENDED, chunk, at, whole * line - 1, whole);
        }
        return ring.lines();
    }

    /** Keeping the lines in memory, each by itself: what a worker that speaks now and then costs. */
    @Benchmark
    @OperationsPerInvocation(CHUNK)
    public int ringSingly() {
        for (int at = 0; at + line <= CHUNK; at += line) {
            ring.add(0, LogLine.ENDED, chunk, at, line - 1, 1);
        }
        return ring.lines();
    }

    /** All of it, with stamps. */
    @Benchmark
    @OperationsPerInvocation(CHUNK)
    public void stampedFile() {
        accept(stamped.stdout());
    }

    /** All of it, the file raw. */
    @Benchmark
    @OperationsPerInvocation(CHUNK)
    public void rawFile() {
        accept(raw.stdout());
    }

    private void accept(OutputSink sink) {
        sink.accept(ByteBuffer.wrap(chunk));
    }
}
