package io.millwright.wamp.router;

import io.millwright.wamp.router.internal.RouterCore;
import java.util.concurrent.Executor;

/** Makes routers. */
public final class Routers {
    private Routers() {}

    /**
     * A router.
     *
     * @param executor where its turns run; the router sees to it that they run one after the other. A thread of its own, a transport's
     *     only thread, or {@code Runnable::run}: then turns run in the thread that calls, as in tests. To a {@link RouterLoop} they leave
     *     something of its time, however many wait
     * @param timer for the timeouts of calls
     * @param agent what sessions are told of the router's name and version
     */
    public static Router create(Executor executor, RouterTimer timer, RouterListener listener, String agent) {
        return new RouterCore(executor, timer, listener, agent);
    }
}
