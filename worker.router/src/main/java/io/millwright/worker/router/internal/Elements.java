package io.millwright.worker.router.internal;

import io.millwright.controller.api.worker.OptionValues;
import io.millwright.wamp.WampProtocolException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the elements of one kind, realms or transports, from one configuration to the next. An element that both have as it is, is left
 * alone, whatever calls have done to it; unless it could not be had the last time. For the router's own thread.
 */
abstract class Elements {
    private static final Logger LOG = LoggerFactory.getLogger(Elements.class);

    private final Set<String> failed = new TreeSet<>();

    /** Whether there is one of that id. */
    abstract boolean isThere(String id);

    /** Whether the one that is there becomes another one without going. */
    abstract boolean canChange(String id, @Nullable OptionValues before, OptionValues after);

    abstract void stop(String id);

    abstract void change(String id, @Nullable OptionValues before, OptionValues after);

    abstract void start(String id, OptionValues options);

    /** Does what differs, one by one. What goes, goes before anything comes: its name or address may be what another one takes. */
    final void configure(Map<String, OptionValues> before, Map<String, OptionValues> after, List<String> faults) {
        Set<String> due = new LinkedHashSet<>(before.keySet());
        due.addAll(after.keySet());
        due.removeIf(id -> Objects.equals(before.get(id), after.get(id)) && !failed.contains(id));
        failed.retainAll(after.keySet());
        for (String id : due) {
            OptionValues next = after.get(id);
            if (isThere(id) && (next == null || !canChange(id, before.get(id), next))) {
                attempt(id, faults, () -> stop(id));
            }
        }
        for (String id : due) {
            OptionValues next = after.get(id);
            if (next != null) {
                attempt(id, faults, () -> {
                    if (isThere(id)) {
                        change(id, before.get(id), next);
                    } else {
                        start(id, next);
                    }
                });
            }
        }
    }

    /** A call has stopped one: it is not tried again. */
    final void forget(String id) {
        failed.remove(id);
    }

    private void attempt(String id, List<String> faults, Runnable step) {
        try {
            failed.remove(id);
            step.run();
        } catch (IllegalStateException | IllegalArgumentException | WampProtocolException e) {
            failed.add(id);
            LOG.error("{}", e.getMessage());
            faults.add(String.valueOf(e.getMessage()));
        }
    }
}
