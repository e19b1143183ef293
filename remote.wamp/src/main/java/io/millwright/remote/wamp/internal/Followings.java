package io.millwright.remote.wamp.internal;

import io.millwright.controller.api.Documents;
import io.millwright.controller.api.LogEntry;
import io.millwright.controller.api.LogListener;
import io.millwright.controller.api.NodeEvent;
import io.millwright.controller.api.Operation;
import io.millwright.controller.api.Subscription;
import io.millwright.wamp.message.Payload;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The operations whose answer comes in parts until the caller has enough. A session may follow the same thing a few times and no more: whatever
 * happens is sent to it as often. Thread-safe.
 */
final class Followings {
    private static final int MOST = 8;

    /** What a session follows: a worker's log, or the events. */
    private record Followed(long session, String what) {}

    private final Map<Followed, Integer> followed = new ConcurrentHashMap<>();

    void addTo(Map<Operation, Procedures.Handler> table) {
        table.put(Operation.FOLLOW_WORKER_LOG, new Procedures.Handler(false, this::log));
        table.put(Operation.FOLLOW_EVENTS, new Procedures.Handler(false, this::events));
    }

    /** A line and where it is. */
    private record Placed(LogEntry entry, long position) {}

    private CompletionStage<?> log(Request request) {
        Long after = request.arguments().number("after");
        String what = "the log of worker '" + request.arguments().id() + "'";
        return follow(request, what, Followings::lines, (Feed<Placed> feed) -> {
            LogListener listener = new Lines(request, feed);
            return after == null
                    ? request.node()
                            .follow(
                                    request.arguments().id(),
                                    request.arguments().number("backlog", 0),
                                    listener)
                    : request.node().followAfter(request.arguments().id(), after, listener);
        });
    }

    private static Map<String, @Nullable Object> lines(List<Placed> some, long lost) {
        Map<String, @Nullable Object> part =
                Documents.of("entries", some.stream().map(Placed::entry).toList(), "lost", lost);
        if (!some.isEmpty()) {
            part = new LinkedHashMap<>(part);
            part.put("position", some.get(some.size() - 1).position());
        }
        return part;
    }

    /** Places the lines of a log, so that what was dropped on the way is not counted among what was sent. */
    private record Lines(Request request, Feed<Placed> feed) implements LogListener {
        @Override
        public void onLog(List<LogEntry> entries, long lost) {
            throw new IllegalStateException("lines without a position");
        }

        @Override
        public void onLog(List<LogEntry> entries, long lost, long position) {
            if (entries.isEmpty()) {
                // The caller is to know where it begins, should its connection be lost before the first line.
                var ignored = request.call()
                        .progress(Payload.args(Documents.of("entries", List.of(), "lost", lost, "position", position)));
                return;
            }
            List<Placed> placed = new ArrayList<>(entries.size());
            for (LogEntry entry : entries) {
                placed.add(new Placed(entry, position - entries.size() + placed.size() + 1));
            }
            feed.add(placed, lost);
        }

        @Override
        public void onEnd() {
            feed.end();
        }
    }

    private CompletionStage<?> events(Request request) {
        Long after = request.arguments().number("after");
        return follow(
                request,
                "the events",
                (some, lost) -> Documents.of("events", some, "lost", lost),
                (Feed<NodeEvent> feed) -> after == null
                        ? request.node().followEvents((event, lost) -> feed.add(List.of(event), lost))
                        : request.node().followEvents(after, (event, lost) -> feed.add(List.of(event), lost)));
    }

    private <T> CompletionStage<?> follow(
            Request request,
            String what,
            BiFunction<List<T>, Long, Map<String, @Nullable Object>> part,
            Function<Feed<T>, Subscription> subscribe) {
        if (!request.call().wantsProgress()) {
            throw Arguments.wrong("its answer comes in parts; call it with receive_progress");
        }
        Followed one = new Followed(request.session().id(), what);
        begin(one);
        try {
            Feed<T> feed = new Feed<>((some, lost) -> request.call().progress(Payload.args(part.apply(some, lost))));
            Subscription subscription = subscribe.apply(feed);
            request.call().onCancel(feed::end);
            return feed.done().whenComplete((done, fault) -> {
                end(one);
                subscription.close();
            });
        } catch (RuntimeException e) {
            end(one);
            throw e;
        }
    }

    private void begin(Followed one) {
        if (followed.merge(one, 1, Integer::sum) > MOST) {
            end(one);
            throw Arguments.wrong("this session follows " + one.what() + " " + MOST
                    + " times already, and may do so no more; end one of those");
        }
    }

    private void end(Followed one) {
        followed.computeIfPresent(one, (key, count) -> count == 1 ? null : count - 1);
    }
}
