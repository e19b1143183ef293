package io.millwright.wamp.internal.client;

import io.millwright.wamp.WampErrorException;
import io.millwright.wamp.WampErrors;
import io.millwright.wamp.WampException;
import io.millwright.wamp.client.CallRequest;
import io.millwright.wamp.client.CallResult;
import io.millwright.wamp.client.PendingCall;
import io.millwright.wamp.client.SessionInfo;
import io.millwright.wamp.message.Call;
import io.millwright.wamp.message.Cancel;
import io.millwright.wamp.message.MessageType;
import io.millwright.wamp.message.Result;
import io.millwright.wamp.message.WampMessage;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A call that is on its way. Parts of its result and its end run in one lane, so that the end comes last. */
final class CallFuture extends PendingCall implements Answer {
    private final CallRequest request;
    private final Lane lane;
    private final AtomicLong lost = new AtomicLong();
    private volatile @Nullable Link link;
    private volatile long id;

    CallFuture(CallRequest request, Lane lane) {
        this.request = request;
        this.lane = lane;
    }

    void start(Link to) {
        link = to;
        to.request(this, request.payload(), this::message);
        Duration timeout = request.timeout();
        CompletableFuture<@Nullable Void> timer = new CompletableFuture<>();
        if (timeout != null) {
            timer.completeOnTimeout(null, toMillis(timeout), TimeUnit.MILLISECONDS);
            timer.thenRun(() -> fail(new WampErrorException(
                    WampErrors.TIMEOUT, "the call of " + request.procedure() + " took longer than " + timeout)));
        }
        // However it completes, by the application too: the router need not go on.
        whenComplete((result, failure) -> {
            timer.cancel(false);
            if (id != 0 && to.forget(id)) {
                cancel(to, "killnowait");
            }
        });
    }

    /** A router that does not know of it would end the session. */
    private void cancel(Link to, String mode) {
        SessionInfo session = to.session();
        if (session != null
                && (session.supports("dealer", "call_canceling") || session.supports("dealer", "call_cancelling"))) {
            to.send(new Cancel(id, Map.of("mode", mode)));
        }
    }

    private static long toMillis(Duration duration) {
        return Math.max(
                1, duration.compareTo(Duration.ofDays(36_500)) > 0 ? Long.MAX_VALUE / 2_000_000 : duration.toMillis());
    }

    private WampMessage message(long given) {
        id = given;
        Map<String, Object> options = new LinkedHashMap<>(request.options());
        Link to = link;
        SessionInfo session = to == null ? null : to.session();
        Duration timeout = request.timeout();
        if (timeout != null && session != null && session.supports("dealer", "call_timeout")) {
            options.putIfAbsent("timeout", toMillis(timeout));
        }
        if (request.progress() != null) {
            options.putIfAbsent("receive_progress", true);
        }
        return new Call(given, options, request.procedure(), request.payload());
    }

    @Override
    public MessageType request() {
        return MessageType.CALL;
    }

    @Override
    public boolean isAnswer(WampMessage message) {
        return message instanceof Result;
    }

    @Override
    public boolean isPart(WampMessage message) {
        return message instanceof Result result
                && Boolean.TRUE.equals(result.details().get("progress"));
    }

    @Override
    public void reply(WampMessage message) {
        Result result = (Result) message;
        CallResult value = CallResult.of(result.details(), result.payload());
        if (!isPart(message)) {
            lane.put(() -> complete(value));
            return;
        }
        Consumer<CallResult> progress = request.progress();
        if (progress != null && !lane.offer(() -> part(progress, value))) {
            lost.incrementAndGet();
        }
    }

    private void part(Consumer<CallResult> progress, CallResult value) {
        if (!isDone()) {
            progress.accept(value);
        }
    }

    @Override
    public void fail(WampException why) {
        lane.put(() -> completeExceptionally(why));
    }

    @Override
    public void kill() {
        Link to = link;
        if (to != null && id != 0 && !isDone()) {
            cancel(to, "kill");
        }
    }

    @Override
    public long lost() {
        return lost.get();
    }
}
