package io.millwright.controller.internal.log;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Takes what changes something in the node, whatever front it comes from. Thread-safe; no method blocks or throws. */
public interface Audit {
    /** No option is as long, but anything may stand in a configuration. */
    int LONGEST_KEY = 200;

    /** Takes nothing. */
    Audit NONE = line -> {};
    /** How an operation ends that did what was asked for. */
    String OK = "ok";
    /** How a configuration ends that another one of the same PID came after before it was through. */
    String OVERTAKEN = "overtaken";
    /** A configuration was made or changed: no operation that can be called. */
    String UPDATE_CONFIGURATION = "update_configuration";
    /** A configuration was deleted: no operation that can be called. */
    String DELETE_CONFIGURATION = "delete_configuration";

    /**
     * What was done.
     *
     * @param time when it began
     * @param who asked
     * @param operation its name
     * @param target what it was done to, {@code null} for the node itself
     * @param keys the options it named; never their values
     * @param result {@link #OK}, {@link #OVERTAKEN} or the code of an error
     * @param done of several workers: for how many it was done; {@code null} where it was one thing
     * @param failed of several workers: for how many it failed; {@code null} where it was one thing
     * @param duration how long it took
     */
    record Line(
            Instant time,
            Caller who,
            String operation,
            @Nullable String target,
            Collection<String> keys,
            String result,
            @Nullable Integer done,
            @Nullable Integer failed,
            Duration duration) {}

    /**
     * Takes a line.
     *
     * @param line what was done
     */
    void write(Line line);

    /**
     * An operation begins; its end makes the line.
     *
     * @param who the caller as text
     * @param operation its name
     * @param target what it is done to, {@code null} for the node itself
     * @param keys the options it names
     * @return to be told how it ended
     */
    default Begun begin(Caller who, String operation, @Nullable String target, Collection<String> keys) {
        return new Begun(this, who, operation, target, List.copyOf(keys));
    }

    /**
     * The keys in options, those inside of objects dotted.
     *
     * @param options values by key, flat or nested
     * @return sorted
     */
    static Collection<String> keys(Map<?, ?> options) {
        TreeSet<String> keys = new TreeSet<>();
        collect("", options, keys);
        return keys;
    }

    private static void collect(String prefix, Map<?, ?> options, Collection<String> keys) {
        options.forEach((key, value) -> {
            if (value instanceof Map<?, ?> inner && !inner.isEmpty()) {
                collect(prefix + key + ".", inner, keys);
            } else {
                String path = prefix + key;
                keys.add(path.length() > LONGEST_KEY ? path.substring(0, LONGEST_KEY) + "..." : path);
            }
        });
    }

    /** An operation that is under way; ends once. */
    final class Begun {
        private final Audit audit;
        private final Caller who;
        private final String operation;
        private final @Nullable String target;
        private final List<String> keys;
        private final Instant time = Instant.now();
        private final long begin = System.nanoTime();

        private Begun(Audit audit, Caller who, String operation, @Nullable String target, List<String> keys) {
            this.audit = audit;
            this.who = who;
            this.operation = operation;
            this.target = target;
            this.keys = keys;
        }

        /**
         * It ended with a value or a fault.
         *
         * @param value what came of it; of a list of outcomes those that failed are counted
         * @param fault what it failed with, {@code null} if it did not
         */
        public void end(@Nullable Object value, @Nullable Throwable fault) {
            if (fault != null) {
                end(code(fault), null, null);
            } else if (value instanceof List<?> list && !list.isEmpty() && list.get(0) instanceof Outcome<?>) {
                outcomes(list);
            } else {
                end(OK, null, null);
            }
        }

        /**
         * It ended.
         *
         * @param result {@link Audit#OK}, {@link Audit#OVERTAKEN} or the code of an error
         */
        public void end(String result) {
            end(result, null, null);
        }

        private void outcomes(List<?> outcomes) {
            String first = OK;
            int failed = 0;
            for (Object one : outcomes) {
                if (one instanceof Outcome<?> outcome && outcome.error() != null) {
                    first = failed++ == 0 ? outcome.error().code().code() : first;
                }
            }
            end(first, outcomes.size() - failed, failed);
        }

        private void end(String result, @Nullable Integer done, @Nullable Integer failed) {
            Duration took = Duration.ofNanos(System.nanoTime() - begin);
            audit.write(new Line(time, who, operation, target, keys, result, done, failed, took));
        }

        private static String code(Throwable fault) {
            Throwable cause =
                    fault instanceof CompletionException && fault.getCause() != null ? fault.getCause() : fault;
            return cause instanceof NodeException error
                    ? error.code().code()
                    : cause.getClass().getSimpleName().toLowerCase(Locale.ROOT);
        }
    }
}
