package io.millwright.controller.internal.worker;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.CallerKind;
import io.millwright.controller.api.StopOptions;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * Which configured workers an operator has stopped: they rest in the node's next lives too, until an operator starts them, their
 * configuration says otherwise about {@code disabled}, or is deleted. Belongs to the controller loop.
 */
public final class OperatorWords {
    private static final Set<CallerKind> OPERATORS =
            Set.of(CallerKind.SHELL, CallerKind.REMOTE, CallerKind.WEB, CallerKind.API);

    /** By the PID of the configuration. */
    private final Map<String, Word> words = new ConcurrentSkipListMap<>();

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
            return "stopped by " + who + " on " + at + ", which holds until it is started";
        }
    }

    /**
     * Goes on with what earlier lives have kept; before the boot.
     *
     * @param earlier by PID
     * @param listener runs after each change; does not block
     */
    public void keep(Map<String, Word> earlier, Runnable listener) {
        words.putAll(earlier);
        changed = listener;
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

    /** What was said of the worker of a configuration. */
    public @Nullable Word of(String pid) {
        return words.get(pid);
    }
}
