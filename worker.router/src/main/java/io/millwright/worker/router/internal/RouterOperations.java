package io.millwright.worker.router.internal;

import io.millwright.controller.api.Problem;
import io.millwright.controller.api.worker.OptionDefinition;
import io.millwright.controller.api.worker.OptionValues;
import io.millwright.options.Checked;
import io.millwright.options.Masking;
import io.millwright.options.OptionChecker;
import io.millwright.wamp.WampErrorException;
import io.millwright.wamp.WampErrors;
import io.millwright.wamp.WampProtocolException;
import io.millwright.wamp.client.Procedure;
import io.millwright.wamp.client.ProcedureCall;
import io.millwright.wamp.net.ListenerInfo;
import io.millwright.wamp.router.SessionInfo;
import io.millwright.wamp.router.SessionTraffic;
import io.millwright.worker.router.options.RouterCheck;
import io.millwright.worker.router.options.RouterOptions;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a router worker offers as procedures: the reference system's names, and {@code configure} for the node. Thread-safe. */
public final class RouterOperations {
    private static final List<OptionDefinition> REALM = members(RouterOptions.definitions(), RouterOptions.REALMS);
    private static final List<OptionDefinition> ROLE = members(REALM, RouterOptions.ROLES);
    private static final List<OptionDefinition> TRANSPORT =
            members(RouterOptions.definitions(), RouterOptions.TRANSPORTS);

    private static final String LIMITS = "limits.";

    private final AppRouter router;

    /** Of a router. */
    public RouterOperations(AppRouter router) {
        this.router = router;
    }

    private static List<OptionDefinition> members(List<OptionDefinition> all, String key) {
        return all.stream()
                .filter(option -> option.key().equals(key))
                .findFirst()
                .orElseThrow()
                .members();
    }

    /** An operation, in a turn of the router. */
    private interface Operation {
        @Nullable
        Object of(ProcedureCall call) throws Exception;
    }

    /**
     * Starts what the worker's options say. Blocks until it is there.
     *
     * @param options those of the worker's type, by their keys
     * @throws IllegalStateException if something of it cannot be, with a sentence
     */
    public void begin(Map<String, ? extends @Nullable Object> options) {
        OptionValues values;
        try {
            values = all(options);
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
        List<String> faults = router.turn(() -> router.configure(values)).join();
        if (!faults.isEmpty()) {
            throw new IllegalStateException(String.join("; ", faults));
        }
    }

    /** Registers them all. */
    public void register(BiConsumer<String, Procedure> target) {
        Map<String, Operation> all = new LinkedHashMap<>();
        all.put("configure", call -> configure(object(call, 0, "options")));
        all.put("get_router_realms", call -> List.copyOf(router.realms().keySet()));
        all.put("get_router_realm", call -> {
            AppRealm realm = router.realm(text(call, 0, "realm_id"));
            Map<String, Object> shown = realm(realm);
            return Figures.of(realm).thenApply(figures -> {
                shown.put("figures", figures);
                return shown;
            });
        });
        all.put("start_router_realm", this::startRealm);
        all.put("stop_router_realm", call -> {
            router.stopRealm(text(call, 0, "realm_id"));
            return null;
        });
        all.put(
                "get_router_realm_roles",
                call -> List.copyOf(
                        router.realm(text(call, 0, "realm_id")).roles().keySet()));
        all.put("start_router_realm_role", this::startRole);
        all.put("stop_router_realm_role", this::stopRole);
        all.put("get_router_transports", call -> List.copyOf(router.transports().keySet()));
        all.put("get_router_transport", call -> transport(router.transport(text(call, 0, "transport_id"))));
        all.put("start_router_transport", this::startTransport);
        all.put("stop_router_transport", call -> {
            router.stopTransport(text(call, 0, "transport_id"));
            return null;
        });
        all.put("kill_by_authid", this::kill);
        all.put("get_sessions", this::sessions);
        all.put("get_router", call -> info());
        all.put("figures", call -> Figures.of(router));
        all.forEach((name, operation) -> target.accept(name, call -> inTurn(call, operation)));
    }

    /** The answer of an operation, which may be a stage itself. */
    private CompletableFuture<@Nullable Object> inTurn(ProcedureCall call, Operation operation) {
        return router.turn(() -> {
                    try {
                        return operation.of(call);
                    } catch (IllegalArgumentException | WampProtocolException e) {
                        throw new WampErrorException(WampErrors.INVALID_ARGUMENT, String.valueOf(e.getMessage()));
                    } catch (IllegalStateException e) {
                        throw new WampErrorException(WampErrors.RUNTIME_ERROR, String.valueOf(e.getMessage()));
                    }
                })
                .thenCompose(answer -> answer instanceof CompletableFuture<?> later
                        ? later.thenApply(value -> (Object) value)
                        : CompletableFuture.completedFuture(answer))
                .exceptionally(fault -> {
                    throw fault instanceof CompletionException wrapped ? wrapped : new CompletionException(fault);
                });
    }

    private @Nullable Object configure(Map<String, Object> options) {
        List<String> faults = router.configure(all(options));
        if (!faults.isEmpty()) {
            throw new IllegalStateException(String.join("; ", faults));
        }
        return null;
    }

    /** Those of the router; what else a JVM's worker has is not its concern. */
    private static OptionValues all(Map<String, ? extends @Nullable Object> options) {
        Map<String, @Nullable Object> own = new LinkedHashMap<>();
        options.forEach((key, value) -> {
            if (key.startsWith(RouterOptions.REALMS) || key.startsWith(RouterOptions.TRANSPORTS)) {
                own.put(key, value);
            }
        });
        OptionValues values = checked(RouterOptions.definitions(), own);
        refuse(RouterCheck.of(values));
        return values;
    }

    private static OptionValues checked(
            List<OptionDefinition> definitions, Map<String, ? extends @Nullable Object> options) {
        Checked checked = new OptionChecker(definitions, System::getenv).check(options);
        refuse(checked.problems());
        return checked.values();
    }

    private static void refuse(List<Problem> problems) {
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(
                    problems.stream().map(Problem::toString).collect(Collectors.joining("; ")));
        }
    }

    /** The options of one element, with all that is wrong with it in its place. */
    private static OptionValues one(
            String group, String id, List<OptionDefinition> definitions, Map<String, Object> config) {
        all(Map.of(group, Map.of(id, config)));
        return checked(definitions, config);
    }

    private @Nullable Object startRealm(ProcedureCall call) {
        String id = text(call, 0, "realm_id");
        router.startRealm(id, one(RouterOptions.REALMS, id, REALM, object(call, 1, "realm_config")));
        return realm(router.realm(id));
    }

    private @Nullable Object startRole(ProcedureCall call) {
        AppRealm realm = router.realm(text(call, 0, "realm_id"));
        String role = text(call, 1, "role_id");
        if (realm.roles().containsKey(role)) {
            throw new IllegalStateException("realm '" + realm.id + "' has a role '" + role + "' already");
        }
        Map<String, Object> config = object(call, 2, "role_config");
        all(Map.of(RouterOptions.REALMS, Map.of(realm.id, Map.of(RouterOptions.ROLES, Map.of(role, config)))));
        realm.put(role, checked(ROLE, config));
        return null;
    }

    private @Nullable Object stopRole(ProcedureCall call) {
        AppRealm realm = router.realm(text(call, 0, "realm_id"));
        String role = text(call, 1, "role_id");
        if (!realm.roles().containsKey(role)) {
            throw new IllegalArgumentException("realm '" + realm.id + "' has no role '" + role + "'");
        }
        realm.remove(role);
        return null;
    }

    private @Nullable Object startTransport(ProcedureCall call) {
        String id = text(call, 0, "transport_id");
        router.startTransport(id, one(RouterOptions.TRANSPORTS, id, TRANSPORT, object(call, 1, "config")));
        return transport(router.transport(id));
    }

    private @Nullable Object kill(ProcedureCall call) {
        AppRealm realm = router.realm(text(call, 0, "realm_id"));
        String authid = text(call, 1, "authid");
        String reason = maybe(call, 2, "reason");
        String message = maybe(call, 3, "message");
        return realm.realm
                .end(
                        authid,
                        reason == null ? WampErrors.CLOSE_KILLED : reason,
                        message == null ? "ended by an operator" : message)
                .toCompletableFuture();
    }

    private @Nullable Object sessions(ProcedureCall call) {
        String only = maybe(call, 0, "realm_id");
        List<AppRealm> realms = only == null ? List.copyOf(router.realms().values()) : List.of(router.realm(only));
        CompletableFuture<List<Object>> all = CompletableFuture.completedFuture(new ArrayList<>());
        for (AppRealm realm : realms) {
            all = all.thenCombine(realm.realm.traffic(), (list, traffic) -> {
                traffic.forEach(one -> list.add(session(realm.id, one)));
                return list;
            });
        }
        return all;
    }

    private static Map<String, Object> session(String realm, SessionTraffic traffic) {
        SessionInfo session = traffic.session();
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("realm", realm);
        shown.putAll(session.details(true));
        shown.put("joined", session.joined().toString());
        shown.put("received", traffic.received());
        shown.put("sent", traffic.sent());
        shown.put("lost", traffic.lost());
        shown.put("refused", traffic.refused());
        shown.put("queued_bytes", traffic.queuedBytes());
        return shown;
    }

    private static Map<String, Object> realm(AppRealm realm) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("id", realm.id);
        shown.put("name", realm.realm.name());
        Map<String, Object> roles = new LinkedHashMap<>();
        realm.roles().forEach((name, options) -> roles.put(name, Masking.display(ROLE, options)));
        shown.put("roles", roles);
        Map<String, Object> limits = new LinkedHashMap<>();
        Masking.display(REALM, realm.options()).forEach((key, value) -> {
            if (key.startsWith(LIMITS)) {
                limits.put(key.substring(LIMITS.length()), value);
            }
        });
        shown.put("limits", limits);
        return shown;
    }

    private Map<String, @Nullable Object> transport(AppTransport transport) {
        Map<String, @Nullable Object> shown = new LinkedHashMap<>();
        shown.put("id", transport.id);
        shown.put("state", transport.error == null ? "started" : "failed");
        shown.put("since", transport.since.truncatedTo(ChronoUnit.MILLIS).toString());
        shown.put("error", transport.error);
        for (ListenerInfo info : router.listening()) {
            if (info.config().name().equals(transport.id)) {
                shown.put("address", address(info.address()));
                shown.put("connections", info.connections());
                shown.put("waiting", info.waiting());
                shown.put("taken", info.taken());
                shown.put("refused", info.refused());
                shown.put("trouble", info.trouble().isEmpty() ? null : info.trouble());
                Instant ends = info.certificateEnds();
                shown.put("certificate_ends", ends == null ? null : ends.toString());
            }
        }
        shown.put("options", Masking.display(TRANSPORT, transport.options));
        return shown;
    }

    private static String address(SocketAddress address) {
        return address instanceof InetSocketAddress tcp
                ? tcp.getAddress().getHostAddress() + ":" + tcp.getPort()
                : String.valueOf(address);
    }

    private Map<String, Object> info() {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("realms", List.copyOf(router.realms().keySet()));
        shown.put("transports", List.copyOf(router.transports().keySet()));
        shown.putAll(Figures.counts(router));
        return shown;
    }

    private static String text(ProcedureCall call, int index, String name) {
        String text = maybe(call, index, name);
        if (text == null) {
            throw new IllegalArgumentException("'" + name + "' is missing");
        }
        return text;
    }

    private static @Nullable String maybe(ProcedureCall call, int index, String name) {
        String named = call.kwarg(name, String.class);
        return named != null ? named : call.arg(index, String.class);
    }

    @SuppressWarnings("unchecked") // the keys of an object are texts
    private static Map<String, Object> object(ProcedureCall call, int index, String name) {
        Map<?, ?> named = call.kwarg(name, Map.class);
        Map<?, ?> found = named != null ? named : call.arg(index, Map.class);
        if (found == null) {
            throw new IllegalArgumentException("'" + name + "', an object, is missing");
        }
        return (Map<String, Object>) found;
    }
}
