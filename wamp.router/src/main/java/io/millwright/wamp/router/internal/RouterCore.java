package io.millwright.wamp.router.internal;

import io.millwright.wamp.Uris;
import io.millwright.wamp.router.Connection;
import io.millwright.wamp.router.Limits;
import io.millwright.wamp.router.Outbound;
import io.millwright.wamp.router.Peer;
import io.millwright.wamp.router.Realm;
import io.millwright.wamp.router.Router;
import io.millwright.wamp.router.RouterListener;
import io.millwright.wamp.router.RouterTimer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** The router: its turns, its realms. */
public final class RouterCore implements Router {
    private final Map<String, RealmCore> realms = new ConcurrentHashMap<>();
    private final Turns turns;
    private final RouterTimer timer;
    private final Notices notices;
    private final String agent;

    /** A router without realms. */
    public RouterCore(Executor executor, RouterTimer timer, RouterListener listener, String agent) {
        this.notices = new Notices(listener);
        this.turns = new Turns(executor, e -> notices.failed("a turn of the router", null, e));
        this.timer = timer;
        this.agent = agent;
    }

    @Override
    public Realm addRealm(String name, Limits limits) {
        RealmCore realm = new RealmCore(this, Uris.check(name, "the name of a realm"), limits);
        if (realms.putIfAbsent(name, realm) != null) {
            throw new IllegalStateException("there is a realm '" + name + "' already");
        }
        return realm;
    }

    @Override
    public @Nullable RealmCore realm(String name) {
        return realms.get(name);
    }

    @Override
    public boolean removeRealm(String name, String reason, String message) {
        RealmCore realm = realms.remove(name);
        if (realm != null) {
            realm.close(reason, message);
        }
        return realm != null;
    }

    @Override
    public Connection connect(Peer peer, Outbound outbound) {
        return new Session(this, peer, outbound);
    }

    Notices notices() {
        return notices;
    }

    String agent() {
        return agent;
    }

    /** Runs a task in a turn of its own. */
    void turn(Runnable task) {
        turns.execute(task);
    }

    /** Runs a task in a later turn. */
    RouterTimer.Timeout later(Runnable task, Duration delay) {
        return timer.schedule(() -> turns.execute(task), delay);
    }
}
