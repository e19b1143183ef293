package io.millwright.wamp.net;

import io.millwright.wamp.net.internal.Listening;
import io.millwright.wamp.router.Router;
import io.millwright.wamp.router.RouterListener;
import io.millwright.wamp.router.Routers;
import java.io.IOException;
import java.util.List;

/**
 * A router and the listeners for its sessions, in one thread: {@code millwright-wamp}. Listeners come and go, and no session of another one
 * notices. Thread-safe.
 */
public final class Listeners implements AutoCloseable {
    private final Listening listening;

    private Listeners(Listening listening) {
        this.listening = listening;
    }

    /**
     * A router without realms and listeners. Its turns run in the listeners' thread.
     *
     * @param agent what sessions are told of the router's name and version
     * @throws IOException if the system has no selector for it
     */
    public static Listeners open(String agent, RouterListener listener) throws IOException {
        return new Listeners(new Listening(loop -> Routers.create(loop, loop, listener, agent)));
    }

    /** The router. */
    public Router router() {
        return listening.router();
    }

    /**
     * Begins to listen. Blocks for as long as the system takes to bind an address.
     *
     * @return how it is
     * @throws IOException if it cannot listen, with a sentence
     * @throws IllegalStateException if there is a listener of that name, or all are closed
     */
    public ListenerInfo add(ListenerConfig config) throws IOException {
        return listening.add(config);
    }

    /**
     * Changes limits, origins and hosts of a listener, for connections that come from now on; those that are there stay, and keep the longest
     * message they were told of.
     *
     * @param config {@linkplain ListenerConfig#isSameSocket of the same socket} as before
     * @return how it is
     * @throws IllegalStateException if there is none of that name, it is of another socket, or all are closed
     */
    public ListenerInfo change(ListenerConfig config) {
        return listening.change(config);
    }

    /**
     * Ends a listener and the sessions that came by it, in words. Blocks until its address is free; its connections have a few seconds more to
     * read what was sent.
     *
     * @return whether there was one of that name
     */
    public boolean remove(String name) {
        return listening.remove(name);
    }

    /** The listeners. Blocks for a turn of their thread. */
    public List<ListenerInfo> list() {
        return listening.list();
    }

    /** Ends all listeners, their sessions and the thread. Blocks until all is given back, for a few seconds at most. */
    @Override
    public void close() {
        listening.close();
    }
}
