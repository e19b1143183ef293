package io.millwright.controller.internal.worker;

import io.millwright.controller.api.WorkerState;
import io.millwright.controller.api.channel.ComponentChange;
import io.millwright.controller.api.worker.OptionValues;
import io.millwright.controller.internal.options.NativeOptions;
import io.millwright.controller.internal.options.ProbeOptions;
import java.time.Duration;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What a control channel means for the life of its run: connected when it has joined, started when it is ready, ended when it is not ready
 * in time ({@code start.timeout}) or has lost its channel for too long ({@code channel.timeout}). Runs in the controller loop.
 */
final class ChannelLife {
    private final ControllerLoop loop;
    private final BooleanSupplier hasHost;

    private Channels.@Nullable Lives lives;

    /**
     * The life of all runs that have channels.
     *
     * @param hasHost whether a host carries channels now
     */
    ChannelLife(ControllerLoop loop, BooleanSupplier hasHost) {
        this.loop = loop;
        this.hasHost = hasHost;
    }

    void setLives(Channels.Lives next) {
        this.lives = next;
    }

    private Channels.Lives lives() {
        return Objects.requireNonNull(lives, "the node is not put together");
    }

    /** A run says what has become of one of its components. */
    void component(Worker worker, Channel channel, ComponentChange change) {
        lives().component(worker, change, channel.maySay(loop.now()));
    }

    /** The process of a run is there: begins to wait until it is ready. */
    void awaitReady(Worker worker, Run run, Channel channel) {
        OptionValues options = Objects.requireNonNull(worker.options, "no options");
        Duration limit = ProbeOptions.startTimeout(options);
        channel.startTimer = Deadline.after(loop, limit.minus(run.prepared), () -> {
            if (worker.run == run && run.mainExit == null && isYoung(worker)) {
                String why = "not ready within " + Settlement.text(limit) + " (start.timeout): " + missing(channel);
                lives().giveUp(worker, why, LifeEvent.START_TIMEOUT);
            }
        });
        progress(worker, run, channel);
    }

    private static boolean isYoung(Worker worker) {
        return worker.state == WorkerState.STARTING || worker.state == WorkerState.CONNECTED;
    }

    private String missing(Channel channel) {
        return (channel.joined ? "it has joined and does not say that it is ready" : "it has not joined")
                + (!hasHost.getAsBoolean() ? "; " + Channels.NO_HOST : "");
    }

    /** A run may have joined, or even be ready, before its process was told. */
    void progress(Worker worker, Run run, Channel channel) {
        if (worker.run != run || run.process == null || run.mainExit != null) {
            return;
        }
        if (channel.joined && worker.state == WorkerState.STARTING) {
            lives().fire(worker, LifeEvent.CHANNEL_UP);
        }
        lives().afterEvent(() -> {
            if (worker.run == run && channel.ready != null && worker.state == WorkerState.CONNECTED) {
                channel.startIsOver();
                lives().fire(worker, LifeEvent.READY);
            }
        });
    }

    /** A run that has lost its channel is ended if it does not join again in time; while there is no host it has time. */
    void awaitReturn(Worker worker, Run run, Channel channel) {
        channel.waitNoLonger();
        if (worker.state != WorkerState.STARTED || channel.isUp() || !hasHost.getAsBoolean() || run.mainExit != null) {
            return;
        }
        Duration limit = NativeOptions.channelTimeout(Objects.requireNonNull(worker.options, "no options"));
        channel.lostTimer = Deadline.after(loop, limit, () -> {
            if (worker.run == run && worker.state == WorkerState.STARTED && run.mainExit == null && !channel.isUp()) {
                String why = "has lost its control channel (" + channel.lost + ") and has not joined again within "
                        + Settlement.text(limit) + " (channel.timeout)";
                lives().giveUp(worker, why, LifeEvent.CHANNEL_TIMEOUT);
            }
        });
    }
}
