package io.millwright.remote.wamp.internal;

import io.millwright.controller.api.Documents;
import io.millwright.controller.api.LogEntry;
import io.millwright.controller.api.LogListener;
import io.millwright.controller.api.NodeEvent;
import io.millwright.controller.api.Operation;
import io.millwright.controller.api.Subscription;
import io.millwright.wamp.message.Payload;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** The operations whose answer comes in parts until the caller has enough. Stateless. */
final class Followings {
    void addTo(Map<Operation, Procedures.Handler> table) {
        table.put(Operation.FOLLOW_WORKER_LOG, new Procedures.Handler(false, Followings::log));
        table.put(Operation.FOLLOW_EVENTS, new Procedures.Handler(false, Followings::events));
    }

    private static CompletionStage<?> log(Request request) {
        return follow(request, "entries", (Feed<LogEntry> feed) -> request.node()
                .follow(request.arguments().id(), request.arguments().number("backlog", 0), new LogListener() {
                    @Override
                    public void onLog(List<LogEntry> entries, long lost) {
                        feed.add(entries, lost);
                    }

                    @Override
                    public void onEnd() {
                        feed.end();
                    }
                }));
    }

    private static CompletionStage<?> events(Request request) {
        Long after = request.arguments().number("after");
        return follow(
                request,
                "events",
                (Feed<NodeEvent> feed) -> after == null
                        ? request.node().followEvents((event, lost) -> feed.add(List.of(event), lost))
                        : request.node().followEvents(after, (event, lost) -> feed.add(List.of(event), lost)));
    }

    private static <T> CompletionStage<?> follow(
            Request request, String key, Function<Feed<T>, Subscription> subscribe) {
        if (!request.call().wantsProgress()) {
            throw Arguments.wrong("its answer comes in parts; call it with receive_progress");
        }
        Feed<T> feed = new Feed<>(
                (some, lost) -> request.call().progress(Payload.args(Documents.of(key, some, "lost", lost))));
        Subscription subscription = subscribe.apply(feed);
        request.call().onCancel(feed::end);
        return feed.done().whenComplete((done, fault) -> subscription.close());
    }
}
