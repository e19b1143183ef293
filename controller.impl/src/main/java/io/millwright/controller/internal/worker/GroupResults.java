package io.millwright.controller.internal.worker;

import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.StartResult;
import io.millwright.controller.api.StopResult;
import io.millwright.controller.api.WorkerId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One answer for the instances of a group. */
public final class GroupResults {
    private GroupResults() {}

    /** Answers a start of a group when all its instances are started, or one is not. */
    public static void started(
            WorkerId group, List<CompletableFuture<StartResult>> each, CompletableFuture<StartResult> to) {
        fold(group, "started", each, to, all -> started(group, all));
    }

    /** What is said of a group whose instances are started: the latest time, the longest way, the process of the first. */
    public static StartResult started(WorkerId group, List<StartResult> all) {
        StartResult last =
                all.stream().max(Comparator.comparing(StartResult::started)).orElseThrow();
        return StartResult.of(
                group,
                last.started(),
                last.who(),
                all.get(0).pid(),
                all.stream()
                        .map(StartResult::startupTime)
                        .max(Comparator.naturalOrder())
                        .orElseThrow());
    }

    /** What is said of a group whose instances have stopped: how the last of them has ended. */
    public static StopResult stopped(WorkerId group, List<StopResult> all) {
        StopResult last = all.get(all.size() - 1);
        return StopResult.of(group, last.type(), last.mode(), last.who(), last.when(), last.exit());
    }

    /** Answers when all have, with what is made of their answers, or with the first error. */
    public static <T> void fold(
            WorkerId group,
            String done,
            List<CompletableFuture<T>> each,
            CompletableFuture<T> to,
            Function<List<T>, T> answer) {
        CompletableFuture.allOf(each.toArray(CompletableFuture[]::new)).whenComplete((nothing, fault) -> {
            if (fault == null) {
                to.complete(
                        answer.apply(each.stream().map(CompletableFuture::join).toList()));
                return;
            }
            List<NodeException> errors = new ArrayList<>();
            for (CompletableFuture<T> one : each) {
                one.whenComplete((value, wrong) -> {
                    if (wrong != null) {
                        errors.add(error(wrong));
                    }
                });
            }
            to.completeExceptionally(failed(group, done, errors, each.size()));
        });
    }

    /** The error of a group some of whose instances did not do what was asked. */
    public static NodeException failed(WorkerId group, String done, List<NodeException> errors, int of) {
        NodeException first = errors.get(0);
        String some = errors.size() + " of " + of + " instances of '" + group + "' "
                + (errors.size() == 1 ? "was" : "were") + " not " + done + ": ";
        return new NodeException(
                first.code(), some + first.getMessage(), first.problems(), first.log(), first.exit(), first);
    }

    /** What a stage of a future failed with. */
    public static NodeException error(Throwable fault) {
        Throwable cause = fault instanceof CompletionException && fault.getCause() != null ? fault.getCause() : fault;
        return cause instanceof NodeException error
                ? error
                : new NodeException(ErrorCode.INTERNAL, String.valueOf((@Nullable Object) cause));
    }
}
