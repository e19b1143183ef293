package io.millwright.wamp.client;

import io.millwright.wamp.Uris;
import io.millwright.wamp.internal.client.ClientCore;
import io.millwright.wamp.internal.client.Settings;
import io.millwright.wamp.rawsocket.Handshake;
import io.millwright.wamp.serial.Serializer;
import io.millwright.wamp.serial.Serializers;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Builds a client. Used by one thread. */
public final class WampClientBuilder {
    private final Transport transport;
    private Serializer serializer = Serializers.MSGPACK;
    private String realm = "millwright";
    private Authentication authentication = Authentication.anonymous();
    private String name = "client";
    private int maxLength = Handshake.LONGEST;
    private Duration joinTimeout = Duration.ofSeconds(30);
    private @Nullable Duration firstDelay;
    private Duration longestDelay = Duration.ofSeconds(1);
    private ClientListener listener = new ClientListener() {};
    private @Nullable Executor executor;
    private int queue = 1000;

    WampClientBuilder(Transport transport) {
        this.transport = transport;
    }

    /** The realm; {@code millwright} if none is given. */
    public WampClientBuilder realm(String uri) {
        realm = Uris.check(uri, "the realm");
        return this;
    }

    /** Another serializer than MessagePack, which needs no other library. */
    public WampClientBuilder serializer(Serializer some) {
        serializer = some;
        return this;
    }

    /** How the client shows who it is; anonymous if nothing is given. */
    public WampClientBuilder authentication(Authentication some) {
        authentication = some;
        return this;
    }

    /** A name for the client's threads. */
    public WampClientBuilder name(String some) {
        name = some;
        return this;
    }

    /** The longest message the client takes, in bytes; 16 MiB if nothing is given. */
    public WampClientBuilder maxLength(int bytes) {
        maxLength = bytes;
        return this;
    }

    /** How long the router has to let the client in, 30 s if nothing is given. */
    public WampClientBuilder joinTimeout(Duration most) {
        joinTimeout = most;
        return this;
    }

    /**
     * Connects again whenever the connection is lost or cannot be made, with a delay that doubles from the first to the longest, and some chance in
     * it. Only a client that is refused at its first session for who it is, or for the realm, gives up.
     */
    public WampClientBuilder reconnect(Duration first, Duration longest) {
        if (first.isNegative() || first.isZero() || longest.compareTo(first) < 0) {
            throw new IllegalArgumentException(
                    "delays of " + first + " to " + longest + "; the first must be above 0, the longest no shorter");
        }
        firstDelay = first;
        longestDelay = longest;
        return this;
    }

    /** Told of what happens to the client. */
    public WampClientBuilder listener(ClientListener some) {
        listener = some;
        return this;
    }

    /** Runs the application's code, in place of threads of the client's own. It must have a thread for each piece of code that waits. */
    public WampClientBuilder executor(Executor some) {
        executor = some;
        return this;
    }

    /** How many events of a subscription, calls of a registration, or parts of a result may wait for the application; 1000 if nothing is given. */
    public WampClientBuilder queue(int most) {
        if (most < 1) {
            throw new IllegalArgumentException("a queue of " + most + "; it must hold 1 or more");
        }
        queue = most;
        return this;
    }

    /** The client, not connected yet. */
    public WampClient build() {
        return new ClientCore(new Settings(
                transport,
                serializer,
                realm,
                authentication,
                name,
                maxLength,
                joinTimeout,
                firstDelay,
                longestDelay,
                listener,
                executor,
                queue));
    }
}
