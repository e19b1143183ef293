package io.millwright.controller.internal.worker;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.CallerKind;
import io.millwright.controller.api.Documents;
import io.millwright.controller.api.StopOptions;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * Which configured workers an operator has stopped: they rest in the node's next lives too, until an operator starts them, their
 * configuration says otherwise about {@code disabled}, or is deleted. And which groups have another number of instances, until their
 * configuration says another one, or is deleted. Belongs to the controller loop.
 */
public final class OperatorWords {
    private static final Set<CallerKind> OPERATORS =
            Set.of(CallerKind.SHELL, CallerKind.REMOTE, CallerKind.WEB, CallerKind.API);

    /** By the PID of the configuration. */
    private final Map<String, Word> words = new ConcurrentSkipListMap<>();

    /** By the PID of the group's configuration. */
    private final Map<String, Scale> scales = new ConcurrentSkipListMap<>();

    private Runnable changed = () -> {};
    private boolean ending;

    /**
     * What an operator said. Immutable.
     *
     * @param who the operator
     * @param at when
     */
    public record Word(String who, Instant at) {
        /** Why the worker rests. */
        public String reason() {
            return "stopped by " + who + " on " + Documents.time(at) + ", which holds until it is started";
        }
    }

    /**
     * Another number of instances than the configuration says. Immutable.
     *
     * @param configured the number that the configuration said when it was asked for
     * @param count how many there are instead
     * @param who the operator
     * @param at when
     */
    public record Scale(int configured, int count, String who, Instant at) {
        /** Why there are as many. */
        public String reason() {
            return count + " instances in place of " + configured + ", asked by " + who + " on " + Documents.time(at)
                    + ", which holds until the configuration says another number";
        }
    }

    /**
     * Goes on with what earlier lives have kept; before the boot.
     *
     * @param earlier by PID
     * @param earlierScales by PID
     * @param listener runs after each change; does not block
     */
    public void keep(Map<String, Word> earlier, Map<String, Scale> earlierScales, Runnable listener) {
        words.putAll(earlier);
        scales.putAll(earlierScales);
        changed = listener;
    }

    /** The numbers of instances there are now, by PID; a view. For any thread. */
    public Map<String, Scale> allScales() {
        return Collections.unmodifiableMap(scales);
    }

    /** A group is given another number of instances; kept unless the node ends. */
    public void scaled(String pid, Scale scale) {
        if (!ending) {
            scales.put(pid, scale);
            changed.run();
        }
    }

    /** A group has the number of its configuration again. */
    public void unscaled(String pid) {
        if (scales.remove(pid) != null) {
            changed.run();
        }
    }

    /** The number of instances that was asked for; for any thread. */
    public @Nullable Scale scaleOf(String pid) {
        return scales.get(pid);
    }

    /** All there are now, by PID; a view. For any thread. */
    public Map<String, Word> all() {
        return Collections.unmodifiableMap(words);
    }

    /** Whether a caller is an operator, in person or by a program of its own. */
    public static boolean isOperator(Caller caller) {
        return OPERATORS.contains(caller.kind());
    }

    /** The node ends: what stops now is to run again in its next life. */
    public void end() {
        ending = true;
    }

    void stopped(Worker worker, StopOptions options, Caller caller, Instant now) {
        if (!ending && worker.definition.pid != null && isOperator(caller) && !options.once()) {
            words.put(worker.definition.pid, new Word(caller.toString(), now));
            changed.run();
        }
    }

    void started(Worker worker, Caller caller) {
        if (isOperator(caller)) {
            forget(worker.definition.pid);
        }
    }

    /** A configuration is deleted, or says something else now. */
    public void forget(@Nullable String pid) {
        if (pid != null && words.remove(pid) != null) {
            changed.run();
        }
    }

    /** What was said of the worker of a configuration; for any thread. */
    public @Nullable Word of(String pid) {
        return words.get(pid);
    }
}
