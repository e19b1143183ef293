package io.millwright.controller.api.monitor;

import io.millwright.controller.api.Document;
import io.millwright.controller.api.Documents;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The machine at one poll. Immutable. Rates are per second since the client's previous poll, {@code null} at its first.
 *
 * @param time when
 * @param pollTime how long the poll took
 * @param uptime since the machine was started
 * @param cpu the processors
 * @param memory the memory
 * @param disks the disks
 * @param networks the network interfaces
 */
public record SystemStats(
        Instant time,
        Duration pollTime,
        Duration uptime,
        Cpu cpu,
        Memory memory,
        List<Disk> disks,
        List<Network> networks)
        implements Document {
    /** Keeps unmodifiable lists. */
    public SystemStats {
        disks = List.copyOf(disks);
        networks = List.copyOf(networks);
    }

    /**
     * The processors.
     *
     * @param count logical processors
     * @param load share of their time in use since the previous poll, 0 to 1
     * @param user share in user mode
     * @param system share in system mode
     * @param ioWait share waiting for disks
     * @param steal share taken by other virtual machines
     * @param loadAverage1 processes ready to run, average over a minute; {@code null} where the system has none
     */
    public record Cpu(
            int count,
            @Nullable Double load,
            @Nullable Double user,
            @Nullable Double system,
            @Nullable Double ioWait,
            @Nullable Double steal,
            @Nullable Double loadAverage1)
            implements Document {
        @Override
        public Map<String, @Nullable Object> toMap() {
            return Documents.of(
                    "count", count,
                    "load", load,
                    "user", user,
                    "system", system,
                    "io_wait", ioWait,
                    "steal", steal,
                    "load_average_1", loadAverage1);
        }
    }

    /**
     * The memory, in bytes.
     *
     * @param total physical memory
     * @param available what could be had without swapping
     * @param swapTotal swap space
     * @param swapUsed swap space in use
     */
    public record Memory(long total, long available, long swapTotal, long swapUsed) implements Document {
        @Override
        public Map<String, @Nullable Object> toMap() {
            return Documents.of("total", total, "available", available, "swap_total", swapTotal, "swap_used", swapUsed);
        }
    }

    /**
     * One disk, in bytes since the machine was started.
     *
     * @param name its device name
     * @param readBytes bytes read
     * @param writtenBytes bytes written
     * @param readPerSec bytes read a second
     * @param writtenPerSec bytes written a second
     */
    public record Disk(
            String name, long readBytes, long writtenBytes, @Nullable Double readPerSec, @Nullable Double writtenPerSec)
            implements Document {
        @Override
        public Map<String, @Nullable Object> toMap() {
            return Documents.of(
                    "name", name,
                    "read_bytes", readBytes,
                    "written_bytes", writtenBytes,
                    "read_bytes_per_sec", readPerSec,
                    "written_bytes_per_sec", writtenPerSec);
        }
    }

    /**
     * One network interface, in bytes since the machine was started.
     *
     * @param name its name
     * @param receivedBytes bytes received
     * @param sentBytes bytes sent
     * @param receivedPerSec bytes received a second
     * @param sentPerSec bytes sent a second
     */
    public record Network(
            String name,
            long receivedBytes,
            long sentBytes,
            @Nullable Double receivedPerSec,
            @Nullable Double sentPerSec)
            implements Document {
        @Override
        public Map<String, @Nullable Object> toMap() {
            return Documents.of(
                    "name", name,
                    "received_bytes", receivedBytes,
                    "sent_bytes", sentBytes,
                    "received_bytes_per_sec", receivedPerSec,
                    "sent_bytes_per_sec", sentPerSec);
        }
    }

    @Override
    public Map<String, @Nullable Object> toMap() {
        return Documents.of(
                "time", time,
                "poll_time", pollTime,
                "uptime", uptime,
                "cpu", cpu,
                "memory", memory,
                "disk", disks,
                "network", networks);
    }
}
