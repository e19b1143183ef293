package io.millwright.remote.wamp.internal;

import io.millwright.controller.api.Role;
import io.millwright.wamp.router.AuthRequest;
import io.millwright.wamp.router.AuthStep;
import io.millwright.wamp.router.Authenticator;
import io.millwright.wamp.router.Peer;
import io.millwright.wamp.router.Principal;
import io.millwright.wamp.router.auth.AnonymousAuthenticator;
import io.millwright.wamp.router.auth.CraAuthenticator;
import io.millwright.wamp.router.auth.CryptosignAuthenticator;
import io.millwright.wamp.router.auth.LocalAuthenticator;
import io.millwright.wamp.router.auth.TicketAuthenticator;
import io.millwright.wamp.router.auth.Tickets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Who may come in, and by which listener: the node's own user and root where the kernel says which user is at the other end, workers with
 * their tokens there too, and the configured principals by the methods that a listener offers. Thread-safe; nothing blocks.
 */
final class Gate {
    /** What a listener can offer. */
    static final List<String> METHODS = List.of("cryptosign", "wampcra", "ticket", "anonymous");

    private static final long ROOT = 0;

    private final long ownUser;
    private final String ownName;
    private final Tickets workers = new Tickets();
    private final Principals principals;
    /** What each listener offers, by its name. */
    private final Map<String, Set<String>> offers = new ConcurrentHashMap<>();

    Gate(long ownUser, String ownName, Principals principals) {
        this.ownUser = ownUser;
        this.ownName = ownName;
        this.principals = principals;
    }

    /** The number of the node's user. */
    long ownUser() {
        return ownUser;
    }

    /** The tokens of workers. */
    Tickets workers() {
        return workers;
    }

    /** Says by which methods a listener lets in. */
    void offer(String listener, Set<String> methods) {
        offers.put(listener, Set.copyOf(methods));
    }

    /** The listener is gone. */
    void close(String listener) {
        offers.remove(listener);
    }

    /** All of them, in the order in which they are asked. */
    List<Authenticator> authenticators() {
        return List.of(
                new LocalAuthenticator("local", this::user),
                new LocalAuthenticator("anonymous", this::user),
                new Offered(new AnonymousAuthenticator(Role.OBSERVER.text())),
                new Offered(new CryptosignAuthenticator(principals::byKey)),
                new Offered(new CraAuthenticator(principals::bySecret)),
                new LocalTickets(new TicketAuthenticator(workers)),
                new Offered(new TicketAuthenticator(principals::byTicket)));
    }

    /** Over the node's socket its user and root do what they like. */
    private @Nullable Principal user(long uid, @Nullable String authid, Peer peer) {
        String name = uid == ownUser ? ownName : uid == ROOT ? "root" : null;
        return name == null ? null : Principal.of(name, Role.OPERATOR.text()).withProvider("kernel");
    }

    /** An authenticator that listeners offer or do not. */
    private final class Offered implements Authenticator {
        private final Authenticator inner;

        Offered(Authenticator inner) {
            this.inner = inner;
        }

        @Override
        public String method() {
            return inner.method();
        }

        @Override
        public boolean isOffered(Peer peer) {
            return offers.getOrDefault(peer.listener(), Set.of()).contains(method()) && inner.isOffered(peer);
        }

        @Override
        public CompletionStage<AuthStep> begin(AuthRequest request) {
            return inner.begin(request);
        }
    }

    /** Tickets of workers, at the node's own sockets; those that a configuration makes offer what that says. */
    private final class LocalTickets implements Authenticator {
        private final Authenticator inner;

        LocalTickets(Authenticator inner) {
            this.inner = inner;
        }

        @Override
        public String method() {
            return inner.method();
        }

        @Override
        public boolean isOffered(Peer peer) {
            return peer.uid() >= 0 && !offers.containsKey(peer.listener());
        }

        @Override
        public CompletionStage<AuthStep> begin(AuthRequest request) {
            return inner.begin(request);
        }
    }
}
