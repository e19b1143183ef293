package io.millwright.remote.cli;

import io.millwright.controller.api.process.ProcessInfo;
import io.millwright.controller.api.process.ProcessMonitoring;
import io.millwright.controller.api.process.ProcessSample;

/** What the node says of its own process, as operations answer it. Stateless. */
final class ProcessDocuments {
    private ProcessDocuments() {}

    static ProcessInfo info(Values values) {
        return ProcessInfo.builder(values.number("pid"), values.time("started"))
                .parentPid(values.numberOrNull("parent_pid"))
                .user(values.text("user"))
                .executable(values.textOrNull("executable"))
                .directory(values.text("directory"))
                .java(values.text("java"))
                .system(values.text("system"))
                .build();
    }

    static ProcessSample sample(Values values) {
        return ProcessSample.builder(values.time("time"))
                .cpu(values.durationOrNull("cpu"))
                .cpuLoad(values.decimalOrNull("cpu_load"))
                .rss(values.numberOrNull("rss"))
                .fds(values.intOrNull("fds"))
                .threads((int) values.number("threads"))
                .heapUsed(values.number("heap_used"))
                .heapCommitted(values.number("heap_committed"))
                .heapMax(values.number("heap_max"))
                .nonHeapUsed(values.number("non_heap_used"))
                .gcCount(values.number("gc_count"))
                .gcTime(values.duration("gc_time"))
                .build();
    }

    static ProcessMonitoring monitoring(Values values) {
        return ProcessMonitoring.of(values.duration("interval"), values.list("samples", ProcessDocuments::sample));
    }
}
