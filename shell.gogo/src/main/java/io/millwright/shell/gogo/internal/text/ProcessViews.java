package io.millwright.shell.gogo.internal.text;

import io.millwright.controller.api.process.ProcessInfo;
import io.millwright.controller.api.process.ProcessMonitoring;
import io.millwright.controller.api.process.ProcessOperations;
import io.millwright.controller.api.process.ProcessSample;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How the values about the controller's own process look for people. Thread-safe. */
public final class ProcessViews {
    private ProcessViews() {}

    /**
     * What the process is.
     *
     * @param info the process
     * @param screen where it is shown
     * @return its text
     */
    public static String info(ProcessInfo info, Screen screen) {
        return new Block()
                .add("pid", info.pid())
                .add("parent", info.parentPid())
                .add("user", info.user())
                .add("executable", info.executable())
                .add("directory", info.directory())
                .add("started", Texts.time(info.started()))
                .add("java", info.java())
                .add("system", info.system())
                .text(screen);
    }

    /**
     * What it uses.
     *
     * @param sample the figures
     * @param screen where it is shown
     * @return their text
     */
    public static String sample(ProcessSample sample, Screen screen) {
        return new Block()
                .add("cpu time", sample.cpu() == null ? null : Texts.duration(sample.cpu()))
                .add("memory", size(sample.rss()))
                .add(
                        "heap",
                        Texts.size(sample.heapUsed()) + " of " + Texts.size(sample.heapCommitted()) + ", at most "
                                + Texts.size(sample.heapMax()))
                .add("other memory of the JVM", Texts.size(sample.nonHeapUsed()))
                .add("threads", sample.threads())
                .add("descriptors", sample.fds())
                .add("garbage collection", sample.gcCount() + " times, " + Texts.duration(sample.gcTime()) + " in all")
                .text(screen);
    }

    /**
     * The regular sampling.
     *
     * @param monitoring its samples
     * @param screen where it is shown
     * @return a table
     */
    public static String monitoring(ProcessMonitoring monitoring, Screen screen) {
        String state = monitoring.interval().isZero()
                ? "not sampled; node:process monitor SECONDS begins"
                : "sampled every " + Texts.duration(monitoring.interval());
        List<ProcessSample> samples = monitoring.samples();
        if (samples.isEmpty()) {
            return state;
        }
        TextTable table = new TextTable()
                .column("TIME", 9, 12)
                .column("CPU", 8, 6)
                .column("MEMORY", 7, 8)
                .column("HEAP", 6, 8)
                .column("THREADS", 5, 7)
                .column("FDS", 4, 4)
                .column("GC", 3, 4);
        samples.forEach(sample -> table.row(
                Texts.clock(sample.time()),
                sample.cpuLoad() == null ? null : String.format(Locale.ROOT, "%.1f%%", sample.cpuLoad() * 100),
                size(sample.rss()),
                Texts.size(sample.heapUsed()),
                sample.threads(),
                sample.fds(),
                sample.gcCount()));
        return state + "\n" + screen.table(table);
    }

    /**
     * The times of a process.
     *
     * @param process the process
     * @param screen where it is shown
     * @return their text
     */
    public static String time(ProcessOperations process, Screen screen) {
        return new Block()
                .add("now", Texts.time(process.utcnow()))
                .add("started", Texts.time(process.started()))
                .add("uptime", Texts.duration(process.uptime()))
                .text(screen);
    }

    private static @Nullable String size(@Nullable Long bytes) {
        return bytes == null ? null : Texts.size(bytes);
    }
}
