package io.millwright.wamp.net;

import io.millwright.wamp.router.Action;
import io.millwright.wamp.router.Authenticator;
import io.millwright.wamp.router.Limits;
import io.millwright.wamp.router.Peer;
import io.millwright.wamp.router.Realm;
import io.millwright.wamp.router.Role;
import io.millwright.wamp.router.RouterListener;
import io.millwright.wamp.router.Rule;
import io.millwright.wamp.router.SessionInfo;
import io.millwright.wamp.router.auth.AnonymousAuthenticator;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/** Listeners with a router of one realm, {@code realm}, in which anonymous sessions may do all below a few names. */
final class TestRealm implements AutoCloseable, RouterListener {
    final List<String> refused = new CopyOnWriteArrayList<>();
    final List<String> left = new CopyOnWriteArrayList<>();
    final List<Throwable> failures = new CopyOnWriteArrayList<>();
    final Listeners listeners;
    final Realm realm;

    TestRealm(Authenticator... more) throws IOException {
        listeners = Listeners.open("test", this);
        realm = listeners.router().addRealm("realm", Limits.DEFAULT);
        realm.roles()
                .put(Role.of(
                        "all",
                        Stream.of("test", "client", "topic", "here", "x", "p", "t")
                                .map(prefix -> Rule.prefix(prefix, Action.values()))
                                .toList()));
        List<Authenticator> all = new ArrayList<>(List.of(more));
        all.add(new AnonymousAuthenticator("all"));
        realm.setAuthenticators(all);
    }

    SocketAddress tcp(String name) throws IOException {
        return listeners
                .add(ListenerConfig.tcp(name, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)))
                .address();
    }

    SocketAddress unix(String name, Path path) throws IOException {
        return listeners.add(ListenerConfig.unix(name, path)).address();
    }

    @Override
    public void refused(Peer peer, String why) {
        refused.add(why);
    }

    @Override
    public void left(SessionInfo session, String why, boolean forced) {
        left.add(why);
    }

    @Override
    public void failed(String what, SessionInfo session, Throwable cause) {
        failures.add(cause);
    }

    @Override
    public void close() {
        listeners.close();
        if (!failures.isEmpty()) {
            throw new AssertionError("the router failed", failures.get(0));
        }
    }
}
