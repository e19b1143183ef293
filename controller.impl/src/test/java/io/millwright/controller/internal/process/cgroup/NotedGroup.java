package io.millwright.controller.internal.process.cgroup;

import io.millwright.controller.internal.process.Enclosure;
import io.millwright.controller.internal.process.Leftover;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A group of a worker {@code w} that is none of the kernel's: it notes its limits, and does not like the number 13. */
public final class NotedGroup implements Enclosure {
    private final String path;
    private final List<Map<String, List<String>>> told = new ArrayList<>();
    private Map<String, List<String>> limits = Map.of();
    private boolean busy;

    public NotedGroup(int number) {
        path = "/groups/w." + number;
    }

    @Override
    public String enter() {
        return ":";
    }

    @Override
    public boolean holds(long pid) {
        return false;
    }

    @Override
    public CompletableFuture<Integer> end(ScheduledExecutorService timer, long main, Consumer<Leftover> found) {
        return CompletableFuture.completedFuture(0);
    }

    @Override
    public void discard() {}

    /** It refuses all limits while it is busy. */
    public synchronized void setBusy(boolean busy) {
        this.busy = busy;
    }

    /** All limits it was given or refused, in their order. */
    public synchronized List<Map<String, List<String>>> told() {
        return List.copyOf(told);
    }

    @Override
    public synchronized void limit(Map<String, List<String>> wanted) throws IOException {
        told.add(new TreeMap<>(wanted));
        if (busy) {
            throw new IOException("the kernel is busy");
        }
        if (wanted.getOrDefault("pids.max", List.of()).contains("13")) {
            throw new IOException("the kernel does not like 13");
        }
        limits = new TreeMap<>(wanted);
    }

    @Override
    public synchronized Map<String, String> inForce() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("path", path);
        limits.forEach((file, lines) -> all.put(file, String.join("\n", lines)));
        return all;
    }

    @Override
    public @Nullable String trouble() {
        return "out of memory: the kernel killed a process of it";
    }
}
