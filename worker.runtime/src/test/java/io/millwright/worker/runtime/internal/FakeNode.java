package io.millwright.worker.runtime.internal;

import io.millwright.wamp.MatchPolicy;
import io.millwright.wamp.message.Payload;
import io.millwright.wamp.net.ListenerConfig;
import io.millwright.wamp.net.Listeners;
import io.millwright.wamp.router.Action;
import io.millwright.wamp.router.CallWith;
import io.millwright.wamp.router.Limits;
import io.millwright.wamp.router.LocalSession;
import io.millwright.wamp.router.Principal;
import io.millwright.wamp.router.Realm;
import io.millwright.wamp.router.Role;
import io.millwright.wamp.router.RouterListener;
import io.millwright.wamp.router.Rule;
import io.millwright.wamp.router.SessionInfo;
import io.millwright.wamp.router.auth.TicketAuthenticator;
import io.millwright.wamp.router.auth.Tickets;
import io.millwright.wamp.serial.Serializers;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A node's side of a control channel, and the JVMs that it starts as the worker {@code w1}. */
public final class FakeNode implements AutoCloseable, RouterListener {
    static final String MARK = "\u0001mw-0123456789abcdef ";
    private static final String REALM = "millwright";
    private static final String OWN = "millwright.worker.w1";
    private static final String TOKEN = "the-token";
    private static final long PATIENCE_SECONDS = 30;

    public final BlockingQueue<Map<?, ?>> ready = new LinkedBlockingQueue<>();
    /** What the worker has told of its components. */
    public final BlockingQueue<String> changes = new LinkedBlockingQueue<>();

    final BlockingQueue<SessionInfo> joined = new LinkedBlockingQueue<>();
    final BlockingQueue<Object> events = new LinkedBlockingQueue<>();
    final Path dir;
    private final Path socket;
    private final ExecutorService handlers = Executors.newSingleThreadExecutor();
    private final List<Child> children = new CopyOnWriteArrayList<>();
    private final Listeners listeners;
    private final LocalSession node;

    public FakeNode(Path dir) throws Exception {
        this.dir = dir;
        socket = dir.resolve("run/s");
        listeners = Listeners.open("test", this);
        Realm realm = listeners.router().addRealm(REALM, Limits.DEFAULT);
        realm.roles().put(Role.of("worker:w1", List.of(Rule.prefix(OWN, Action.values()))));
        Tickets tickets = new Tickets();
        Principal principal = Principal.of("w1", "worker:w1")
                .withExtra(Map.of("rejoin", "the-secret"))
                .asSpared()
                .asSole();
        tickets.add(principal, TOKEN, Tickets.ANY_USER, true);
        tickets.add(principal, "the-secret", Tickets.ANY_USER, false);
        realm.setAuthenticators(List.of(new TicketAuthenticator(tickets)));
        node = realm.open("node", "node", handlers);
        node.register(OWN + ".component_changed", MatchPolicy.EXACT, call -> {
                    Map<?, ?> change = (Map<?, ?>) call.payload().args().get(0);
                    changes.add(change.get("id") + " " + change.get("state")
                            + (change.get("reason") == null ? "" : ": " + change.get("reason")));
                    return CompletableFuture.completedFuture(Payload.EMPTY);
                })
                .toCompletableFuture()
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        node.register(OWN + ".ready", MatchPolicy.EXACT, call -> {
                    ready.add((Map<?, ?>) call.payload().args().get(0));
                    return CompletableFuture.completedFuture(Payload.EMPTY);
                })
                .toCompletableFuture()
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        node.subscribe(
                        OWN,
                        MatchPolicy.PREFIX,
                        event -> events.add(event.topic() + event.payload().args()))
                .toCompletableFuture()
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        listen();
    }

    void listen() throws IOException {
        listeners.add(ListenerConfig.unix("u", socket));
    }

    void stopListening() {
        listeners.remove("u");
    }

    @Override
    public void joined(SessionInfo session) {
        if (session.authid().equals("w1")) {
            joined.add(session);
        }
    }

    void publish(String topic, Object... args) {
        node.publish(OWN + "." + topic, Payload.args(args), io.millwright.wamp.router.PublishTo.ALL);
    }

    /** Calls an operation of the worker by positional arguments; the only value of the result. */
    public Object call(String operation, Object... args) throws Exception {
        return call(operation, Payload.args(args));
    }

    /** Begins a call whose result nobody waits for. */
    public void begin(String operation, Object... args) {
        node.call(OWN + "." + operation, Payload.args(args), CallWith.NOTHING);
    }

    public Object call(String operation, Payload payload) throws Exception {
        List<Object> values = node.call(OWN + "." + operation, payload, CallWith.NOTHING)
                .result()
                .toCompletableFuture()
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .args();
        return values.isEmpty() ? null : values.get(0);
    }

    public String birth(String token, String more) {
        return "{\"v\":1,\"node_id\":\"n\",\"node_dir\":\"" + dir
                + "\",\"worker\":{\"id\":\"w1\",\"type\":\"java\",\"run\":7,"
                + "\"title\":null},\"realm\":\"" + REALM + "\",\"prefix\":\"millwright\",\"socket\":\"" + socket
                + "\",\"serializers\":[\"json\",\"msgpack\"],\"token\":\"" + token
                + "\",\"log\":{\"level\":\"info\",\"mark\":\"\\u0001"
                + MARK.substring(1) + "\"},\"debug_lifecycle\":false,\"options\":{}" + more + "}\n";
    }

    /** Starts a program as a worker, with no more on its class path than the runtime needs and the tests' classes. */
    Child start(String... args) throws IOException {
        return start(birth(TOKEN, ""), List.of(), args);
    }

    Child start(String birth, List<Class<?>> more, String... args) throws IOException {
        return startMain(birth, more, "io.millwright.worker.runtime.Main", args);
    }

    /** Starts a JVM with the code of some more classes on its class path. */
    public Child startMain(String birth, List<Class<?>> more, String main, String... args) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir"),
                "-cp"));
        StringBuilder path = new StringBuilder();
        List<Class<?>> all = new ArrayList<>(List.of(Birth.class, Serializers.class, FakeNode.class));
        all.addAll(more);
        for (Class<?> one : all) {
            path.append(one.getProtectionDomain().getCodeSource().getLocation().getPath())
                    .append(File.pathSeparatorChar);
        }
        command.add(path.toString());
        command.add(main);
        command.addAll(List.of(args));
        Child child = new Child(new ProcessBuilder(command).start());
        children.add(child);
        child.write(birth);
        return child;
    }

    public static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
        T next = queue.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("nothing came");
        }
        return next;
    }

    /** A process, and what it has written. */
    public static final class Child {
        public final Process process;
        // Read beside the control channel: what it has written before an answer may come after that.
        public final BlockingQueue<String> out = new LinkedBlockingQueue<>();
        public final BlockingQueue<String> err = new LinkedBlockingQueue<>();
        private final List<Thread> readers;

        Child(Process process) {
            this.process = process;
            readers = List.of(read(process.getInputStream(), out), read(process.getErrorStream(), err));
        }

        private static Thread read(InputStream in, BlockingQueue<String> lines) {
            Thread thread = new Thread(() -> {
                try (BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
                    reader.lines().forEach(lines::add);
                } catch (IOException | UncheckedIOException e) {
                    // Closed with a process that the test has ended.
                    return;
                }
            });
            thread.start();
            return thread;
        }

        void write(String text) throws IOException {
            OutputStream in = process.getOutputStream();
            in.write(text.getBytes(StandardCharsets.UTF_8));
            in.flush();
        }

        /** The exit code; all that it has written is there. */
        public int exit() throws InterruptedException {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("it does not end");
            }
            for (Thread reader : readers) {
                reader.join();
            }
            return process.exitValue();
        }
    }

    @Override
    public void close() throws Exception {
        for (Child child : children) {
            child.process.destroyForcibly();
            child.exit();
        }
        listeners.close();
        handlers.shutdown();
    }
}
