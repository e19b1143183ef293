package io.millwright.remote.wamp.internal;

import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.WorkerAnswer;
import io.millwright.controller.api.channel.ChannelHost;
import io.millwright.controller.api.channel.ChannelListener;
import io.millwright.controller.api.channel.ComponentChange;
import io.millwright.controller.api.channel.ExpectedRun;
import io.millwright.controller.api.channel.ReadyInfo;
import io.millwright.wamp.MatchPolicy;
import io.millwright.wamp.WampErrors;
import io.millwright.wamp.message.Payload;
import io.millwright.wamp.router.LocalSession;
import io.millwright.wamp.router.ProcedureCall;
import io.millwright.wamp.router.ProcedureException;
import io.millwright.wamp.router.Realm;
import io.millwright.wamp.router.SessionInfo;
import io.millwright.wamp.router.SessionTraffic;
import io.millwright.wamp.router.auth.Tickets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries the control channels of native workers: a run joins with the token of its birth line, as its own user and over the node's own
 * socket, or over one of its own if it is of another user, and gets a role that ends with it. Thread-safe; nothing blocks.
 */
final class WorkerChannels implements ChannelHost {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerChannels.class);
    private static final int LOOK_SECONDS = 1;
    private static final Pattern ID = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,62}");
    private static final int LONGEST_REASON = 1000;
    private static final Map<String, ComponentChange.State> STATES = Stream.of(ComponentChange.State.values())
            .collect(Collectors.toMap(ComponentChange.State::text, Function.identity()));
    private static final List<String> SERIALIZERS = List.of("json", "cbor", "msgpack");

    /**
     * Where a run joins.
     *
     * @param socket the path of the socket
     * @param user the number of the user that its session must be of
     */
    record Address(String socket, long user) {}

    /** Sockets of other users. */
    interface Sockets {
        /**
         * Opens one for a run.
         *
         * @throws NodeException if it cannot be
         */
        Address open(ExpectedRun run, String user);

        /** Closes the one of a run. */
        void close(ExpectedRun run);
    }

    private final String prefix;
    private final Sockets sockets;
    private final String socket;
    private final long ownUser;
    private final Realm realm;
    private final LocalSession node;
    private final WorkerCalls calls;
    private final Tickets tickets;
    private final Executor looks;
    private final AtomicBoolean looking = new AtomicBoolean();
    /** By worker: an id has one run at a time. */
    private final Map<String, WorkerChannel> channels = new ConcurrentHashMap<>();

    /**
     * Expects nobody yet.
     *
     * @param prefix the realm, and what URIs begin with
     * @param socket where workers reach it
     * @param sockets opens those of other users
     * @param ownUser the number of the node's user
     * @param tickets gets the tokens
     * @param looks runs what looks at the traffic of channels, once a second while there are any
     */
    WorkerChannels(
            String prefix,
            String socket,
            Sockets sockets,
            long ownUser,
            Realm realm,
            LocalSession node,
            Tickets tickets,
            Executor looks) {
        this.looks = CompletableFuture.delayedExecutor(LOOK_SECONDS, TimeUnit.SECONDS, looks);
        this.prefix = prefix;
        this.socket = socket;
        this.sockets = sockets;
        this.ownUser = ownUser;
        this.realm = realm;
        this.node = node;
        this.calls = new WorkerCalls(prefix, realm, node);
        this.tickets = tickets;
    }

    private String uri(ExpectedRun run, String operation) {
        return prefix + ".worker." + run.worker() + "." + operation;
    }

    @Override
    public void expect(ExpectedRun run, ChannelListener listener) {
        WorkerChannel before = channels.remove(run.worker().value());
        if (before != null) {
            end(before);
        }
        String user = run.user();
        Address address = user == null ? new Address(socket, ownUser) : sockets.open(run, user);
        WorkerChannel channel = new WorkerChannel(run, listener, address);
        channels.put(run.worker().value(), channel);
        realm.roles().put(channel.rights(prefix));
        tickets.add(channel.principal(), run.token().reveal(), address.user(), true);
        tickets.add(channel.principal(), run.rejoin().reveal(), address.user(), false);
        answer(channel, "ready", this::ready);
        answer(channel, "component_changed", this::componentChanged);
    }

    /** Answers a procedure that only the worker itself may call. */
    private void answer(WorkerChannel channel, String name, BiConsumer<WorkerChannel, ProcedureCall> told) {
        node.register(uri(channel.run, name), MatchPolicy.EXACT, call -> {
                    SessionInfo caller = call.caller();
                    if (caller == null || !caller.role().equals(channel.role())) {
                        throw new ProcedureException(
                                WampErrors.NOT_AUTHORIZED, "only the worker itself calls '" + name + "'");
                    }
                    told.accept(channel, call);
                    return CompletableFuture.completedFuture(Payload.EMPTY);
                })
                .whenComplete((handle, fault) -> {
                    if (fault instanceof ProcedureException over && over.uri().equals(WampErrors.CANCELED)) {
                        // The router goes: the run is expected again by the next one.
                        LOG.debug("{} cannot call '{}': {}", channel.run, name, fault.getMessage());
                    } else if (fault != null) {
                        LOG.error("{} cannot call '{}': {}", channel.run, name, fault.getMessage());
                    } else {
                        channel.answers(handle);
                    }
                });
    }

    @Override
    public void forget(ExpectedRun run) {
        WorkerChannel channel = channels.get(run.worker().value());
        if (channel != null
                && channel.run.equals(run)
                && channels.remove(run.worker().value(), channel)) {
            end(channel);
        }
    }

    private void end(WorkerChannel channel) {
        channel.close();
        tickets.remove(channel.run.worker().value());
        // With the role its sessions go.
        realm.roles().remove(channel.role());
        if (channel.run.user() != null) {
            sockets.close(channel.run);
        }
    }

    private void ready(WorkerChannel channel, ProcedureCall call) {
        Object info = call.payload().args().isEmpty()
                ? call.payload().kwargs()
                : call.payload().args().get(0);
        if (info != null && !(info instanceof Map)) {
            throw new ProcedureException(
                    prefix + ".error.invalid_argument",
                    "'info' must be an object with runtime, capabilities, operations");
        }
        channel.saidReady();
        Map<?, ?> said = info == null ? Map.of() : (Map<?, ?>) info;
        Object runtime = said.get("runtime");
        channel.listener.ready(ReadyInfo.of(
                runtime == null ? "" : String.valueOf(runtime),
                texts(said, "capabilities"),
                texts(said, "operations")));
    }

    private void componentChanged(WorkerChannel channel, ProcedureCall call) {
        Object first = call.payload().args().isEmpty()
                ? call.payload().kwargs()
                : call.payload().args().get(0);
        Map<?, ?> said = first instanceof Map<?, ?> map ? map : Map.of();
        ComponentChange.State state = STATES.get(said.get("state"));
        if (state == null
                || !(said.get("id") instanceof String id)
                || !ID.matcher(id).matches()) {
            throw new ProcedureException(
                    prefix + ".error.invalid_argument",
                    "what has changed must be an object with 'id', as of workers, and 'state', one of "
                            + String.join(", ", new TreeSet<>(STATES.keySet())));
        }
        Object reason = said.get("reason");
        long restarts = said.get("restarts") instanceof Number number ? number.longValue() : 0;
        ComponentChange change =
                ComponentChange.of(id, state, reason == null ? null : cut(String.valueOf(reason)), restarts);
        channel.listener.component(Boolean.TRUE.equals(said.get("again")) ? change.thatIsTriedAgain() : change);
    }

    private static String cut(String text) {
        return text.length() <= LONGEST_REASON ? text : text.substring(0, LONGEST_REASON);
    }

    private static List<String> texts(Map<?, ?> said, String key) {
        List<String> texts = new ArrayList<>();
        if (said.get(key) instanceof List<?> list) {
            list.forEach(one -> texts.add(String.valueOf(one)));
        }
        return texts;
    }

    @Override
    public CompletionStage<WorkerAnswer> call(
            ExpectedRun run, String operation, Map<String, ? extends @Nullable Object> arguments) {
        WorkerChannel channel = channels.get(run.worker().value());
        return channel != null && channel.run.equals(run)
                ? calls.call(channel, operation, arguments)
                : CompletableFuture.failedFuture(new NodeException(
                        ErrorCode.WORKER_NOT_RUNNING,
                        "worker '" + run.worker() + "' was not asked for '" + operation + "': it has ended"));
    }

    @Override
    public Map<String, ? extends @Nullable Object> address(ExpectedRun run) {
        WorkerChannel channel = channels.get(run.worker().value());
        String where = channel == null ? socket : channel.address.socket();
        return Map.of("realm", prefix, "prefix", prefix, "socket", where, "serializers", SERIALIZERS);
    }

    private @Nullable WorkerChannel of(SessionInfo session) {
        WorkerChannel channel = channels.get(session.authid());
        return channel != null && channel.role().equals(session.role()) ? channel : null;
    }

    /** A session has joined; it may be that of a worker. */
    void joined(SessionInfo session) {
        WorkerChannel channel = of(session);
        if (channel != null) {
            channel.joined(session.id());
            channel.listener.up(Long.toString(session.id()));
            look();
        }
    }

    /** Looks at the traffic of the channels soon, and again as long as one is up. */
    private void look() {
        if (looking.compareAndSet(false, true)) {
            looks.execute(() -> realm.traffic().whenComplete((all, fault) -> {
                looking.set(false);
                if (fault == null) {
                    all.forEach(this::tell);
                    if (channels.values().stream().anyMatch(WorkerChannel::isUp)) {
                        look();
                    }
                }
            }));
        }
    }

    private void tell(SessionTraffic traffic) {
        WorkerChannel channel = of(traffic.session());
        if (channel != null) {
            channel.tell(traffic);
        }
    }

    /** A session has left; it may be that of a worker. */
    void left(SessionInfo session, String why) {
        WorkerChannel channel = of(session);
        if (channel != null && channel.left(session.id())) {
            channel.listener.lost(why);
        }
    }
}
