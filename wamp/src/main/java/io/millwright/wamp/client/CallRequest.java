package io.millwright.wamp.client;

import io.millwright.wamp.message.Payload;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A call to be made. Immutable: each method gives a new one. */
public final class CallRequest {
    private final String procedure;
    private final Payload payload;
    private final Map<String, Object> options;
    private final @Nullable Duration timeout;
    private final @Nullable Consumer<CallResult> progress;

    private CallRequest(
            String procedure,
            Payload payload,
            Map<String, Object> options,
            @Nullable Duration timeout,
            @Nullable Consumer<CallResult> progress) {
        this.procedure = procedure;
        this.payload = payload;
        this.options = options;
        this.timeout = timeout;
        this.progress = progress;
    }

    /** A call of a procedure without arguments. */
    public static CallRequest of(String procedure) {
        return new CallRequest(procedure, Payload.EMPTY, Map.of(), null, null);
    }

    /** With these positional arguments in place of the ones before. */
    public CallRequest args(@Nullable Object... args) {
        return payload(Payload.of(Payload.args(args).args(), payload.kwargs()));
    }

    /** With these arguments by name in place of the ones before. */
    public CallRequest kwargs(Map<String, ?> kwargs) {
        return payload(Payload.of(payload.args(), kwargs));
    }

    /** With this payload. */
    public CallRequest payload(Payload all) {
        return new CallRequest(procedure, all, options, timeout, progress);
    }

    /** With an option of CALL. */
    public CallRequest option(String name, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(options);
        more.put(name, value);
        return new CallRequest(procedure, payload, Collections.unmodifiableMap(more), timeout, progress);
    }

    /** For this long at most, then it fails with {@code wamp.error.timeout}; the router is told, if it knows timeouts. */
    public CallRequest timeout(Duration most) {
        if (most.isNegative() || most.isZero()) {
            throw new IllegalArgumentException(
                    "the timeout of a call of " + procedure + " is " + most + "; it must be above 0");
        }
        return new CallRequest(procedure, payload, options, most, progress);
    }

    /** With parts of the result, one call after the other, all before the future completes, on a thread for the application's code. */
    public CallRequest onProgress(Consumer<CallResult> consumer) {
        return new CallRequest(procedure, payload, options, timeout, consumer);
    }

    /** The procedure. */
    public String procedure() {
        return procedure;
    }

    /** What it is given. */
    public Payload payload() {
        return payload;
    }

    /** The options of CALL that were set. */
    public Map<String, Object> options() {
        return options;
    }

    /** How long at most, {@code null} for ever. */
    public @Nullable Duration timeout() {
        return timeout;
    }

    /** Who takes parts of the result, {@code null} for nobody. */
    public @Nullable Consumer<CallResult> progress() {
        return progress;
    }
}
