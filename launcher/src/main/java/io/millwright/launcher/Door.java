package io.millwright.launcher;

import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The service by which the controller, which shares no class with the launcher but the JDK's, tells how the node is to
 * end. Thread-safe; {@link #accept} does not block; the last call wins.
 */
final class Door implements Consumer<Map<String, Object>> {

    /** How the node ends. */
    record Outcome(int exitCode, boolean restart, @Nullable String message) {}

    /** The service property that tells this consumer from any other. */
    static final String PROPERTY = "millwright.launcher";

    private final Runnable onCall;
    private final CountDownLatch called = new CountDownLatch(1);
    private volatile @Nullable Outcome outcome;

    /** @param onCall runs after each call, in the caller's thread; must not block */
    Door(Runnable onCall) {
        this.onCall = onCall;
    }

    @Override
    public void accept(Map<String, Object> request) {
        int code = request.get("exit.code") instanceof Number number ? number.intValue() : ExitCodes.OK;
        String message = request.get("message") instanceof String text && !text.isBlank() ? text : null;
        outcome = new Outcome(code, Boolean.TRUE.equals(request.get("restart")), message);
        called.countDown();
        onCall.run();
    }

    /** What the last call said, null before the first. */
    @Nullable
    Outcome outcome() {
        return outcome;
    }

    /** Waits for the first call; false when the time ran out. */
    boolean await(long timeout, TimeUnit unit) throws InterruptedException {
        return called.await(timeout, unit);
    }
}
