package io.millwright.remote.wamp.internal;

import io.millwright.controller.api.channel.ChannelListener;
import io.millwright.controller.api.channel.ChannelTraffic;
import io.millwright.controller.api.channel.ExpectedRun;
import io.millwright.wamp.router.Action;
import io.millwright.wamp.router.LocalSession;
import io.millwright.wamp.router.MetaRights;
import io.millwright.wamp.router.Principal;
import io.millwright.wamp.router.Role;
import io.millwright.wamp.router.Rule;
import io.millwright.wamp.router.SessionTraffic;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The control channel of one run of a worker: who may join as it, and the session that did. Thread-safe. */
final class WorkerChannel {
    /** What the names of their roles begin with. */
    static final String ROLE = "worker:";

    final ExpectedRun run;
    final WorkerChannels.Address address;
    final ChannelListener listener;

    /** The session that is the channel now, 0 for none. */
    private long session;

    /** Complete when the run has said in this session that it is ready, and when the session is over. */
    private CompletableFuture<Void> ready = new CompletableFuture<>();

    /** How many messages of this session were told. */
    private long told;

    /** What the node answers for the run; {@code null} when the run is over. */
    private @Nullable List<LocalSession.Handle> answers = new ArrayList<>();

    WorkerChannel(ExpectedRun run, ChannelListener listener, WorkerChannels.Address address) {
        this.address = address;
        this.run = run;
        this.listener = listener;
    }

    /** A role of its own for each run: what is of one run ends with it. */
    String role() {
        return ROLE + run.worker() + ":" + run.run();
    }

    /** The run as the router knows it. */
    Principal principal() {
        return Principal.of(run.worker().value(), role())
                .withProvider("node")
                .withExtra(Map.of("rejoin", run.rejoin().reveal()))
                .asSpared()
                .asSole();
    }

    /** What the run may do, by whole segments. */
    Role rights(String prefix) {
        List<Rule> rules = new ArrayList<>();
        rules.add(own(prefix + ".worker." + run.worker()));
        if (run.group() != null) {
            rules.add(own(prefix + ".worker." + run.group()));
        }
        rules.add(Rule.exact(prefix + ".get_status", Action.CALL));
        for (String right : run.rights()) {
            rules.add(own(right));
        }
        if (run.controllerExposed()) {
            rules.add(Rule.prefix(prefix, Action.CALL, Action.SUBSCRIBE));
        }
        return Role.of(role(), rules).withMeta(MetaRights.TESTAMENTS);
    }

    private static Rule own(String uri) {
        return Rule.prefix(uri, Action.CALL, Action.REGISTER, Action.PUBLISH, Action.SUBSCRIBE);
    }

    synchronized boolean isUp() {
        return session != 0;
    }

    /** Tells what has gone through the present session, if that is more than was told. */
    void tell(SessionTraffic traffic) {
        synchronized (this) {
            if (session != traffic.session().id() || told == traffic.received() + traffic.sent()) {
                return;
            }
            told = traffic.received() + traffic.sent();
        }
        listener.traffic(
                ChannelTraffic.of(traffic.received(), traffic.receivedBytes()),
                ChannelTraffic.of(traffic.sent(), traffic.sentBytes()));
    }

    synchronized void joined(long id) {
        told = 0;
        session = id;
        ready = new CompletableFuture<>();
    }

    /** The session that is the channel now, 0 for none. */
    synchronized long session() {
        return session;
    }

    /** Complete when all that the run offers is registered, as far as the node can know: it is ready, or the session is over. */
    synchronized CompletableFuture<Void> ready() {
        return ready;
    }

    /** The run says in its session that it is ready. */
    void saidReady() {
        ready().complete(null);
    }

    /** Whether the session that left was the channel; a newer one may be in its place. */
    boolean left(long id) {
        CompletableFuture<Void> over;
        synchronized (this) {
            if (session != id) {
                return false;
            }
            session = 0;
            over = ready;
        }
        over.complete(null);
        return true;
    }

    /** The node answers something for the run, unless the run is over. */
    void answers(LocalSession.Handle handle) {
        synchronized (this) {
            if (answers != null) {
                answers.add(handle);
                return;
            }
        }
        handle.close();
    }

    /** Takes away what was registered for the run. */
    void close() {
        List<LocalSession.Handle> all;
        synchronized (this) {
            all = answers;
            answers = null;
        }
        if (all != null) {
            all.forEach(LocalSession.Handle::close);
        }
    }
}
