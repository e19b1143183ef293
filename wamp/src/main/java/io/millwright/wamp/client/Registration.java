package io.millwright.wamp.client;

import java.util.concurrent.CompletableFuture;
import org.osgi.annotation.versioning.ProviderType;

/** A registered procedure; it outlives a lost connection if the client reconnects. Thread-safe. */
@ProviderType
public interface Registration {
    /** The procedure or pattern. */
    String procedure();

    /** Ends it. No call comes any more once the future is complete; without a connection that is at once. */
    CompletableFuture<Void> unregister();
}
