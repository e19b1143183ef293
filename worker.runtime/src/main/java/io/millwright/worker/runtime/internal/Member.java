package io.millwright.worker.runtime.internal;

import io.millwright.wamp.client.WampClient;
import io.millwright.worker.runtime.log.Levels;
import io.millwright.worker.runtime.log.Records;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** This process as a member of its node: there is one, from the birth line to the end of the JVM. Thread-safe. */
public final class Member {
    private static final List<String> CAPABILITIES = List.of("jvm");
    private static @Nullable Member only;

    private final Birth birth;
    private final Channel channel;
    private final @Nullable WampClient application;
    /** Ends when the JVM does. */
    private @Nullable Thread alive;

    private Member(Birth birth) {
        this.birth = birth;
        channel = new Channel(birth);
        new JvmOperations(birth).register(channel);
        Map<?, ?> connect = birth.connect();
        application = connect == null ? null : Application.begin(connect);
    }

    /**
     * The process's membership. The first call reads the birth line and begins to join.
     *
     * @throws IllegalStateException if no node has started the process as a native worker, with a sentence
     */
    public static Member get() {
        return get(birth -> {});
    }

    /**
     * As {@link #get()}.
     *
     * @param born gets the birth line before the worker begins to join, or at once if it has; does not block, and asks for no membership
     */
    public static synchronized Member get(Consumer<Birth> born) {
        if (only != null) {
            born.accept(only.birth());
            return only;
        }
        InputStream in = new FileInputStream(FileDescriptor.in);
        Member begun = begin(in, born);
        Lifeline.watch(in);
        return begun;
    }

    /** The membership of a birth line, which is the only one from now on. */
    static synchronized Member begin(InputStream in, Consumer<Birth> born) {
        Birth birth = Birth.read(in);
        // What comes there is the node's, and a program that reads it finds the end at once.
        System.setIn(InputStream.nullInputStream());
        Records.begin(birth.logMark());
        born.accept(birth);
        Levels.set("", Levels.parse(birth.logLevel()));
        Member begun = new Member(birth);
        only = begun;
        return begun;
    }

    /** What the node said at the start. */
    public Birth birth() {
        return birth;
    }

    /**
     * The session that the option {@code connect} asks for.
     *
     * @throws IllegalStateException if the worker has no such option
     */
    public WampClient application() {
        if (application == null) {
            throw new IllegalStateException("worker '" + birth.id()
                    + "' has no option 'connect', which would name a router, a realm and a role");
        }
        return application;
    }

    /** How other workers of the node come in here. */
    public Peers peers() {
        return new Peers(birth.peers());
    }

    /** The worker's session. */
    public Channel channel() {
        return channel;
    }

    /** Keeps the JVM alive from now on, whatever the program's own threads do. */
    public synchronized void stay() {
        if (alive == null) {
            alive = new Thread(Member::forEver, "worker");
            alive.start();
        }
    }

    /** Whether the program has taken its life into its own hands. */
    synchronized boolean isTaken() {
        return alive != null;
    }

    private static void forEver() {
        while (true) {
            try {
                Thread.sleep(Long.MAX_VALUE);
            } catch (InterruptedException e) {
                // Only the end of the JVM ends it.
            }
        }
    }

    /** Says that the worker is ready; see {@link Channel#ready}. */
    public void ready() {
        channel.ready(
                "Java " + System.getProperty("java.version") + " (" + System.getProperty("java.vm.name") + ")",
                CAPABILITIES);
    }
}
