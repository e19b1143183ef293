package io.millwright.shell.gogo.internal.worker;

import io.millwright.controller.api.Document;
import io.millwright.controller.api.NodeController;
import io.millwright.controller.api.Outcome;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerSelector;
import io.millwright.controller.api.text.Json;
import io.millwright.shell.gogo.internal.CommandFailed;
import io.millwright.shell.gogo.internal.Invocation;
import io.millwright.shell.gogo.internal.UsageError;
import io.millwright.shell.gogo.internal.text.Listing;
import io.millwright.shell.gogo.internal.text.Screen;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/**
 * The workers a command is for, and what it says of what became of them.
 *
 * @param selector which
 * @param single whether it is one plain id, answered like the operation on one worker
 */
record Selection(WorkerSelector selector, boolean single) {
    /** Reads ids, globs, {@code --all} and {@code --type}. */
    static Selection of(Invocation call) {
        List<String> patterns = call.arguments().allWords();
        String type = call.arguments().value("--type");
        boolean all = call.arguments().has("--all");
        if (all && !patterns.isEmpty()) {
            throw new UsageError("--all and '" + patterns.get(0) + "' exclude each other");
        }
        if (!all && patterns.isEmpty() && type == null) {
            throw new UsageError("no worker is named: an id, a glob or --all is missing");
        }
        for (String pattern : patterns) {
            if (isId(pattern)) {
                // an id that cannot be one is refused before anything is done
                new WorkerId(pattern);
            }
        }
        List<String> types = type == null ? List.of() : List.of(type);
        if (patterns.size() == 1 && isId(patterns.get(0))) {
            call.about(new WorkerId(patterns.get(0)));
        }
        WorkerSelector selector =
                WorkerSelector.of(patterns.isEmpty() ? List.of("*") : patterns).withTypes(types);
        return new Selection(selector, patterns.size() == 1 && isId(patterns.get(0)) && type == null);
    }

    private static boolean isId(String pattern) {
        return pattern.indexOf('*') < 0 && pattern.indexOf('?') < 0;
    }

    /**
     * What to print. When some failed, prints what became of the others and fails with what became of those: each worker is
     * told of once.
     */
    <T extends Document> Object result(
            Invocation call,
            NodeController node,
            List<Outcome<T>> outcomes,
            BiFunction<List<Outcome<T>>, Screen, String> table)
            throws CommandFailed {
        if (single && outcomes.size() == 1) {
            Outcome<T> outcome = outcomes.get(0);
            if (outcome.result() != null) {
                return call.result(outcome.result());
            } else if (outcome.error() != null) {
                throw outcome.error();
            }
        }
        List<Outcome<T>> done =
                outcomes.stream().filter(outcome -> outcome.error() == null).toList();
        int failed = outcomes.size() - done.size();
        if (failed == 0) {
            return call.result(new Listing<>(
                    outcomes,
                    (all, screen) -> all.isEmpty() ? Unmatched.sentence(selector, node) : table.apply(all, screen)));
        }
        call.exitCode(1);
        String summary = failed + " of " + outcomes.size() + " failed";
        if (call.json()) {
            call.print(Json.write(outcomes));
        } else if (!done.isEmpty()) {
            call.print(table.apply(done, call.screen()));
        }
        List<String> failures = new ArrayList<>();
        for (Outcome<T> outcome : outcomes) {
            if (outcome.error() != null) {
                failures.add(outcome.id() + ": "
                        + CommandFailed.describe(outcome.error()).replace("\n", "\n  "));
            }
        }
        throw CommandFailed.of(summary, failures);
    }
}
