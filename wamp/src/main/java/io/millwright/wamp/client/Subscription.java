package io.millwright.wamp.client;

import java.util.concurrent.CompletableFuture;
import org.osgi.annotation.versioning.ProviderType;

/** A subscription; it outlives a lost connection if the client reconnects. Thread-safe. */
@ProviderType
public interface Subscription {
    /** The topic or pattern. */
    String topic();

    /** How many events were left out because the application did not take them in time. */
    long lost();

    /** Ends it. The handler gets nothing any more once the future is complete; without a connection that is at once. */
    CompletableFuture<Void> unsubscribe();
}
