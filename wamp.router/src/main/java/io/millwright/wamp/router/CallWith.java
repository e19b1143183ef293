package io.millwright.wamp.router;

import io.millwright.wamp.message.Payload;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** How a local session calls. Immutable. */
public final class CallWith {
    /** Without a timeout and without parts of results. */
    public static final CallWith NOTHING = new CallWith(Duration.ZERO, null);

    private final Duration timeout;
    private final @Nullable Consumer<Payload> progress;

    private CallWith(Duration timeout, @Nullable Consumer<Payload> progress) {
        this.timeout = timeout;
        this.progress = progress;
    }

    /** The same; after this time the call fails with {@code wamp.error.timeout}. Zero is for ever. */
    public CallWith timeout(Duration time) {
        return new CallWith(time, progress);
    }

    /** The same; parts of the result are handed to this handler. */
    public CallWith progress(Consumer<Payload> handler) {
        return new CallWith(timeout, handler);
    }

    /** The timeout, zero for none. */
    public Duration timeout() {
        return timeout;
    }

    /** The handler of parts, {@code null} if they are not wanted. */
    public @Nullable Consumer<Payload> progress() {
        return progress;
    }
}
