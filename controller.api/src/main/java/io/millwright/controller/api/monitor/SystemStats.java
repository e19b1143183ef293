package io.millwright.controller.api.monitor;

import io.millwright.controller.api.Document;
import io.millwright.controller.api.Documents;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The machine at one poll. Immutable. Rates are per second since the client's previous poll, {@code null} at its first.
 */
public final class SystemStats implements Document {
    private final Instant time;
    private final Duration pollTime;
    private final Duration uptime;
    private final Cpu cpu;
    private final Memory memory;
    private final List<Disk> disks;
    private final List<Network> networks;

    private SystemStats(Builder builder) {
        this.time = Objects.requireNonNull(builder.time, "time");
        this.pollTime = Objects.requireNonNull(builder.pollTime, "pollTime");
        this.uptime = Objects.requireNonNull(builder.uptime, "uptime");
        this.cpu = Objects.requireNonNull(builder.cpu, "cpu");
        this.memory = Objects.requireNonNull(builder.memory, "memory");
        this.disks = List.copyOf(builder.disks);
        this.networks = List.copyOf(builder.networks);
    }

    /**
     * Begins one.
     *
     * @param time when
     * @param cpu the processors
     * @param memory the memory
     * @return a builder whose {@code build()} makes it
     */
    public static Builder builder(Instant time, Cpu cpu, Memory memory) {
        return new Builder(time, cpu, memory);
    }

    /**
     * A builder that holds the same.
     *
     * @return for a changed copy
     */
    public Builder toBuilder() {
        Builder builder = new Builder(time, cpu, memory);
        builder.pollTime = pollTime;
        builder.uptime = uptime;
        builder.disks = disks;
        builder.networks = networks;
        return builder;
    }

    /** When. */
    public Instant time() {
        return time;
    }

    /** How long the poll took. */
    public Duration pollTime() {
        return pollTime;
    }

    /** Since the machine was started. */
    public Duration uptime() {
        return uptime;
    }

    /** The processors. */
    public Cpu cpu() {
        return cpu;
    }

    /** The memory. */
    public Memory memory() {
        return memory;
    }

    /** The disks. */
    public List<Disk> disks() {
        return disks;
    }

    /** The network interfaces. */
    public List<Network> networks() {
        return networks;
    }

    /** The processors. */
    public static final class Cpu implements Document {
        private final int count;
        private final @Nullable Double load;
        private final @Nullable Double user;
        private final @Nullable Double system;
        private final @Nullable Double ioWait;
        private final @Nullable Double steal;
        private final @Nullable Double loadAverage1;

        private Cpu(
                int count,
                @Nullable Double load,
                @Nullable Double user,
                @Nullable Double system,
                @Nullable Double ioWait,
                @Nullable Double steal,
                @Nullable Double loadAverage1) {
            this.count = count;
            this.load = load;
            this.user = user;
            this.system = system;
            this.ioWait = ioWait;
            this.steal = steal;
            this.loadAverage1 = loadAverage1;
        }

        /**
         * Makes one.
         *
         * @param count logical processors
         * @param load share of their time in use since the previous poll, 0 to 1
         * @param user share in user mode
         * @param system share in system mode
         * @param ioWait share waiting for disks
         * @param steal share taken by other virtual machines
         * @param loadAverage1 processes ready to run, average over a minute; {@code null} where the system has none
         * @return the value
         */
        public static Cpu of(
                int count,
                @Nullable Double load,
                @Nullable Double user,
                @Nullable Double system,
                @Nullable Double ioWait,
                @Nullable Double steal,
                @Nullable Double loadAverage1) {
            return new Cpu(count, load, user, system, ioWait, steal, loadAverage1);
        }

        /** Logical processors. */
        public int count() {
            return count;
        }

        /** Share of their time in use since the previous poll, 0 to 1. */
        public @Nullable Double load() {
            return load;
        }

        /** Share in user mode. */
        public @Nullable Double user() {
            return user;
        }

        /** Share in system mode. */
        public @Nullable Double system() {
            return system;
        }

        /** Share waiting for disks. */
        public @Nullable Double ioWait() {
            return ioWait;
        }

        /** Share taken by other virtual machines. */
        public @Nullable Double steal() {
            return steal;
        }

        /** Processes ready to run, average over a minute; {@code null} where the system has none. */
        public @Nullable Double loadAverage1() {
            return loadAverage1;
        }

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

        @Override
        public boolean equals(@Nullable Object other) {
            return other == this
                    || other instanceof Cpu that
                            && count == that.count
                            && Objects.equals(load, that.load)
                            && Objects.equals(user, that.user)
                            && Objects.equals(system, that.system)
                            && Objects.equals(ioWait, that.ioWait)
                            && Objects.equals(steal, that.steal)
                            && Objects.equals(loadAverage1, that.loadAverage1);
        }

        @Override
        public int hashCode() {
            return Objects.hash(count, load, user, system, ioWait, steal, loadAverage1);
        }

        @Override
        public String toString() {
            return "Cpu" + toMap();
        }
    }

    /** The memory, in bytes. */
    public static final class Memory implements Document {
        private final long total;
        private final long available;
        private final long swapTotal;
        private final long swapUsed;

        private Memory(long total, long available, long swapTotal, long swapUsed) {
            this.total = total;
            this.available = available;
            this.swapTotal = swapTotal;
            this.swapUsed = swapUsed;
        }

        /**
         * Makes one.
         *
         * @param total physical memory
         * @param available what could be had without swapping
         * @param swapTotal swap space
         * @param swapUsed swap space in use
         * @return the value
         */
        public static Memory of(long total, long available, long swapTotal, long swapUsed) {
            return new Memory(total, available, swapTotal, swapUsed);
        }

        /** Physical memory. */
        public long total() {
            return total;
        }

        /** What could be had without swapping. */
        public long available() {
            return available;
        }

        /** Swap space. */
        public long swapTotal() {
            return swapTotal;
        }

        /** Swap space in use. */
        public long swapUsed() {
            return swapUsed;
        }

        @Override
        public Map<String, @Nullable Object> toMap() {
            return Documents.of("total", total, "available", available, "swap_total", swapTotal, "swap_used", swapUsed);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other == this
                    || other instanceof Memory that
                            && total == that.total
                            && available == that.available
                            && swapTotal == that.swapTotal
                            && swapUsed == that.swapUsed;
        }

        @Override
        public int hashCode() {
            return Objects.hash(total, available, swapTotal, swapUsed);
        }

        @Override
        public String toString() {
            return "Memory" + toMap();
        }
    }

    /** One disk, in bytes since the machine was started. */
    public static final class Disk implements Document {
        private final String name;
        private final long readBytes;
        private final long writtenBytes;
        private final @Nullable Double readPerSec;
        private final @Nullable Double writtenPerSec;

        private Disk(
                String name,
                long readBytes,
                long writtenBytes,
                @Nullable Double readPerSec,
                @Nullable Double writtenPerSec) {
            this.name = Objects.requireNonNull(name, "name");
            this.readBytes = readBytes;
            this.writtenBytes = writtenBytes;
            this.readPerSec = readPerSec;
            this.writtenPerSec = writtenPerSec;
        }

        /**
         * Makes one.
         *
         * @param name its device name
         * @param readBytes bytes read
         * @param writtenBytes bytes written
         * @param readPerSec bytes read a second
         * @param writtenPerSec bytes written a second
         * @return the value
         */
        public static Disk of(
                String name,
                long readBytes,
                long writtenBytes,
                @Nullable Double readPerSec,
                @Nullable Double writtenPerSec) {
            return new Disk(name, readBytes, writtenBytes, readPerSec, writtenPerSec);
        }

        /** Its device name. */
        public String name() {
            return name;
        }

        /** Bytes read. */
        public long readBytes() {
            return readBytes;
        }

        /** Bytes written. */
        public long writtenBytes() {
            return writtenBytes;
        }

        /** Bytes read a second. */
        public @Nullable Double readPerSec() {
            return readPerSec;
        }

        /** Bytes written a second. */
        public @Nullable Double writtenPerSec() {
            return writtenPerSec;
        }

        @Override
        public Map<String, @Nullable Object> toMap() {
            return Documents.of(
                    "name", name,
                    "read_bytes", readBytes,
                    "written_bytes", writtenBytes,
                    "read_bytes_per_sec", readPerSec,
                    "written_bytes_per_sec", writtenPerSec);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other == this
                    || other instanceof Disk that
                            && name.equals(that.name)
                            && readBytes == that.readBytes
                            && writtenBytes == that.writtenBytes
                            && Objects.equals(readPerSec, that.readPerSec)
                            && Objects.equals(writtenPerSec, that.writtenPerSec);
        }

        @Override
        public int hashCode() {
            return Objects.hash(name, readBytes, writtenBytes, readPerSec, writtenPerSec);
        }

        @Override
        public String toString() {
            return "Disk" + toMap();
        }
    }

    /** One network interface, in bytes since the machine was started. */
    public static final class Network implements Document {
        private final String name;
        private final long receivedBytes;
        private final long sentBytes;
        private final @Nullable Double receivedPerSec;
        private final @Nullable Double sentPerSec;

        private Network(
                String name,
                long receivedBytes,
                long sentBytes,
                @Nullable Double receivedPerSec,
                @Nullable Double sentPerSec) {
            this.name = Objects.requireNonNull(name, "name");
            this.receivedBytes = receivedBytes;
            this.sentBytes = sentBytes;
            this.receivedPerSec = receivedPerSec;
            this.sentPerSec = sentPerSec;
        }

        /**
         * Makes one.
         *
         * @param name its name
         * @param receivedBytes bytes received
         * @param sentBytes bytes sent
         * @param receivedPerSec bytes received a second
         * @param sentPerSec bytes sent a second
         * @return the value
         */
        public static Network of(
                String name,
                long receivedBytes,
                long sentBytes,
                @Nullable Double receivedPerSec,
                @Nullable Double sentPerSec) {
            return new Network(name, receivedBytes, sentBytes, receivedPerSec, sentPerSec);
        }

        /** Its name. */
        public String name() {
            return name;
        }

        /** Bytes received. */
        public long receivedBytes() {
            return receivedBytes;
        }

        /** Bytes sent. */
        public long sentBytes() {
            return sentBytes;
        }

        /** Bytes received a second. */
        public @Nullable Double receivedPerSec() {
            return receivedPerSec;
        }

        /** Bytes sent a second. */
        public @Nullable Double sentPerSec() {
            return sentPerSec;
        }

        @Override
        public Map<String, @Nullable Object> toMap() {
            return Documents.of(
                    "name", name,
                    "received_bytes", receivedBytes,
                    "sent_bytes", sentBytes,
                    "received_bytes_per_sec", receivedPerSec,
                    "sent_bytes_per_sec", sentPerSec);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other == this
                    || other instanceof Network that
                            && name.equals(that.name)
                            && receivedBytes == that.receivedBytes
                            && sentBytes == that.sentBytes
                            && Objects.equals(receivedPerSec, that.receivedPerSec)
                            && Objects.equals(sentPerSec, that.sentPerSec);
        }

        @Override
        public int hashCode() {
            return Objects.hash(name, receivedBytes, sentBytes, receivedPerSec, sentPerSec);
        }

        @Override
        public String toString() {
            return "Network" + toMap();
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

    @Override
    public boolean equals(@Nullable Object other) {
        return other == this
                || other instanceof SystemStats that
                        && time.equals(that.time)
                        && pollTime.equals(that.pollTime)
                        && uptime.equals(that.uptime)
                        && cpu.equals(that.cpu)
                        && memory.equals(that.memory)
                        && disks.equals(that.disks)
                        && networks.equals(that.networks);
    }

    @Override
    public int hashCode() {
        return Objects.hash(time, pollTime, uptime, cpu, memory, disks, networks);
    }

    @Override
    public String toString() {
        return "SystemStats" + toMap();
    }

    /** Makes a {@link SystemStats}; for one thread. Each method returns the builder itself. */
    public static final class Builder {
        private final Instant time;
        private Duration pollTime = Duration.ZERO;
        private Duration uptime = Duration.ZERO;
        private final Cpu cpu;
        private final Memory memory;
        private List<Disk> disks = List.of();
        private List<Network> networks = List.of();

        private Builder(Instant time, Cpu cpu, Memory memory) {
            this.time = time;
            this.cpu = cpu;
            this.memory = memory;
        }

        /** How long the poll took. */
        public Builder pollTime(Duration value) {
            pollTime = value;
            return this;
        }

        /** Since the machine was started. */
        public Builder uptime(Duration value) {
            uptime = value;
            return this;
        }

        /** The disks. */
        public Builder disks(List<Disk> value) {
            disks = value;
            return this;
        }

        /** The network interfaces. */
        public Builder networks(List<Network> value) {
            networks = value;
            return this;
        }

        /** Makes the value; the builder can go on being used. */
        public SystemStats build() {
            return new SystemStats(this);
        }
    }
}
