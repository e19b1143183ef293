package io.millwright.worker.runtime;

import io.millwright.wamp.client.Procedure;
import io.millwright.wamp.client.TopicEvent;
import io.millwright.wamp.client.WampClient;
import io.millwright.worker.runtime.internal.Birth;
import io.millwright.worker.runtime.internal.Channel;
import io.millwright.worker.runtime.internal.Member;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * This process as a native worker of its Millwright node. Three lines make a program one:
 *
 * <pre>{@code
 * public static void main(String[] args) {
 *     Worker worker = Worker.join();
 *     worker.register("add", call -> call.arg(0, Long.class) + call.arg(1, Long.class));
 *     worker.ready();
 * }
 * }</pre>
 *
 * <p>The node starts it as a worker of type {@code java} (the node's configuration names the class path and this class). While it joins
 * and registers, the worker's state is {@code starting}, then {@code connected}; with {@link #ready} it is {@code started}. From then on
 * a caller that may call workers of the node can call {@code add}.
 *
 * <p>A program that never calls {@link #join} can be a worker of type {@code java} as well: it is ready when its {@code main} has returned,
 * or, with the option {@code readiness: main}, as soon as its {@code main} is called.
 *
 * <p>The connection to the node may be lost, say while a part of the node is replaced. The worker goes on, and the connection is made
 * again as soon as it can be, with all that was registered and subscribed. When the node itself is gone, the process ends; when the node
 * asks the worker to stop, it ends by {@link System#exit} with code 0. Shutdown hooks of the JVM run in both cases, in the first for half
 * a second at most.
 *
 * <p>Thread-safe. Procedures and subscribers run on threads made for them, one call after the other for each of them; they may wait and
 * may use this class.
 */
public final class Worker {
    private static final Worker ONLY = new Worker();

    private Worker() {}

    /**
     * Joins the node that started this process. From the first call on the process lives until it is told to end or exits, though all
     * its threads may have ended; later calls answer the same. Blocks until the node has let the worker in.
     *
     * @return the worker that this process is
     * @throws IllegalStateException if no node has started this process as a native worker, or the node refuses it, with a sentence
     */
    public static Worker join() {
        Member member = Member.get();
        member.stay();
        Channel.await(member.channel().joined());
        return ONLY;
    }

    private static Birth birth() {
        return Member.get().birth();
    }

    private static Channel channel() {
        return Member.get().channel();
    }

    /** The worker's id in its node. */
    public String id() {
        return birth().id();
    }

    /** The worker's title for people; its id if it has none. */
    public String title() {
        return birth().title();
    }

    /** The number of this run of the worker; it never repeats in a node directory. */
    public long run() {
        return birth().run();
    }

    /** The node directory, absolute. */
    public Path nodeDirectory() {
        return birth().nodeDirectory();
    }

    /**
     * The option {@code extra} of the worker's configuration, which is there for the program alone.
     *
     * @return texts, {@link Boolean}, {@link Long}, {@link Double}, lists and maps of these; {@code null} if it was not given
     */
    public @Nullable Object extra() {
        return birth().extra();
    }

    /** The options of the worker's type by their keys, as the node has checked them; values as those of {@link #extra}. */
    public Map<String, @Nullable Object> options() {
        return birth().options();
    }

    /**
     * What others call a procedure or a topic of this worker by.
     *
     * @param name as it was registered or published
     * @return for example {@code millwright.worker.w1.add} for {@code add} of the worker {@code w1}
     */
    public String uri(String name) {
        return channel().uri(name);
    }

    /**
     * Offers a procedure to others; an instance of a group also under the name of its group ({@code millwright.worker.web.add}), where
     * calls go to one instance after the other. Blocks until they can call it; while there is no connection to the node, until there is one again.
     *
     * @param name its name in this worker: words of letters, digits, {@code _} and {@code -}, with dots between them
     * @param procedure called with the arguments; what it returns is the result, what it throws the caller's error
     * @throws IllegalStateException if the node refuses the name, with a sentence
     */
    public void register(String name, Procedure procedure) {
        Channel.await(channel().offer(name, procedure));
    }

    /**
     * Sends an event to all that have subscribed to it. Does not block.
     *
     * @param topic its name in this worker, as names of procedures
     * @param values texts, numbers, booleans, {@code byte[]}, lists and maps of these, {@code null}
     * @return whether it is on its way; not while there is no connection to the node
     */
    public boolean publish(String topic, @Nullable Object... values) {
        return !client().publish(uri(topic), values).isCompletedExceptionally();
    }

    /**
     * Gets the events that others publish to this worker. Blocks as {@link #register}.
     *
     * @param topic its name in this worker, as names of procedures
     * @param handler called with one event after the other
     * @throws IllegalStateException if the node refuses the name, with a sentence
     */
    public void subscribe(String topic, Consumer<TopicEvent> handler) {
        Channel.await(client().subscribe(uri(topic), handler));
    }

    /**
     * Tells the node that the worker is ready: what was registered before can be called now, and the worker is {@code started}. Blocks until
     * the node has taken it. The second call does nothing.
     *
     * @throws IllegalStateException if the node refuses it, with a sentence
     */
    public void ready() {
        Member.get().ready();
    }

    /** The client behind all this, for calls of other procedures, patterns and parts of results. It must not be closed. */
    public WampClient client() {
        return channel().client();
    }

    /**
     * The session on the router that the option {@code connect} of the worker names, in its realm and role. The node has proved to the router
     * who the worker is; while the router is away the client tries again, and makes anew what was registered and subscribed. One for the whole
     * process; it must not be closed.
     *
     * @return the client, connected or not
     * @throws IllegalStateException if the worker has no such option
     */
    public WampClient application() {
        return Member.get().application();
    }

    /**
     * Where other workers of the node would reach this one, if it listens there: for a worker that is a router itself.
     *
     * @return the path of a Unix socket, whose folder may not be there
     */
    public Path peerSocket() {
        return Member.get().peers().socket();
    }

    /**
     * Checks the ticket of another worker of the node whose option {@code connect} names this one.
     *
     * @param realm the realm it wants to join
     * @param worker its id, by which it comes
     * @param ticket what it shows
     * @return the role that its configuration asks for; {@code null} if the ticket is not of the node
     */
    public @Nullable String admit(String realm, String worker, String ticket) {
        return Member.get().peers().role(realm, worker, ticket);
    }

    @Override
    public String toString() {
        return birth().toString();
    }
}
