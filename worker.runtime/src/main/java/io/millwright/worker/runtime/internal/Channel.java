package io.millwright.worker.runtime.internal;

import io.millwright.wamp.WampConnectionException;
import io.millwright.wamp.WampException;
import io.millwright.wamp.client.Authentication;
import io.millwright.wamp.client.CallResult;
import io.millwright.wamp.client.Procedure;
import io.millwright.wamp.client.Registration;
import io.millwright.wamp.client.SessionInfo;
import io.millwright.wamp.client.Transports;
import io.millwright.wamp.client.WampClient;
import io.millwright.wamp.message.Challenge;
import io.millwright.wamp.message.Options;
import io.millwright.worker.runtime.log.Records;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The worker's session on its node: joins with the token, joins again with the secret it was given. Thread-safe. */
public final class Channel implements AutoCloseable {
    private static final Duration FIRST_DELAY = Duration.ofMillis(20);
    private static final Duration LONGEST_DELAY = Duration.ofSeconds(1);
    private static final int MOST_TO_TELL = 1000;

    private final String own;
    /** What names begin with that the instances of the worker's group share; {@code null} if it is of none. */
    private final @Nullable String shared;

    private final WampClient client;
    private final CompletableFuture<SessionInfo> joined;
    /** By name without the worker's prefix. */
    private final Map<String, CompletableFuture<Registration>> procedures = new LinkedHashMap<>();

    /** Those that the instances share. */
    private final List<CompletableFuture<Registration>> sharedProcedures = new ArrayList<>();

    private boolean ready;

    /** Tells the node one thing after the other; of too much the oldest is left out. */
    private final ThreadPoolExecutor teller = new ThreadPoolExecutor(
            1,
            1,
            1,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(MOST_TO_TELL),
            task -> {
                Thread thread = new Thread(task, "worker-teller");
                thread.setDaemon(true);
                return thread;
            },
            new ThreadPoolExecutor.DiscardOldestPolicy());

    /** Begins to join. */
    public Channel(Birth birth) {
        own = birth.prefix() + ".worker." + birth.id() + ".";
        shared = birth.group() == null ? null : birth.prefix() + ".worker." + birth.group() + ".";
        client = WampClient.builder(Transports.unix(birth.socket()))
                .realm(birth.realm())
                .name(birth.id())
                .authentication(new Proof(birth.id(), birth.token()))
                .reconnect(FIRST_DELAY, LONGEST_DELAY)
                .build();
        teller.allowCoreThreadTimeOut(true);
        joined = client.connect();
    }

    /** The token at first, then what the node gave in return. */
    private static final class Proof implements Authentication {
        private final String id;
        private volatile String secret;

        Proof(String id, String token) {
            this.id = id;
            this.secret = token;
        }

        @Override
        public String method() {
            return "ticket";
        }

        @Override
        public String authid() {
            return id;
        }

        @Override
        public String answer(Challenge challenge) {
            return secret;
        }

        @Override
        public void joined(SessionInfo session) {
            String rejoin = Options.text(Options.dict(session.details(), "authextra"), "rejoin");
            if (rejoin != null) {
                secret = rejoin;
            }
        }
    }

    /** The client. */
    public WampClient client() {
        return client;
    }

    /** A name of the worker as the node knows it. */
    public String uri(String name) {
        return own + name;
    }

    /** The first session; fails if the node does not let the worker in. */
    public CompletableFuture<SessionInfo> joined() {
        return joined;
    }

    /** Registers a procedure of the worker, now or as soon as there is a session. */
    public CompletableFuture<Registration> register(String name, Procedure code) {
        CompletableFuture<Registration> made = client.register(uri(name), code);
        synchronized (procedures) {
            procedures.put(name, made);
        }
        return made;
    }

    /**
     * Registers a procedure of the program's, as {@link #register}; an instance of a group also under the name of the group, where those
     * who call it reach one instance after the other.
     */
    public CompletableFuture<Registration> offer(String name, Procedure code) {
        CompletableFuture<Registration> made = register(name, code);
        if (shared == null) {
            return made;
        }
        CompletableFuture<Registration> ofAll = client.register(shared + name, Map.of("invoke", "roundrobin"), code);
        synchronized (procedures) {
            sharedProcedures.add(ofAll);
        }
        return made.thenCombine(ofAll, Both::new);
    }

    /** A procedure under two names. */
    private record Both(Registration own, Registration shared) implements Registration {
        @Override
        public String procedure() {
            return own.procedure();
        }

        @Override
        public CompletableFuture<Void> unregister() {
            return CompletableFuture.allOf(own.unregister(), shared.unregister());
        }
    }

    /**
     * Says that the worker is ready, once all its procedures can be called; the second time nothing. Blocks until the node has taken it,
     * however often the connection is lost meanwhile.
     *
     * @param runtime what the worker runs in, for people
     * @throws IllegalStateException if the node refuses it or a procedure, with a sentence
     */
    public void ready(String runtime, List<String> capabilities) {
        Map<String, CompletableFuture<Registration>> all;
        List<CompletableFuture<Registration>> ofAll;
        synchronized (procedures) {
            if (ready) {
                return;
            }
            ready = true;
            all = new LinkedHashMap<>(procedures);
            ofAll = List.copyOf(sharedProcedures);
        }
        await(joined);
        all.values().forEach(Channel::await);
        ofAll.forEach(Channel::await);
        Map<String, Object> info =
                Map.of("runtime", runtime, "capabilities", capabilities, "operations", List.copyOf(all.keySet()));
        say("ready", info);
    }

    /** Calls something that the node answers for this worker. Blocks until there is an answer, however often the connection is lost meanwhile. */
    private void say(String name, Map<String, ? extends @Nullable Object> what) {
        while (!said(name, what)) {
            pause();
        }
    }

    /** As {@link #say}, by a thread of its own and after what was told before. Does not block; what the node refuses is lost. */
    public void tell(String name, Map<String, ? extends @Nullable Object> what) {
        teller.execute(() -> {
            try {
                say(name, what);
            } catch (IllegalStateException e) {
                Records.write("debug", "worker", String.valueOf(e.getMessage()), null);
            }
        });
    }

    /** Waits a moment until the node has been told everything; when nothing more will be told. */
    public void finish() {
        teller.shutdown();
        try {
            teller.awaitTermination(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean said(String name, Map<String, ? extends @Nullable Object> what) {
        Future<CallResult> call = client.call(uri(name), what);
        try {
            call.get();
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof WampConnectionException) {
                return false;
            }
            throw failed(e.getCause());
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(FIRST_DELAY.toMillis());
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    /** Waits for something of the client. */
    public static <T> T await(CompletableFuture<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw failed(e.getCause());
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private static IllegalStateException failed(@Nullable Throwable cause) {
        Throwable inner = cause instanceof CompletionException && cause.getCause() != null ? cause.getCause() : cause;
        String why = inner instanceof WampException ? inner.getMessage() : String.valueOf(inner);
        return new IllegalStateException("the node does not do what the worker asks: " + why, inner);
    }

    private static IllegalStateException interrupted() {
        Thread.currentThread().interrupt();
        return new IllegalStateException("the thread was interrupted while it waited for the node");
    }

    /** Leaves, and waits a moment for it. */
    @Override
    public void close() {
        try {
            client.leave().get(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | java.util.concurrent.TimeoutException e) {
            // The process ends in any case.
            return;
        }
    }
}
