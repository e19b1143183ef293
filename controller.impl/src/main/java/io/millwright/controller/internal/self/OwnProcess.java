package io.millwright.controller.internal.self;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.monitor.ProcessStats;
import io.millwright.controller.api.monitor.SystemMonitor;
import io.millwright.controller.api.process.ProcessInfo;
import io.millwright.controller.api.process.ProcessMonitoring;
import io.millwright.controller.api.process.ProcessOperations;
import io.millwright.controller.api.process.ProcessSample;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The controller's own process. Thread-safe; makes its one thread when sampling is asked for. */
public final class OwnProcess implements ProcessOperations, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OwnProcess.class);
    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final int KEPT = 60;
    private static final Path ONLINE = Path.of("/sys/devices/system/cpu/online");

    private final Affinity affinity;
    private final Supplier<@Nullable SystemMonitor> monitor;
    private final Deque<ProcessSample> samples = new ArrayDeque<>();
    private Duration interval = Duration.ZERO;
    private @Nullable ScheduledExecutorService sampler;

    /**
     * Takes the process it runs in.
     *
     * @param affinity its processors
     * @param monitor measures what the virtual machine does not know, {@code null} while there is none
     */
    public OwnProcess(Affinity affinity, Supplier<@Nullable SystemMonitor> monitor) {
        this.affinity = affinity;
        this.monitor = monitor;
    }

    @Override
    public int getCpuCount() {
        return online().cardinality();
    }

    private static BitSet online() {
        try {
            return cpuList(Files.readString(ONLINE).strip());
        } catch (IOException | NumberFormatException e) {
            BitSet all = new BitSet();
            all.set(0, Runtime.getRuntime().availableProcessors());
            return all;
        }
    }

    /** Reads a list as the kernel writes it, for example {@code 0-3,8}. */
    static BitSet cpuList(String text) {
        BitSet cpus = new BitSet();
        for (String part : text.split(",", -1)) {
            int dash = part.indexOf('-');
            int first = Integer.parseInt(dash < 0 ? part : part.substring(0, dash));
            int last = dash < 0 ? first : Integer.parseInt(part.substring(dash + 1));
            cpus.set(first, last + 1);
        }
        return cpus;
    }

    @Override
    public List<Integer> getCpus() {
        return affinity.given();
    }

    @Override
    public List<Integer> getCpuAffinity() {
        return affinity.get();
    }

    @Override
    public List<Integer> setCpuAffinity(List<Integer> cpus, Numbering numbering, Caller caller) {
        List<Integer> present = numbering == Numbering.RELATIVE
                ? affinity.given()
                : online().stream().boxed().toList();
        BitSet wanted = new BitSet();
        for (int cpu : cpus) {
            if (numbering == Numbering.RELATIVE && cpu >= 0 && cpu < present.size()) {
                wanted.set(present.get(cpu));
            } else if (numbering == Numbering.ABSOLUTE && present.contains(cpu)) {
                wanted.set(cpu);
            } else {
                throw new NodeException(
                        ErrorCode.INVALID_ARGUMENT,
                        "there is no processor " + cpu
                                + (numbering == Numbering.RELATIVE
                                        ? " among those of this process; they are counted from 0 to "
                                                + (present.size() - 1)
                                        : "; there are " + present));
            }
        }
        if (wanted.isEmpty()) {
            throw new NodeException(ErrorCode.INVALID_ARGUMENT, "no processor is named; a process needs at least one");
        }
        affinity.set(wanted);
        List<Integer> now = affinity.get();
        LOG.info("the controller runs on processors {}, asked by {}; workers keep {}", now, caller, affinity.given());
        return now;
    }

    @Override
    public ProcessInfo getProcessInfo() {
        ProcessHandle self = ProcessHandle.current();
        return ProcessInfo.builder(self.pid(), started())
                .parentPid(self.parent().map(ProcessHandle::pid).orElse(null))
                .user(self.info().user().orElse(System.getProperty("user.name", "?")))
                .executable(self.info().command().orElse(null))
                .directory(Path.of("").toAbsolutePath().toString())
                .java(System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version") + " ("
                        + System.getProperty("java.vendor") + ")")
                .system(System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"))
                .build();
    }

    @Override
    public ProcessSample getProcessStats() {
        return sample(null);
    }

    private ProcessSample sample(@Nullable ProcessSample before) {
        long pid = ProcessHandle.current().pid();
        SystemMonitor present = monitor.get();
        ProcessStats stats =
                present == null ? null : present.processes(List.of(pid)).get(pid);
        Duration cpu = ProcessHandle.current().info().totalCpuDuration().orElse(stats == null ? null : stats.cpu());
        Instant now = Instant.now();
        Double load = null;
        if (before != null && before.cpu() != null && cpu != null) {
            long elapsed = Duration.between(before.time(), now).toNanos();
            load = elapsed <= 0
                    ? null
                    : (double) Math.max(0, cpu.minus(before.cpu()).toNanos()) / elapsed;
        }
        MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        long collections = 0;
        long collecting = 0;
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            collections += Math.max(0, collector.getCollectionCount());
            collecting += Math.max(0, collector.getCollectionTime());
        }
        return ProcessSample.builder(now)
                .cpu(cpu)
                .cpuLoad(load)
                .rss(stats == null ? null : stats.rss())
                .fds(stats == null ? null : stats.fds())
                .threads(ManagementFactory.getThreadMXBean().getThreadCount())
                .heapUsed(heap.getUsed())
                .heapCommitted(heap.getCommitted())
                .heapMax(heap.getMax())
                .nonHeapUsed(ManagementFactory.getMemoryMXBean()
                        .getNonHeapMemoryUsage()
                        .getUsed())
                .gcCount(collections)
                .gcTime(Duration.ofMillis(collecting))
                .build();
    }

    @Override
    public synchronized ProcessMonitoring getProcessMonitor() {
        return ProcessMonitoring.of(interval, new ArrayList<>(samples));
    }

    @Override
    public ProcessMonitoring setProcessStatsMonitoring(Duration wanted, Caller caller) {
        if (!wanted.isZero() && wanted.compareTo(SHORTEST) < 0) {
            throw new NodeException(
                    ErrorCode.INVALID_ARGUMENT,
                    "the interval must be at least " + SHORTEST.toMillis() + " ms, or 0 for none, is " + wanted);
        }
        synchronized (this) {
            close();
            interval = wanted;
            if (!wanted.isZero()) {
                samples.clear();
                ScheduledExecutorService begun = Executors.newSingleThreadScheduledExecutor(task -> {
                    Thread thread = new Thread(task, "millwright-process-monitor");
                    thread.setDaemon(true);
                    return thread;
                });
                begun.scheduleAtFixedRate(() -> keep(begun), 0, wanted.toMillis(), TimeUnit.MILLISECONDS);
                sampler = begun;
            }
        }
        LOG.info("the controller's process is sampled every {} (0: not at all), asked by {}", wanted, caller);
        return getProcessMonitor();
    }

    private void keep(ScheduledExecutorService mine) {
        try {
            ProcessSample before;
            synchronized (this) {
                before = samples.peekLast();
            }
            ProcessSample sample = sample(before);
            synchronized (this) {
                if (sampler == mine) {
                    samples.addLast(sample);
                    if (samples.size() > KEPT) {
                        samples.removeFirst();
                    }
                }
            }
        } catch (RuntimeException e) {
            // Thrown on, it would end the sampling in silence.
            LOG.warn("the controller's process could not be sampled", e);
        }
    }

    @Override
    public Duration triggerGc(Caller caller) {
        long begin = System.nanoTime();
        System.gc();
        Duration took = Duration.ofNanos(System.nanoTime() - begin);
        LOG.info("garbage was collected in {} ms, asked by {}", took.toMillis(), caller);
        return took;
    }

    @Override
    public Instant utcnow() {
        return Instant.now();
    }

    @Override
    public Instant started() {
        return Instant.ofEpochMilli(ManagementFactory.getRuntimeMXBean().getStartTime());
    }

    @Override
    public Duration uptime() {
        return Duration.ofMillis(ManagementFactory.getRuntimeMXBean().getUptime());
    }

    /** Ends the sampling. */
    @Override
    public synchronized void close() {
        ScheduledExecutorService running = sampler;
        sampler = null;
        if (running != null) {
            running.shutdownNow();
        }
    }
}
