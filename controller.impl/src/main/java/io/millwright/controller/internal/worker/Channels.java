package io.millwright.controller.internal.worker;

import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.channel.ChannelHost;
import io.millwright.controller.api.channel.ChannelListener;
import io.millwright.controller.api.channel.ChannelTraffic;
import io.millwright.controller.api.channel.ComponentChange;
import io.millwright.controller.api.channel.ExpectedRun;
import io.millwright.controller.api.channel.ReadyInfo;
import io.millwright.controller.internal.launch.Admission;
import io.millwright.controller.internal.launch.BirthLine;
import io.millwright.controller.internal.launch.Planner;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The control channels of native workers: tells the channel host which runs to expect and which to forget, and brings what the host tells
 * to the workers. Runs in the controller loop; the host is called elsewhere.
 */
public final class Channels {
    /** Why a native worker waits. */
    static final String NO_HOST = "no bundle carries control channels now";

    private static final Logger LOG = LoggerFactory.getLogger(Channels.class);
    /** What is called, for messages. */
    static final String HOST = "the host of the control channels";

    private static final String ROUTER_GONE = "their router has gone";

    /** Calls the host, away from the loop and in bounded time. */
    public interface Calls {
        /**
         * Calls it.
         *
         * @param what what is called, for messages
         * @param call the code
         * @param <T> its result
         * @return completed with the result, or with what went wrong
         */
        <T> CompletableFuture<T> call(String what, Callable<T> call);
    }

    /** What a change of a channel does to the life of its worker. */
    interface Lives {
        /** An event happened to a worker. */
        void fire(Worker worker, LifeEvent event);

        /**
         * A worker says what has become of one of its components.
         *
         * @param told whether it is an event; of a worker that says too much only what is so in the end is known
         */
        void component(Worker worker, ComponentChange change, boolean told);

        /** The node ends a run that nobody has asked to end. */
        void giveUp(Worker worker, String why, LifeEvent event);

        /** Runs a task after the event that is being taken. */
        void afterEvent(Runnable task);
    }

    private final ControllerLoop loop;
    private final Registry registry;
    private final ChannelCredentials credentials;
    private final SerialCalls serial;
    private final ChannelOperations operations;
    private final ChannelLife life;

    private @Nullable ChannelHost host;

    /**
     * Channels without a host.
     *
     * @param planner has a type prepare what changes in place
     * @param calls calls the host
     * @param runNumbers gives each run a number that never repeats
     * @param node what birth lines say of the node
     */
    public Channels(
            ControllerLoop loop,
            Registry registry,
            Planner planner,
            Calls calls,
            LongSupplier runNumbers,
            Supplier<BirthLine.NodeFacts> node) {
        this.loop = loop;
        this.registry = registry;
        credentials = new ChannelCredentials(registry, runNumbers, node);
        serial = new SerialCalls(calls);
        operations = new ChannelOperations(loop, planner, calls);
        life = new ChannelLife(loop, this::hasHost);
    }

    void setLives(Lives next) {
        life.setLives(next);
    }

    /** What runs are asked for over their channels. */
    public ChannelOperations operations() {
        return operations;
    }

    /** Whether native workers can be started now. */
    public boolean hasHost() {
        return host != null;
    }

    /** A host came, another one serves, or there is none any more: it is told of all runs that live. */
    public void setHost(@Nullable ChannelHost next) {
        ChannelHost before = host;
        if (next == before) {
            return;
        }
        host = next;
        for (Worker worker : registry.all()) {
            Run run = worker.run;
            Channel channel = run == null ? null : run.channel;
            if (run == null || channel == null || channel.host == null) {
                continue;
            }
            if (before != null && next != null) {
                tellToForget(worker, channel);
            }
            channel.listener = null;
            if (channel.isUp()) {
                channel.lost(ROUTER_GONE, loop.now());
                ChannelOperations.failAll(worker.id, channel, ErrorCode.FEATURE_UNAVAILABLE, ROUTER_GONE);
            }
            if (next == null) {
                channel.waitNoLonger();
            } else {
                expectAgain(worker, run, channel, next);
                life.awaitReturn(worker, run, channel);
            }
            worker.publishView();
        }
    }

    /**
     * Has the host expect a run that is to be launched.
     *
     * @return completed, on any thread, with the run's birth line; exceptionally if the host does not take the run
     */
    CompletableFuture<byte[]> expect(Worker worker, Run run, Admission.Planned plan) {
        ChannelHost present = host;
        if (present == null) {
            return CompletableFuture.failedFuture(new IllegalStateException(NO_HOST));
        }
        Channel channel = credentials.channel(worker, plan, loop.now());
        run.channel = channel;
        Function<Map<String, ? extends @Nullable Object>, byte[]> birthLine =
                credentials.birthLine(worker, channel, plan);
        return expect(worker, run, channel, present).thenApply(birthLine);
    }

    private CompletableFuture<Map<String, ? extends @Nullable Object>> expect(
            Worker worker, Run run, Channel channel, ChannelHost present) {
        Ear ear = new Ear(worker, run, channel);
        channel.listener = ear;
        channel.host = present;
        ExpectedRun expected = channel.expected;
        return serial.call(worker, () -> {
            present.expect(expected, ear);
            return present.address(expected);
        });
    }

    private void expectAgain(Worker worker, Run run, Channel channel, ChannelHost present) {
        expect(worker, run, channel, present).exceptionally(fault -> {
            LOG.error("worker {} cannot join again: {}", worker.id, fault.toString());
            return Map.of();
        });
    }

    /** A run has ended, or will never be launched: nothing gets in as it any more. */
    void forget(Worker worker, Run run) {
        Channel channel = run.channel;
        if (channel == null) {
            return;
        }
        channel.startIsOver();
        channel.waitNoLonger();
        channel.listener = null;
        channel.session = null;
        channel.lost = null;
        channel.since = loop.now();
        ChannelOperations.failAll(worker.id, channel, ErrorCode.WORKER_NOT_RUNNING, "it has ended");
        if (channel.host == host) {
            tellToForget(worker, channel);
        }
        channel.host = null;
    }

    private void tellToForget(Worker worker, Channel channel) {
        ChannelHost told = channel.host;
        ExpectedRun expected = channel.expected;
        if (told != null) {
            serial.call(worker, () -> {
                        told.forget(expected);
                        return true;
                    })
                    .exceptionally(fault -> {
                        LOG.error("{} could not be forgotten: {}", expected, fault.toString());
                        return false;
                    });
        }
    }

    /** The process of a run is there: begins to wait until it is ready. */
    void awaitReady(Worker worker, Run run, Channel channel) {
        life.awaitReady(worker, run, channel);
    }

    /**
     * Blocks until the host was told all that it is to be told, which is quick; when the loop has ended.
     *
     * @param most how long at most
     */
    public void finish(Duration most) {
        serial.finish(most);
    }

    /** Brings what a host tells of one run into the loop. */
    private final class Ear implements ChannelListener {
        private final Worker worker;
        private final Run run;
        private final Channel channel;

        Ear(Worker worker, Run run, Channel channel) {
            this.worker = worker;
            this.run = run;
            this.channel = channel;
        }

        private void hear(Runnable change) {
            loop.execute(() -> {
                if (channel.listener == this) {
                    change.run();
                    worker.publishView();
                }
            });
        }

        @Override
        public void up(String session) {
            loop.execute(this::tokenIsSpent);
            hear(() -> {
                channel.up(session, loop.now());
                life.progress(worker, run, channel);
                operations.tellOptions(worker);
            });
        }

        /** The token is spent for every host, be it one that has come before this was told. */
        private void tokenIsSpent() {
            if (channel.tokenSpent) {
                return;
            }
            channel.tokenSpent = true;
            credentials.renewToken(channel);
            ChannelHost present = host;
            if (channel.listener != null && channel.listener != this && present != null) {
                expectAgain(worker, run, channel, present);
            }
        }

        @Override
        public void ready(ReadyInfo info) {
            hear(() -> {
                channel.ready = info;
                life.progress(worker, run, channel);
                operations.tellOptions(worker);
            });
        }

        @Override
        public void component(ComponentChange change) {
            hear(() -> life.component(worker, channel, change));
        }

        @Override
        public void lost(String reason) {
            hear(() -> {
                channel.lost(reason, loop.now());
                life.awaitReturn(worker, run, channel);
            });
        }

        @Override
        public void traffic(ChannelTraffic received, ChannelTraffic sent) {
            hear(() -> {
                channel.received = received;
                channel.sent = sent;
            });
        }
    }
}
