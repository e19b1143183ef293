package io.millwright.worker.router.internal;

import io.millwright.controller.api.worker.OptionValues;
import io.millwright.wamp.WampErrors;
import io.millwright.wamp.WampProtocolException;
import io.millwright.wamp.net.ListenerConfig;
import io.millwright.wamp.net.ListenerInfo;
import io.millwright.wamp.net.Listeners;
import io.millwright.wamp.router.Authenticator;
import io.millwright.wamp.router.Principal;
import io.millwright.wamp.router.SessionInfo;
import io.millwright.wamp.router.auth.TicketAuthenticator;
import io.millwright.worker.router.options.RouterOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A router for applications: realms with roles, and transports, each of which comes, changes and goes without a session of another one
 * noticing. Its methods but {@link #turn} and {@link #close} are called in a turn: one after the other, in one thread.
 */
public final class AppRouter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AppRouter.class);
    private static final long GRACE_SECONDS = 5;
    /** No transport of a configuration has such a name. */
    private static final String WORKERS = "@workers";

    final SessionLog log = new SessionLog();
    private final Path directory;
    private final Introduction introduction;
    private final BiConsumer<String, Object> events;
    private final Listeners listeners;
    private final ExecutorService turns;
    private final TreeMap<String, AppRealm> realms = new TreeMap<>();
    private final TreeMap<String, AppTransport> transports = new TreeMap<>();
    private final Elements configuredRealms = new Realms();
    private final Elements configuredTransports = new Transports();
    /** What was configured last; what was started beside it is not in it. */
    private OptionValues configured = new OptionValues(Map.of(), Set.of());

    /**
     * A router without realms and transports.
     *
     * @param directory what relative paths begin at
     * @param introduction knows the workers of the node
     * @param events takes topics and what is to be told of realms and transports that come and go; must not block
     * @throws IOException if the system has no selector for it
     */
    public AppRouter(Path directory, Introduction introduction, BiConsumer<String, Object> events) throws IOException {
        this.directory = directory;
        this.introduction = introduction;
        this.events = events;
        listeners = Listeners.open("Millwright", log);
        turns = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, "router-changes");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Finds the role that the node has given one of its workers; {@code null} if the ticket is not of the node. Must not block. */
    public interface Introduction {
        /** The role. */
        @Nullable
        String role(String realm, String worker, String ticket);
    }

    /**
     * Lets in workers of the node, by a socket of their own. Blocks until it is there; if it cannot be, that is in the log, and applications
     * come in all the same.
     */
    public void openToWorkers(Path socket) {
        try {
            listeners.add(ListenerConfig.unix(WORKERS, socket));
        } catch (IOException e) {
            LOG.error("workers of the node cannot connect: {}", e.getMessage());
        }
    }

    private @Nullable Principal worker(String realm, String authid, String ticket) {
        String role = introduction.role(realm, authid, ticket);
        return role == null ? null : Principal.of(authid, role).withProvider("node");
    }

    /** Runs code in a turn of its own. */
    <T extends @Nullable Object> CompletableFuture<T> turn(Callable<T> code) {
        CompletableFuture<T> result = new CompletableFuture<>();
        turns.execute(() -> {
            try {
                result.complete(code.call());
            } catch (Throwable e) { // a caller that waits gets an answer, whatever it is
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    Map<String, AppRealm> realms() {
        return realms;
    }

    Map<String, AppTransport> transports() {
        return transports;
    }

    AppRealm realm(String id) {
        AppRealm realm = realms.get(id);
        if (realm == null) {
            throw new IllegalArgumentException("there is no realm '" + id + "'" + known(realms));
        }
        return realm;
    }

    AppTransport transport(String id) {
        AppTransport transport = transports.get(id);
        if (transport == null) {
            throw new IllegalArgumentException("there is no transport '" + id + "'" + known(transports));
        }
        return transport;
    }

    private static String known(Map<String, ?> all) {
        return all.isEmpty() ? "" : "; there are " + String.join(", ", all.keySet());
    }

    /**
     * Takes a new configuration: what it has and the last one had is left as it is, what differs is changed, one by one.
     *
     * @return what could not be done, in sentences
     */
    List<String> configure(OptionValues next) {
        OptionValues before = configured;
        configured = next;
        List<String> faults = new ArrayList<>();
        configuredRealms.configure(before.objects(RouterOptions.REALMS), next.objects(RouterOptions.REALMS), faults);
        configuredTransports.configure(
                before.objects(RouterOptions.TRANSPORTS), next.objects(RouterOptions.TRANSPORTS), faults);
        return faults;
    }

    private final class Realms extends Elements {
        @Override
        boolean isThere(String id) {
            return realms.containsKey(id);
        }

        @Override
        boolean canChange(String id, @Nullable OptionValues before, OptionValues after) {
            return before != null && AppRealm.name(id, before).equals(AppRealm.name(id, after));
        }

        @Override
        void stop(String id) {
            stopRealm(id);
        }

        @Override
        void change(String id, @Nullable OptionValues before, OptionValues after) {
            realm(id).change(Objects.requireNonNull(before), after);
        }

        @Override
        void start(String id, OptionValues options) {
            startRealm(id, options);
        }
    }

    private final class Transports extends Elements {
        @Override
        boolean isThere(String id) {
            return transports.containsKey(id);
        }

        @Override
        boolean canChange(String id, @Nullable OptionValues before, OptionValues after) {
            AppTransport known = transport(id);
            return known.error == null && AppTransport.sameSocket(known.options, after);
        }

        @Override
        void stop(String id) {
            stopTransport(id);
        }

        @Override
        void change(String id, @Nullable OptionValues before, OptionValues after) {
            AppTransport known = transport(id);
            known.options = after;
            listeners.change(Translated.listener(id, after, directory));
            realms.values().forEach(realm -> {
                open(realm);
                endThoseOutside(realm, known);
            });
        }

        @Override
        void start(String id, OptionValues options) {
            startTransport(id, options);
        }
    }

    /** Adds a realm. */
    void startRealm(String id, OptionValues options) {
        if (realms.containsKey(id)) {
            throw new IllegalStateException("there is a realm '" + id + "' already");
        }
        AppRealm realm = new AppRealm(
                id, listeners.router().addRealm(AppRealm.name(id, options), Translated.limits(options)), options);
        realms.put(id, realm);
        try {
            options.objects(RouterOptions.ROLES).forEach(realm::put);
        } catch (WampProtocolException e) {
            stopRealm(id);
            throw e;
        }
        open(realm);
        LOG.info("realm {} ({}) is there", id, realm.realm.name());
        events.accept("on_realm_started", Map.of("id", id, "name", realm.realm.name()));
    }

    /** Ends a realm and its sessions, in words. */
    void stopRealm(String id) {
        AppRealm realm = realm(id);
        realms.remove(id);
        listeners.router().removeRealm(realm.realm.name(), WampErrors.CLOSE_REALM, "the realm is stopped");
        LOG.info("realm {} ({}) is stopped", id, realm.realm.name());
        events.accept("on_realm_stopped", Map.of("id", id, "name", realm.realm.name()));
    }

    /** Tells a realm who may come in. */
    private void open(AppRealm realm) {
        List<Authenticator> all = new ArrayList<>();
        String name = realm.realm.name();
        all.add(new Doors.Door(
                WORKERS, new TicketAuthenticator((authid, ticket, peer) -> worker(name, authid, ticket))));
        transports
                .values()
                .forEach(transport -> all.addAll(doors(transport, realm).authenticators()));
        realm.realm.setAuthenticators(all);
    }

    private Doors doors(AppTransport transport, AppRealm realm) {
        return new Doors(transport.id, transport.options, realm.realm.name(), directory);
    }

    /** Ends the sessions that would not be let in any more. */
    private void endThoseOutside(AppRealm realm, AppTransport transport) {
        Doors doors = doors(transport, realm);
        realm.realm.sessions().thenAccept(all -> all.stream()
                .filter(session -> session.peer().listener().equals(transport.id) && !doors.admits(session))
                .map(SessionInfo::id)
                .forEach(session ->
                        realm.realm.end(session, WampErrors.CLOSE_KILLED, "who you are is not known here any more")));
    }

    /**
     * Adds a transport.
     *
     * @throws IllegalStateException with a sentence, if it cannot listen; it is known then, with its error
     */
    void startTransport(String id, OptionValues options) {
        AppTransport present = transports.get(id);
        if (present != null && present.error == null) {
            throw new IllegalStateException("there is a transport '" + id + "' already");
        }
        AppTransport transport = new AppTransport(id, options);
        transports.put(id, transport);
        realms.values().forEach(this::open);
        try {
            ListenerInfo info = listeners.add(Translated.listener(id, options, directory));
            events.accept("on_transport_started", Map.of("id", id, "address", String.valueOf(info.address())));
        } catch (IOException | IllegalArgumentException e) {
            transport.error = String.valueOf(e.getMessage());
            events.accept("on_transport_failed", Map.of("id", id, "error", transport.error));
            throw new IllegalStateException("transport '" + id + "': " + e.getMessage(), e);
        }
    }

    /** Ends a transport and the sessions that came by it, in words. */
    void stopTransport(String id) {
        transport(id);
        transports.remove(id);
        configuredTransports.forget(id);
        listeners.remove(id);
        realms.values().forEach(this::open);
        LOG.info("transport {} is stopped", id);
        events.accept("on_transport_stopped", Map.of("id", id));
    }

    /** How the transports are that listen. Blocks for a turn of their thread. */
    List<ListenerInfo> listening() {
        return listeners.list();
    }

    /** Says goodbye to all sessions and ends. Blocks for some seconds at most. */
    @Override
    public void close() {
        turns.shutdown();
        try {
            if (!turns.awaitTermination(GRACE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("a change of the router is not finished");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        listeners.close();
    }
}
