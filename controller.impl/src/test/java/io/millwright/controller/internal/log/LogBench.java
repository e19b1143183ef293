package io.millwright.controller.internal.log;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Locale;

/**
 * MB/s of 100-byte lines into ring and file, next to a plain loop of read and write. Not a test; arguments: folder, megabytes,
 * repetitions.
 */
final class LogBench {
    private static final int CHUNK = 64 << 10;

    /** {@code -Dcpu=true} counts this thread's processor time instead: steadier on a busy machine. */
    private static final boolean CPU = Boolean.getBoolean("cpu");

    private LogBench() {}

    private static long cpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    interface Sink extends AutoCloseable {
        void accept(ByteBuffer bytes) throws IOException;

        @Override
        void close() throws IOException;
    }

    public static void main(String[] args) throws Exception {
        Path folder = Files.createTempDirectory(Path.of(args.length > 0 ? args[0] : "."), "logbench");
        int megabytes = args.length > 1 ? Integer.parseInt(args[1]) : 200;
        int repetitions = args.length > 2 ? Integer.parseInt(args[2]) : 7;
        Path source = folder.resolve("source");
        byte[] line = ("x".repeat(99) + "\n").getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        byte[] block = new byte[line.length * 10_000];
        for (int i = 0; i < block.length; i += line.length) {
            System.arraycopy(line, 0, block, i, line.length);
        }
        try (FileChannel out = FileChannel.open(source, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            for (int i = 0; i < megabytes; i++) {
                out.write(ByteBuffer.wrap(block));
            }
        }
        double[] plain = new double[repetitions];
        double[] raw = new double[repetitions];
        double[] stamped = new double[repetitions];
        double[] memory = new double[repetitions];
        for (int i = 0; i < repetitions; i++) {
            plain[i] = run(source, plain(folder));
            raw[i] =
                    run(source, log(folder, new LogOptions(1000, 256 << 10, true, LogOptions.Format.RAW, 64 << 20, 5)));
            stamped[i] = run(
                    source, log(folder, new LogOptions(1000, 256 << 10, true, LogOptions.Format.STAMPED, 64 << 20, 5)));
            memory[i] = run(
                    source, log(folder, new LogOptions(1000, 256 << 10, false, LogOptions.Format.RAW, 64 << 20, 5)));
        }
        print("plain", plain, plain);
        print("raw", raw, plain);
        print("stamped", stamped, plain);
        print("ring only", memory, plain);
        Files.delete(source);
        Files.delete(folder);
    }

    private static void print(String name, double[] values, double[] floor) {
        System.out.printf(
                Locale.ROOT, "%-10s %7.1f MB/s  ratio %.2f%n", name, median(values), median(values) / median(floor));
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    /** Through a real pipe, as a worker's output comes, into memory outside the heap. */
    private static double run(Path source, Sink sink) throws Exception {
        Process cat = new ProcessBuilder("cat", source.toString()).start();
        ByteBuffer buffer = ByteBuffer.allocateDirect(CHUNK);
        long total = 0;
        long start = System.nanoTime();
        long startCpu = cpu();
        // the process's own stream is buffered and a ReadableByteChannel of it copies
        try (FileChannel in = FileChannel.open(Path.of("/proc/" + cat.pid() + "/fd/1"), StandardOpenOption.READ)) {
            while (in.read(buffer.clear()) > 0) {
                total += buffer.flip().remaining();
                sink.accept(buffer);
            }
        }
        double seconds = CPU ? (cpu() - startCpu) / 1e9 : (System.nanoTime() - start) / 1e9;
        sink.close();
        return total / 1e6 / seconds;
    }

    private static Sink plain(Path folder) throws IOException {
        Path file = folder.resolve("plain.log");
        FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        return new Sink() {
            @Override
            public void accept(ByteBuffer bytes) throws IOException {
                out.write(bytes);
            }

            @Override
            public void close() throws IOException {
                out.close();
                Files.delete(file);
            }
        };
    }

    private static Sink log(Path folder, LogOptions options) {
        Path file = folder.resolve("bench.log");
        WorkerLog log = new WorkerLog(file, options, new LogBuffers(), System.err::println);
        return new Sink() {
            @Override
            public void accept(ByteBuffer bytes) {
                log.stdout().accept(bytes);
            }

            @Override
            public void close() throws IOException {
                log.stdout().end();
                log.close();
                Files.deleteIfExists(file);
                for (int i = 1; i <= 5; i++) {
                    Files.deleteIfExists(LogRotation.numbered(file, i));
                }
            }
        };
    }
}
