package io.millwright.wamp.internal.client;

import io.millwright.wamp.client.Authentication;
import io.millwright.wamp.client.ClientListener;
import io.millwright.wamp.client.Transport;
import io.millwright.wamp.serial.Serializer;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** What a client was built with. */
public record Settings(
        Transport transport,
        Serializer serializer,
        String realm,
        Authentication authentication,
        String name,
        int maxLength,
        Duration joinTimeout,
        @Nullable Duration firstDelay,
        Duration longestDelay,
        ClientListener listener,
        @Nullable Executor executor,
        int queue) {
    boolean reconnects() {
        return firstDelay != null;
    }
}
