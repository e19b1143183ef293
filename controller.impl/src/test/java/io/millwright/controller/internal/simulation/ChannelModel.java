package io.millwright.controller.internal.simulation;

import io.millwright.controller.api.NodeEvent;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.api.channel.ExpectedRun;
import io.millwright.controller.api.event.EventProperties;
import io.millwright.controller.internal.simulation.FakeBackend.FakeProcess;
import io.millwright.controller.internal.worker.Worker;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** The rules of control channels: only the run itself joins, a worker is ready when its run says so, and a channel that is lost too long ends it. */
final class ChannelModel {
    private final Model model;
    private final FakeBackend backend;
    private final Supplier<Duration> clock;
    private Duration hostSince = Duration.ZERO;
    private final Map<FakeProcess, Duration> lost = new HashMap<>();
    private final Map<FakeProcess, Duration> joined = new HashMap<>();

    ChannelModel(Model model, FakeBackend backend, Supplier<Duration> elapsed) {
        this.model = model;
        this.backend = backend;
        this.clock = elapsed;
    }

    /** A process has its control channel again; the node hears of it later. */
    void joined(FakeProcess process) {
        joined.put(process, clock.get());
    }

    /** A process has lost its control channel. One that it had for no time was never there, to who hears of it in time. */
    void lost(FakeProcess process) {
        if (!lost.containsKey(process) || !clock.get().equals(joined.get(process))) {
            lost.put(process, clock.get());
        }
    }

    /** Another host of control channels serves, or none. */
    void hostChanged() {
        hostSince = clock.get();
    }

    /** A native worker has started only when this run is ready, and a lost channel ends it only after its time. */
    void event(NodeEvent event, String id, String before, String step) {
        if (!SimulatedPlanner.isNative(String.valueOf(event.properties().get(EventProperties.WORKER_TYPE)))
                || !(event.properties().get(EventProperties.WORKER_PID) instanceof Long pid)) {
            model.check(!step.equals("CONNECTED"), id + " has no control channel and is connected");
            return;
        }
        FakeProcess process = backend.find(pid);
        if (step.equals("STARTED")) {
            model.check(before.equals("CONNECTED"), id + " was started without a control channel");
            model.check(process != null && process.isReady, id + " was started, and " + process + " is not ready");
        }
        if (step.equals("STOPPING") && !before.equals("STOP_REQUESTED")) {
            String why = String.valueOf(event.properties().get(EventProperties.REASON));
            Duration since = lost.getOrDefault(process, Duration.ZERO);
            Duration allowed = Duration.ofSeconds(30);
            model.check(
                    !why.contains("has lost its control channel")
                            || clock.get().minus(since).compareTo(allowed) >= 0
                                    && clock.get().minus(hostSince).compareTo(allowed) >= 0,
                    id + " was ended too soon: " + why);
        }
    }

    /** Once everything is quiet: the present host expects what runs, is told of nothing else, and all channels are up. */
    void hosts(SimulatedHost host, List<SimulatedHost> replaced, Iterable<Worker> workers) {
        Set<Long> running = new HashSet<>();
        for (Worker worker : workers) {
            if (worker.state == WorkerState.STARTED && SimulatedPlanner.isNative(worker.definition.spec.type())) {
                FakeProcess process = backend.alive(worker.id).get(0);
                running.add(process.run());
                ExpectedRun expected = host.expected.get(process.run());
                model.check(
                        expected == null || !expected.token().accepts(process.token()),
                        process + " would be let in with a token that is spent");
                model.check(host.isUp(process), worker.id + " has no control channel");
            }
        }
        model.check(host.expected.keySet().equals(running), "expected are " + host.expected + ", there are " + running);
        replaced.forEach(old -> model.check(old.expected.isEmpty(), "a host was not told to forget " + old.expected));
    }
}
