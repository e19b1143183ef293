package io.millwright.remote.cli;

import io.millwright.controller.api.monitor.SystemStats;
import io.millwright.controller.api.remote.RemoteSession;

/** The figures of the machine and the sessions of the node, as operations answer them. Stateless. */
final class SystemDocuments {
    private SystemDocuments() {}

    static SystemStats stats(Values values) {
        Values cpu = Values.of(values.all().get("cpu"));
        Values memory = Values.of(values.all().get("memory"));
        return SystemStats.builder(
                        values.time("time"),
                        SystemStats.Cpu.of(
                                (int) cpu.number("count"),
                                cpu.decimalOrNull("load"),
                                cpu.decimalOrNull("user"),
                                cpu.decimalOrNull("system"),
                                cpu.decimalOrNull("io_wait"),
                                cpu.decimalOrNull("steal"),
                                cpu.decimalOrNull("load_average_1")),
                        SystemStats.Memory.of(
                                memory.number("total"),
                                memory.number("available"),
                                memory.number("swap_total"),
                                memory.number("swap_used")))
                .pollTime(values.duration("poll_time"))
                .uptime(values.duration("uptime"))
                .disks(values.list("disk", SystemDocuments::disk))
                .networks(values.list("network", SystemDocuments::network))
                .build();
    }

    private static SystemStats.Disk disk(Values values) {
        return SystemStats.Disk.of(
                values.text("name"),
                values.number("read_bytes"),
                values.number("written_bytes"),
                values.decimalOrNull("read_bytes_per_sec"),
                values.decimalOrNull("written_bytes_per_sec"));
    }

    private static SystemStats.Network network(Values values) {
        return SystemStats.Network.of(
                values.text("name"),
                values.number("received_bytes"),
                values.number("sent_bytes"),
                values.decimalOrNull("received_bytes_per_sec"),
                values.decimalOrNull("sent_bytes_per_sec"));
    }

    static RemoteSession session(Values values) {
        return RemoteSession.builder(
                        values.number("id"), values.text("principal"), values.text("role"), values.time("since"))
                .method(values.text("method"))
                .listener(values.text("listener"))
                .address(values.text("address"))
                .transport(values.text("transport"))
                .worker(values.flag("worker"))
                .received(values.number("received"))
                .sent(values.number("sent"))
                .lost(values.number("lost"))
                .refused(values.number("refused"))
                .queued(values.number("queued"))
                .build();
    }
}
