package io.millwright.controller.internal.simulation;

import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.WorkerAnswer;
import io.millwright.controller.api.channel.ChannelHost;
import io.millwright.controller.api.channel.ChannelListener;
import io.millwright.controller.api.channel.ChannelTraffic;
import io.millwright.controller.api.channel.Credentials;
import io.millwright.controller.api.channel.ExpectedRun;
import io.millwright.controller.api.channel.ReadyInfo;
import io.millwright.controller.internal.process.ProcessExit;
import io.millwright.controller.internal.simulation.FakeBackend.FakeProcess;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A host of control channels whose workers join, are ready, lose their channel or never come, as the choices say. */
final class SimulatedHost implements ChannelHost {
    private static final ReadyInfo INFO = ReadyInfo.of("simulated", List.of(), List.of());

    private final Choices choices;
    private final FakeBackend backend;
    private final Consumer<Runnable> happenings;
    private final Model model;
    /** The runs that may join, by their number. */
    final Map<Long, ExpectedRun> expected = new LinkedHashMap<>();

    private final Map<Long, ChannelListener> listeners = new LinkedHashMap<>();
    /** The processes whose channels are here, and up. */
    private final Map<Long, FakeProcess> up = new LinkedHashMap<>();

    SimulatedHost(Choices choices, FakeBackend backend, Consumer<Runnable> happenings, Model model) {
        this.choices = choices;
        this.backend = backend;
        this.happenings = happenings;
        this.model = model;
    }

    @Override
    public void expect(ExpectedRun run, ChannelListener listener) {
        if (!backend.quiet && choices.oneIn(20)) {
            throw new IllegalStateException("no run is taken now");
        }
        expected.values().removeIf(other -> other.worker().equals(run.worker()));
        expected.put(run.run(), run);
        listeners.put(run.run(), listener);
    }

    @Override
    public void forget(ExpectedRun run) {
        expected.remove(run.run());
        up.remove(run.run());
    }

    @Override
    public Map<String, ?> address(ExpectedRun run) {
        return Map.of();
    }

    @Override
    public CompletionStage<WorkerAnswer> call(ExpectedRun run, String operation, Map<String, ?> arguments) {
        FakeProcess process = up.get(run.run());
        int how = backend.quiet ? 3 : choices.below(4);
        if (process == null || how == 0) {
            return CompletableFuture.failedFuture(new NodeException(ErrorCode.FEATURE_UNAVAILABLE, "nobody hears it"));
        } else if (how == 1) {
            return new CompletableFuture<>();
        } else if (how == 3) {
            happenings.accept(() -> {
                process.childEnds();
                process.exit(new ProcessExit(0, null));
            });
        }
        return CompletableFuture.completedFuture(WorkerAnswer.of(run.worker(), null));
    }

    /** Some worker does something that its channel shows. */
    void someHappening() {
        List<FakeProcess> born = born();
        if (born.isEmpty()) {
            return;
        }
        FakeProcess process = choices.of(born);
        if (!up.containsKey(process.run())) {
            join(process);
        } else if (!process.isReady && choices.oneIn(2)) {
            ready(process);
        } else if (choices.oneIn(3)) {
            lose(process);
        } else {
            ChannelListener listener = listeners.get(process.run());
            listener.traffic(ChannelTraffic.of(1, 2), ChannelTraffic.NONE);
        }
    }

    /** All that live join and are ready. */
    void settle() {
        born().forEach(process -> {
            if (!up.containsKey(process.run())) {
                join(process);
            }
            if (up.containsKey(process.run()) && !process.isReady) {
                ready(process);
            }
        });
    }

    private List<FakeProcess> born() {
        return backend.processes.stream()
                .filter(process -> process.main && process.birth != null)
                .toList();
    }

    private void join(FakeProcess process) {
        ExpectedRun run = expected.get(process.run());
        if (run == null) {
            return;
        }
        if (process.rejoin == null) {
            model.check(run.token().accepts(process.token()), process + " is not let in with its token");
            process.rejoin = run.rejoin().reveal();
            expected.put(run.run(), run.withToken(Credentials.of("spent")));
        } else {
            model.check(run.rejoin().accepts(process.rejoin), process + " is not let in again");
        }
        up.put(process.run(), process);
        model.channels.joined(process);
        listeners.get(process.run()).up(Long.toString(process.run()));
    }

    private void ready(FakeProcess process) {
        process.isReady = true;
        listeners.get(process.run()).ready(INFO);
    }

    private void lose(FakeProcess process) {
        model.channels.lost(process);
        tellLost(process);
    }

    private void tellLost(FakeProcess process) {
        up.remove(process.run());
        listeners.get(process.run()).lost("simulated");
    }

    /** The router goes, and tells so of each channel, soon or late. */
    void close() {
        for (FakeProcess process : List.copyOf(up.values())) {
            model.channels.lost(process);
            happenings.accept(() -> tellLost(process));
        }
    }

    boolean isUp(@Nullable FakeProcess process) {
        return process != null && up.containsKey(process.run());
    }
}
