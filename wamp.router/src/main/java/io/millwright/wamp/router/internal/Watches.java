package io.millwright.wamp.router.internal;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntConsumer;

/** Tells how many sessions are subscribed to a topic, patterns counted. */
final class Watches {
    /** One watcher of a topic. */
    private static final class Watch {
        final String topic;
        final Session without;
        final IntConsumer listener;
        int last = -1;

        Watch(String topic, Session without, IntConsumer listener) {
            this.topic = topic;
            this.without = without;
            this.listener = listener;
        }
    }

    private final PatternMap<Subscription> patterns;
    private final Map<Object, Watch> watches = new LinkedHashMap<>();

    Watches(PatternMap<Subscription> patterns) {
        this.patterns = patterns;
    }

    /** Tells at once, and at each change; the listener must not block. */
    void add(Object key, String topic, Session without, IntConsumer listener) {
        Watch watch = new Watch(topic, without, listener);
        watches.put(key, watch);
        tell(watch);
    }

    void remove(Object key) {
        watches.remove(key);
    }

    void removeAll(Session session) {
        watches.values().removeIf(watch -> watch.without == session);
    }

    void changed(Subscription subscription) {
        for (Watch watch : watches.values()) {
            if (subscription.policy.matches(subscription.pattern, watch.topic)) {
                tell(watch);
            }
        }
    }

    /** A session that is subscribed twice, by two patterns, counts once for each: only whether there is any matters much. */
    private void tell(Watch watch) {
        int[] count = {0};
        patterns.match(
                watch.topic,
                subscription -> count[0] +=
                        subscription.sessions.size() - (subscription.sessions.containsKey(watch.without.id()) ? 1 : 0));
        if (count[0] != watch.last) {
            watch.last = count[0];
            watch.listener.accept(count[0]);
        }
    }
}
