package io.millwright.shell.gogo.internal.worker;

import io.millwright.controller.api.Document;
import io.millwright.controller.api.Documents;
import io.millwright.controller.api.LogEntry;
import io.millwright.controller.api.LogListener;
import io.millwright.controller.api.NodeController;
import io.millwright.controller.api.NodeController.Scope;
import io.millwright.controller.api.Subscription;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerInfo;
import io.millwright.shell.gogo.internal.Feed;
import io.millwright.shell.gogo.internal.text.Screen;
import io.millwright.shell.gogo.internal.text.WorkerViews;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The logs of several workers as one, in the order of time. Immutable. */
final class LogsOfSeveral {
    private static final Comparator<Line> BY_TIME =
            Comparator.comparing(line -> line.entry().time());

    private final NodeController node;
    private final List<WorkerId> ids;
    private final int width;

    /**
     * A line of one of them.
     *
     * @param id the worker
     * @param entry what it wrote
     */
    record Line(WorkerId id, LogEntry entry) implements Document {
        @Override
        public Map<String, @Nullable Object> toMap() {
            return Documents.of(
                    "id",
                    id,
                    "time",
                    entry.time(),
                    "stream",
                    entry.stream(),
                    "level",
                    entry.level(),
                    "text",
                    entry.text());
        }
    }

    private LogsOfSeveral(NodeController node, Set<WorkerId> ids) {
        this.node = node;
        this.ids = List.copyOf(ids);
        width = ids.stream().mapToInt(id -> id.value().length()).max().orElse(0);
    }

    /** Whether words name more than one worker, or may, whatever workers there are. */
    static boolean isMeant(List<String> words) {
        return words.size() > 1 || words.stream().anyMatch(LogsOfSeveral::isGlob);
    }

    /** Whether words name more than one worker, or may; the id of a group does. */
    static boolean isMeant(NodeController node, List<String> words) {
        return isMeant(words)
                || words.stream().anyMatch(word -> !instances(node, word).isEmpty());
    }

    /** The instances of the group that a word names; empty if it names none. */
    private static List<WorkerId> instances(NodeController node, String word) {
        return node.listWorkers(Scope.ALL).stream()
                .filter(worker -> word.equals(worker.group()) && !worker.isGroup())
                .map(WorkerInfo::id)
                .toList();
    }

    static boolean isGlob(String word) {
        return word.indexOf('*') >= 0 || word.indexOf('?') >= 0;
    }

    /** Those that are named: ids, and globs of workers that there are, ended ones too. */
    static LogsOfSeveral of(NodeController node, List<String> words) {
        Set<WorkerId> ids = new LinkedHashSet<>();
        for (String word : words) {
            if (isGlob(word)) {
                Pattern pattern = glob(word);
                node.listWorkers(Scope.ALL).stream()
                        .filter(worker -> !worker.isGroup())
                        .map(WorkerInfo::id)
                        .filter(id -> pattern.matcher(id.value()).matches())
                        .forEach(ids::add);
            } else {
                List<WorkerId> instances = instances(node, word);
                ids.addAll(instances.isEmpty() ? List.of(new WorkerId(word)) : instances);
            }
        }
        return new LogsOfSeveral(node, ids);
    }

    static Pattern glob(String word) {
        return Pattern.compile(word.chars()
                .mapToObj(c -> c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(Character.toString(c)))
                .collect(Collectors.joining()));
    }

    List<WorkerId> ids() {
        return ids;
    }

    /** The last lines of all, at most so many, of the last so many of each. */
    List<Line> last(int limit, int each, Predicate<LogEntry> wanted) {
        List<Line> lines = new ArrayList<>();
        for (WorkerId id : ids) {
            node.getWorkerLog(id, each).stream()
                    .filter(wanted)
                    .map(entry -> new Line(id, entry))
                    .forEach(lines::add);
        }
        return last(limit, lines);
    }

    /** The last of some lines. */
    static List<Line> last(int limit, List<Line> lines) {
        List<Line> sorted = lines.stream().sorted(BY_TIME).toList();
        return sorted.subList(Math.max(0, sorted.size() - Math.max(0, limit)), sorted.size());
    }

    /** Feeds the last lines of all and then what comes, until the last of them has ended for good. */
    Subscription follow(int limit, Predicate<LogEntry> wanted, Feed<Line> feed) {
        Merge merge = new Merge(feed, wanted, ids.size());
        List<Subscription> subscriptions = new ArrayList<>();
        Subscription all = () -> subscriptions.forEach(Subscription::close);
        try {
            for (WorkerId id : ids) {
                subscriptions.add(node.follow(id, limit, merge.listener(id)));
            }
        } catch (RuntimeException e) {
            all.close();
            throw e;
        }
        merge.begin(limit);
        return all;
    }

    /** Sorts what was there when the following began; what comes later comes in the order of time. Thread-safe. */
    private static final class Merge {
        private final Feed<Line> feed;
        private final Predicate<LogEntry> wanted;
        private final AtomicInteger left;
        /** Until the last worker is followed. */
        private @Nullable List<Line> early = new ArrayList<>();

        private long earlyLost;

        Merge(Feed<Line> feed, Predicate<LogEntry> wanted, int workers) {
            this.feed = feed;
            this.wanted = wanted;
            // one more for the beginning
            left = new AtomicInteger(workers + 1);
        }

        LogListener listener(WorkerId id) {
            return new LogListener() {
                @Override
                public void onLog(List<LogEntry> entries, long lost) {
                    List<Line> lines = entries.stream()
                            .filter(wanted)
                            .map(entry -> new Line(id, entry))
                            .toList();
                    if (!keep(lines, lost)) {
                        feed.put(lines, lost);
                    }
                }

                @Override
                public void onEnd() {
                    ended();
                }
            };
        }

        private synchronized boolean keep(List<Line> lines, long lost) {
            if (early == null) {
                return false;
            }
            early.addAll(lines);
            earlyLost += lost;
            return true;
        }

        void begin(int limit) {
            synchronized (this) {
                // Under the lock, so that nothing that comes now is before it; nothing has been put yet, so there is
                // room.
                feed.put(last(limit, early == null ? List.of() : early), earlyLost);
                early = null;
            }
            ended();
        }

        private void ended() {
            if (left.decrementAndGet() == 0) {
                feed.end();
            }
        }
    }

    String text(List<Line> lines, Screen screen) {
        return lines.stream().map(line -> text(line, screen)).collect(Collectors.joining("\n"));
    }

    String text(Line line, Screen screen) {
        return String.format("%-" + Math.max(1, width) + "s  %s", line.id(), WorkerViews.log(line.entry(), screen));
    }
}
