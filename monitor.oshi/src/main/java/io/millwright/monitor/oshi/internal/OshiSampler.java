package io.millwright.monitor.oshi.internal;

import io.millwright.controller.api.monitor.SystemSampler;
import io.millwright.controller.api.monitor.SystemStats;
import io.millwright.controller.api.monitor.SystemStats.Cpu;
import io.millwright.controller.api.monitor.SystemStats.Disk;
import io.millwright.controller.api.monitor.SystemStats.Memory;
import io.millwright.controller.api.monitor.SystemStats.Network;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import oshi.SystemInfo;
import oshi.hardware.CentralProcessor;
import oshi.hardware.CentralProcessor.TickType;
import oshi.hardware.GlobalMemory;
import oshi.hardware.HWDiskStore;
import oshi.hardware.HardwareAbstractionLayer;
import oshi.hardware.NetworkIF;
import oshi.hardware.VirtualMemory;

/** Polls the machine with OSHI for one client, whose previous poll it keeps. For one thread at a time. */
final class OshiSampler implements SystemSampler {
    private final Supplier<SystemInfo> system;
    private final Rates rates = new Rates();
    private long @Nullable [] previousTicks;

    OshiSampler(Supplier<SystemInfo> system) {
        this.system = system;
    }

    @Override
    public SystemStats sample() {
        Instant time = Instant.now();
        long begin = System.nanoTime();
        HardwareAbstractionLayer hardware = system.get().getHardware();
        Duration uptime = Duration.ofSeconds(system.get().getOperatingSystem().getSystemUptime());
        Cpu cpu = cpu(hardware.getProcessor());
        Memory memory = memory(hardware.getMemory());
        rates.begin(System.nanoTime());
        List<Disk> disks = disks(hardware.getDiskStores());
        List<Network> networks = networks(hardware.getNetworkIFs());
        Duration pollTime = Duration.ofNanos(System.nanoTime() - begin);
        return SystemStats.builder(time, cpu, memory)
                .pollTime(pollTime)
                .uptime(uptime)
                .disks(disks)
                .networks(networks)
                .build();
    }

    private Cpu cpu(CentralProcessor processor) {
        long[] ticks = processor.getSystemCpuLoadTicks();
        long[] before = previousTicks;
        double average = processor.getSystemLoadAverage(1)[0];
        Double loadAverage = average < 0 ? null : average;
        int count = processor.getLogicalProcessorCount();
        long total = before == null ? 0 : total(ticks) - total(before);
        if (before == null || total <= 0) {
            // OSHI keeps ticks for 300 ms; within them the base stays, so that the next poll has something to compare.
            previousTicks = before == null ? ticks : before;
            return Cpu.of(count, null, null, null, null, null, loadAverage);
        }
        previousTicks = ticks;
        double idle = share(ticks, before, total, TickType.IDLE);
        double ioWait = share(ticks, before, total, TickType.IOWAIT);
        return Cpu.of(
                count,
                Math.max(0, 1 - idle - ioWait),
                share(ticks, before, total, TickType.USER) + share(ticks, before, total, TickType.NICE),
                share(ticks, before, total, TickType.SYSTEM)
                        + share(ticks, before, total, TickType.IRQ)
                        + share(ticks, before, total, TickType.SOFTIRQ),
                ioWait,
                share(ticks, before, total, TickType.STEAL),
                loadAverage);
    }

    private static long total(long[] ticks) {
        long sum = 0;
        for (long value : ticks) {
            sum += value;
        }
        return sum;
    }

    private static double share(long[] ticks, long[] before, long total, TickType type) {
        // Linux lets iowait and steal go back a little at times.
        long delta = Math.max(0, ticks[type.getIndex()] - before[type.getIndex()]);
        return Math.min(1, (double) delta / total);
    }

    private static Memory memory(GlobalMemory memory) {
        VirtualMemory virtual = memory.getVirtualMemory();
        return Memory.of(memory.getTotal(), memory.getAvailable(), virtual.getSwapTotal(), virtual.getSwapUsed());
    }

    private List<Disk> disks(List<HWDiskStore> stores) {
        List<Disk> disks = new ArrayList<>(stores.size());
        for (HWDiskStore store : stores) {
            String name = store.getName();
            long read = store.getReadBytes();
            long written = store.getWriteBytes();
            disks.add(Disk.of(
                    name,
                    read,
                    written,
                    rates.perSecond("read " + name, read),
                    rates.perSecond("write " + name, written)));
        }
        return disks;
    }

    private List<Network> networks(List<NetworkIF> interfaces) {
        List<Network> networks = new ArrayList<>(interfaces.size());
        for (NetworkIF network : interfaces) {
            String name = network.getName();
            long received = network.getBytesRecv();
            long sent = network.getBytesSent();
            networks.add(Network.of(
                    name,
                    received,
                    sent,
                    rates.perSecond("in " + name, received),
                    rates.perSecond("out " + name, sent)));
        }
        return networks;
    }
}
