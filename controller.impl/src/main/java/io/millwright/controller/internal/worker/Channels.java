package io.millwright.controller.internal.worker;

import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.WorkerAnswer;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.api.channel.ChannelHost;
import io.millwright.controller.api.channel.ChannelListener;
import io.millwright.controller.api.channel.ChannelTraffic;
import io.millwright.controller.api.channel.ComponentChange;
import io.millwright.controller.api.channel.Credentials;
import io.millwright.controller.api.channel.ExpectedRun;
import io.millwright.controller.api.channel.ReadyInfo;
import io.millwright.controller.api.worker.OptionValues;
import io.millwright.controller.internal.launch.Admission;
import io.millwright.controller.internal.launch.BirthLine;
import io.millwright.controller.internal.launch.Introductions;
import io.millwright.controller.internal.launch.Planner;
import io.millwright.controller.internal.options.IdentityOptions;
import io.millwright.controller.internal.options.NativeOptions;
import io.millwright.controller.internal.options.ProbeOptions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The control channels of native workers: makes the credentials of each run, tells the channel host which runs to expect and which to
 * forget, and brings what the host tells to the workers. Runs in the controller loop; the host is called elsewhere.
 */
public final class Channels {
    /** Why a native worker waits. */
    static final String NO_HOST = "no bundle carries control channels now";

    private static final Logger LOG = LoggerFactory.getLogger(Channels.class);
    private static final String HOST = "the host of the control channels";
    private static final String ROUTER_GONE = "their router has gone";
    private static final String CONFIGURE = "configure";
    private static final int SECRET_BYTES = 32;
    private static final int MARK_BYTES = 9;

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
    private final Planner planner;
    private final Calls calls;
    private final LongSupplier runNumbers;
    private final Supplier<BirthLine.NodeFacts> node;
    /** What the host is being told. */
    private final Set<CompletableFuture<?>> underWay = ConcurrentHashMap.newKeySet();

    private @Nullable Lives lives;
    private @Nullable ChannelHost host;
    private @Nullable SecureRandom random;
    private @Nullable Introductions introductions;

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
        this.planner = planner;
        this.calls = calls;
        this.runNumbers = runNumbers;
        this.node = node;
    }

    void setLives(Lives next) {
        this.lives = next;
    }

    private Lives lives() {
        return Objects.requireNonNull(lives, "the node is not put together");
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
                failCalls(worker.id, channel, ROUTER_GONE);
            }
            if (next == null) {
                channel.waitNoLonger();
            } else {
                expectAgain(worker, run, channel, next);
                awaitReturn(worker, run, channel);
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
        long number = runNumbers.getAsLong();
        Credentials token = Credentials.of(secret(SECRET_BYTES));
        Channel channel = new Channel(
                expected(worker, number, token, Credentials.of(secret(SECRET_BYTES)), plan.options()),
                "@" + secret(MARK_BYTES) + " ",
                loop.now(),
                plan.own(),
                BirthLine.own(plan.own(), plan.options()));
        run.channel = channel;
        String type = worker.definition.spec.type();
        BirthLine.NodeFacts facts = node.get();
        Map<String, @Nullable Object> introduced =
                introductions().of(facts.directory(), worker.id, number, plan.options());
        return expect(worker, run, channel, present)
                .thenApply(address -> BirthLine.of(
                        facts,
                        worker.id,
                        channel.expected.group(),
                        type,
                        number,
                        address,
                        token.reveal(),
                        introduced,
                        channel.mark,
                        plan));
    }

    private Introductions introductions() {
        if (introductions == null) {
            introductions = new Introductions(secret(SECRET_BYTES));
        }
        return introductions;
    }

    private ExpectedRun expected(
            Worker worker, long number, Credentials token, Credentials rejoin, OptionValues options) {
        return ExpectedRun.builder(worker.id, worker.definition.spec.type(), number, token, rejoin)
                .user(IdentityOptions.value(options, IdentityOptions.USER))
                .controllerExposed(options.flag(NativeOptions.EXPOSE_CONTROLLER))
                .group(group(worker))
                .build();
    }

    private @Nullable String group(Worker worker) {
        Groups.Group group = registry.groups.of(worker.id);
        return group == null ? null : group.id().value();
    }

    private String secret(int length) {
        if (random == null) {
            random = new SecureRandom();
        }
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private CompletableFuture<Map<String, ? extends @Nullable Object>> expect(
            Worker worker, Run run, Channel channel, ChannelHost present) {
        Ear ear = new Ear(worker, run, channel);
        channel.listener = ear;
        channel.host = present;
        ExpectedRun expected = channel.expected;
        return inOrder(worker, () -> {
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
        failCalls(worker.id, channel, "it has ended");
        if (channel.host == host) {
            tellToForget(worker, channel);
        }
        channel.host = null;
    }

    private void tellToForget(Worker worker, Channel channel) {
        ChannelHost told = channel.host;
        ExpectedRun expected = channel.expected;
        if (told != null) {
            inOrder(worker, () -> {
                        told.forget(expected);
                        return true;
                    })
                    .exceptionally(fault -> {
                        LOG.error("{} could not be forgotten: {}", expected, fault.toString());
                        return false;
                    });
        }
    }

    /** Calls the host once what it was told of the worker before is done, well or not. */
    private <T> CompletableFuture<T> inOrder(Worker worker, Callable<T> call) {
        CompletableFuture<T> next =
                worker.told.handle((done, fault) -> true).thenCompose(before -> calls.call(HOST, call));
        worker.told = next;
        underWay.add(next);
        next.whenComplete((done, fault) -> underWay.remove(next));
        return next;
    }

    /**
     * Calls an operation that a run offers.
     *
     * @return completed with the answer or a {@link NodeException}, on any thread
     * @throws NodeException if it cannot be asked
     */
    public CompletableFuture<WorkerAnswer> call(
            WorkerId id, Channel channel, String operation, Map<String, ? extends @Nullable Object> arguments) {
        ReadyInfo ready = channel.ready;
        String why = ready == null
                ? "it is not ready yet"
                : !channel.isUp()
                        ? "its control channel is lost: " + channel.lost
                        : ready.operations().contains(operation) ? null : "it does not offer it; " + offers(ready);
        if (why != null) {
            throw unavailable(id, operation, why);
        }
        return ask(id, channel, operation, arguments);
    }

    private static String offers(ReadyInfo ready) {
        return ready.operations().isEmpty()
                ? "it offers no operation"
                : "it offers " + String.join(", ", ready.operations());
    }

    private static NodeException unavailable(WorkerId id, String operation, String why) {
        return new NodeException(
                ErrorCode.FEATURE_UNAVAILABLE, "worker '" + id + "' cannot be asked for '" + operation + "': " + why);
    }

    /** Asks a run to end itself; the channel is up. */
    CompletableFuture<WorkerAnswer> shutDown(Worker worker, Channel channel) {
        return ask(worker.id, channel, "shutdown", Map.of());
    }

    /**
     * Tells a run of options of its type that have changed in place, if it is ready and offers {@code configure}: when its type has planned
     * with them, or as soon as its channel is up again.
     */
    public void tellOptions(Worker worker) {
        Run run = worker.run;
        Channel channel = run == null ? null : run.channel;
        OptionValues options = worker.options;
        if (run == null
                || channel == null
                || options == null
                || channel.telling
                || !channel.isUp()
                || !offers(channel, CONFIGURE)) {
            return;
        }
        Map<String, @Nullable Object> now = BirthLine.own(channel.own, options);
        if (now.equals(channel.told)) {
            return;
        }
        channel.telling = true;
        // Its type prepares what they name, as for a start. What is wrong with them the worker says itself.
        planner.admit(worker.definition.spec)
                .whenComplete((admission, fault) -> loop.execute(() -> tell(worker, run, channel, now)));
    }

    private void tell(Worker worker, Run run, Channel channel, Map<String, @Nullable Object> now) {
        if (worker.run != run || !channel.isUp()) {
            channel.telling = false;
            return;
        }
        ask(worker.id, channel, CONFIGURE, Map.of("options", now)).whenComplete((answer, fault) -> {
            channel.telling = false;
            boolean lost = fault != null && !channel.isUp();
            if (!lost) {
                channel.told = now;
            }
            if (fault != null && !lost && worker.run == run) {
                LOG.error(
                        "worker {}: what is changed in place was not taken: {}", worker.id, RunLauncher.message(fault));
                worker.reason = "what is changed in place was not taken: " + RunLauncher.message(fault);
                worker.publishView();
            }
            tellOptions(worker);
        });
    }

    private static boolean offers(Channel channel, String operation) {
        ReadyInfo ready = channel.ready;
        return ready != null && ready.operations().contains(operation);
    }

    private CompletableFuture<WorkerAnswer> ask(
            WorkerId id, Channel channel, String operation, Map<String, ? extends @Nullable Object> arguments) {
        CompletableFuture<WorkerAnswer> result = new CompletableFuture<>();
        ChannelHost asked = channel.host;
        if (asked == null) {
            result.completeExceptionally(unavailable(id, operation, NO_HOST));
            return result;
        }
        channel.calls.add(result);
        ExpectedRun run = channel.expected;
        calls.call(HOST, () -> asked.call(run, operation, arguments))
                .thenCompose(answer -> answer)
                .whenComplete((answer, fault) -> loop.execute(() -> {
                    channel.calls.remove(result);
                    if (fault == null) {
                        result.complete(answer);
                    } else {
                        result.completeExceptionally(failure(id, operation, fault));
                    }
                }));
        return result;
    }

    private static NodeException failure(WorkerId id, String operation, Throwable fault) {
        Throwable cause = fault instanceof CompletionException && fault.getCause() != null ? fault.getCause() : fault;
        return cause instanceof NodeException known
                ? known
                : new NodeException(
                        ErrorCode.INTERNAL, "worker '" + id + "' could not be asked for '" + operation + "': " + cause);
    }

    /** Calls whose answers cannot come any more are answered. */
    private static void failCalls(WorkerId id, Channel channel, String why) {
        List<CompletableFuture<WorkerAnswer>> open = List.copyOf(channel.calls);
        channel.calls.clear();
        NodeException lost = new NodeException(ErrorCode.INTERNAL, "worker '" + id + "' has not answered: " + why);
        open.forEach(call -> call.completeExceptionally(lost));
    }

    /**
     * Blocks until the host was told all that it is to be told, which is quick; when the loop has ended.
     *
     * @param most how long at most
     */
    public void finish(Duration most) {
        try {
            CompletableFuture.allOf(underWay.toArray(CompletableFuture[]::new))
                    .handle((done, fault) -> true)
                    .get(most.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("{} was not told of all runs that have ended: {}", HOST, e.toString());
        }
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
                + (host == null ? "; " + NO_HOST : "");
    }

    /** A run may have joined, or even be ready, before its process was told. */
    private void progress(Worker worker, Run run, Channel channel) {
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
    private void awaitReturn(Worker worker, Run run, Channel channel) {
        channel.waitNoLonger();
        if (worker.state != WorkerState.STARTED || channel.isUp() || host == null || run.mainExit != null) {
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
                progress(worker, run, channel);
                tellOptions(worker);
            });
        }

        /** The token is spent for every host, be it one that has come before this was told. */
        private void tokenIsSpent() {
            if (channel.tokenSpent) {
                return;
            }
            channel.tokenSpent = true;
            channel.expected = channel.expected.withToken(Credentials.of(secret(SECRET_BYTES)));
            ChannelHost present = host;
            if (channel.listener != null && channel.listener != this && present != null) {
                expectAgain(worker, run, channel, present);
            }
        }

        @Override
        public void ready(ReadyInfo info) {
            hear(() -> {
                channel.ready = info;
                progress(worker, run, channel);
                tellOptions(worker);
            });
        }

        @Override
        public void component(ComponentChange change) {
            hear(() -> {
                lives().component(worker, change, channel.maySay(loop.now()));
            });
        }

        @Override
        public void lost(String reason) {
            hear(() -> {
                channel.lost(reason, loop.now());
                awaitReturn(worker, run, channel);
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
