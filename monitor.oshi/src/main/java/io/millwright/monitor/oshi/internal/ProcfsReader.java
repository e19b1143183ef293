package io.millwright.monitor.oshi.internal;

import io.millwright.controller.api.monitor.ProcessStats;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads processes from Linux' {@code /proc}: one small file a process and the size of one directory, several times
 * cheaper than OSHI, which also reads what nobody asked for. Thread-safe.
 */
final class ProcfsReader implements ProcessReader {
    private static final int AT_PAGESZ = 6;
    private static final int AT_CLKTCK = 17;
    /** Fields of {@code /proc/PID/stat} as proc(5) numbers them. */
    private static final int UTIME = 14;

    private static final int STIME = 15;
    private static final int THREADS = 20;
    private static final int RSS = 24;
    /** The file's longest: 52 numbers of at most 20 digits and a name. */
    private static final int MAX_STAT = 2048;

    private final long ticksPerSecond;
    private final long pageSize;
    private final boolean sizeIsCount;

    ProcfsReader() {
        Map<Long, Long> vector = auxiliaryVector();
        ticksPerSecond = vector.getOrDefault((long) AT_CLKTCK, 100L);
        pageSize = vector.getOrDefault((long) AT_PAGESZ, 4096L);
        sizeIsCount = size(ProcessHandle.current().pid()) > 0;
    }

    static boolean isUsable() {
        return Files.isReadable(Path.of("/proc/self/stat"));
    }

    @Override
    public Map<Long, ProcessStats> read(Collection<Long> pids) {
        Map<Long, ProcessStats> result = new LinkedHashMap<>();
        byte[] buffer = new byte[MAX_STAT];
        for (Long pid : pids) {
            ProcessStats stats = read(pid, buffer);
            if (stats != null) {
                result.put(pid, stats);
            }
        }
        return result;
    }

    private @Nullable ProcessStats read(long pid, byte[] buffer) {
        try (FileInputStream in = new FileInputStream("/proc/" + pid + "/stat")) {
            int length = in.read(buffer);
            return length <= 0 ? null : parse(pid, buffer, length);
        } catch (IOException gone) {
            return null;
        }
    }

    private ProcessStats parse(long pid, byte[] stat, int length) {
        // The second field is the program's name in parentheses, which may hold spaces and parentheses itself.
        int at = length - 1;
        while (at > 0 && stat[at] != ')') {
            at--;
        }
        long ticks = 0;
        int threads = 0;
        long pages = 0;
        int field = 2;
        for (int i = at + 1; i < length && field <= RSS; i++) {
            if (stat[i] != ' ') {
                continue;
            }
            switch (++field) {
                case UTIME, STIME -> ticks += number(stat, i + 1);
                case THREADS -> threads = (int) number(stat, i + 1);
                case RSS -> pages = number(stat, i + 1);
                default -> {}
            }
        }
        Duration cpu = Duration.ofNanos(Math.multiplyExact(ticks, 1_000_000_000L / ticksPerSecond));
        return ProcessStats.of(pid, cpu, pages * pageSize, threads, descriptors(pid));
    }

    private static long number(byte[] text, int from) {
        long value = 0;
        for (int i = from; i < text.length && text[i] >= '0' && text[i] <= '9'; i++) {
            value = value * 10 + (text[i] - '0');
        }
        return value;
    }

    private @Nullable Integer descriptors(long pid) {
        if (sizeIsCount) {
            long size = size(pid);
            return size < 0 ? null : (int) size;
        }
        try (Stream<Path> entries = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            return (int) entries.count();
        } catch (IOException hidden) {
            return null;
        }
    }

    /** The size of the descriptor directory: since Linux 6.2 the number of descriptors, before that 0. */
    private static long size(long pid) {
        try {
            return Files.size(Path.of("/proc/" + pid + "/fd"));
        } catch (IOException hidden) {
            return -1;
        }
    }

    /** What the kernel told this process of the machine: the JDK has no other way to its clock tick without a process. */
    private static Map<Long, Long> auxiliaryVector() {
        Map<Long, Long> vector = new LinkedHashMap<>();
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(Path.of("/proc/self/auxv")))
                    .order(ByteOrder.nativeOrder());
            boolean wide = !"32".equals(System.getProperty("sun.arch.data.model"));
            while (bytes.remaining() >= (wide ? 16 : 8)) {
                long key = wide ? bytes.getLong() : bytes.getInt();
                long value = wide ? bytes.getLong() : bytes.getInt();
                vector.put(key, value);
            }
        } catch (IOException hidden) {
            // The usual values of Linux serve.
            return Map.of();
        }
        return vector;
    }
}
