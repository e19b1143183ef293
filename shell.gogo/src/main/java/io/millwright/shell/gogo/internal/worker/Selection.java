package io.millwright.shell.gogo.internal.worker;

import io.millwright.controller.api.Document;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.Outcome;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerSelector;
import io.millwright.shell.gogo.internal.CommandFailed;
import io.millwright.shell.gogo.internal.Invocation;
import io.millwright.shell.gogo.internal.UsageError;
import io.millwright.shell.gogo.internal.json.Json;
import io.millwright.shell.gogo.internal.text.Listing;
import java.util.List;
import java.util.function.Function;

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
        WorkerSelector selector = new WorkerSelector(patterns.isEmpty() ? List.of("*") : patterns, types);
        return new Selection(selector, patterns.size() == 1 && isId(patterns.get(0)) && type == null);
    }

    private static boolean isId(String pattern) {
        return pattern.indexOf('*') < 0 && pattern.indexOf('?') < 0;
    }

    /** What to print; when some failed, prints it and fails with the messages. */
    <T extends Document> Object result(
            Invocation call, List<Outcome<T>> outcomes, Function<List<Outcome<T>>, String> table) throws CommandFailed {
        if (single && outcomes.size() == 1) {
            Outcome<T> outcome = outcomes.get(0);
            if (outcome.result() != null) {
                return call.result(outcome.result());
            } else if (outcome.error() != null) {
                throw outcome.error();
            }
        }
        List<NodeException> errors = outcomes.stream()
                .flatMap(outcome -> java.util.stream.Stream.ofNullable(outcome.error()))
                .toList();
        Listing<Outcome<T>> listing = new Listing<>(outcomes, table);
        if (errors.isEmpty()) {
            return call.result(listing);
        }
        call.exitCode(1);
        call.print(call.json() ? Json.write(listing) : listing.text());
        StringBuilder text = new StringBuilder(errors.size() + " of " + outcomes.size() + " failed");
        for (Outcome<T> outcome : outcomes) {
            if (outcome.error() != null) {
                text.append("\n").append(outcome.id()).append(": ");
                text.append(CommandFailed.describe(outcome.error()).replace("\n", "\n  "));
            }
        }
        throw new CommandFailed(text.toString());
    }
}
