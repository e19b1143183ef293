package io.millwright.controller.internal.node;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.Operation;
import io.millwright.controller.api.Role;
import io.millwright.controller.internal.log.Audit;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What every operation of a view goes through: its role is looked at, its caller is fixed, and what changes something is noted in the
 * audit log, refused or not. Thread-safe.
 */
final class Gate {
    private final Audit audit;
    private final @Nullable Caller fixed;
    private final Role role;
    /** The callers in the middle of an operation, and its target; of all gates of a node. */
    private final Map<Object, Caller> unfinished;

    /**
     * A gate.
     *
     * @param audit takes what changes something
     * @param fixed in whose name all is done; {@code null} for the caller that each operation names
     * @param role what may be asked for
     */
    Gate(Audit audit, @Nullable Caller fixed, Role role) {
        this(audit, fixed, role, new ConcurrentHashMap<>());
    }

    private Gate(Audit audit, @Nullable Caller fixed, Role role, Map<Object, Caller> unfinished) {
        this.unfinished = unfinished;
        this.audit = audit;
        this.fixed = fixed;
        this.role = role;
    }

    /** The gate of one caller. */
    Gate as(Caller caller, Role narrower) {
        if (fixed != null) {
            throw new NodeException(
                    ErrorCode.NOT_AUTHORIZED,
                    "this is the view of " + fixed + "; views of other callers are made by the node's own service");
        }
        return new Gate(
                audit,
                NodeOperations.argument(caller, "caller"),
                NodeOperations.argument(narrower, "role"),
                unfinished);
    }

    /** Refuses an operation that the role does not cover. */
    void require(Operation operation) {
        if (!role.covers(operation.role())) {
            throw new NodeException(
                    ErrorCode.NOT_AUTHORIZED,
                    (fixed == null ? "the caller" : fixed.who()) + " may not ask for " + operation.text()
                            + ": that takes the role '" + operation.role().text() + "', and this is '" + role.text()
                            + "'");
        }
    }

    /** Reads at once. */
    <T> T read(Operation operation, Supplier<T> reading) {
        require(operation);
        return reading.get();
    }

    /** Reads, answered later. */
    <T> CompletionStage<T> readLater(Operation operation, Supplier<? extends CompletionStage<T>> reading) {
        try {
            require(operation);
        } catch (NodeException refused) {
            return CompletableFuture.failedFuture(refused);
        }
        return reading.get();
    }

    /** Changes something at once. */
    <T> T change(Operation operation, @Nullable Caller asked, Collection<String> keys, Function<Caller, T> change) {
        Caller caller = caller(asked);
        Audit.Begun begun = audit.begin(caller, operation.text(), null, keys);
        try {
            require(operation);
            T value = change.apply(caller);
            begun.end(value, null);
            return value;
        } catch (RuntimeException | Error fault) {
            begun.end(null, fault);
            throw fault;
        }
    }

    /** Changes something, answered later: the audit log has it before the caller has the answer. */
    <T> CompletionStage<T> changeLater(
            Operation operation,
            @Nullable Caller asked,
            @Nullable Object target,
            Collection<String> keys,
            Function<Caller, ? extends CompletionStage<T>> change) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        try {
            Caller caller = caller(asked);
            Audit.Begun begun = audit.begin(caller, operation.text(), target == null ? null : target.toString(), keys);
            try {
                require(operation);
                change.apply(caller).whenComplete((value, fault) -> {
                    begun.end(value, fault);
                    answer(answer, value, fault);
                });
            } catch (RuntimeException | Error fault) {
                begun.end(null, fault);
                throw fault;
            }
        } catch (RuntimeException | Error refused) {
            answer.completeExceptionally(refused);
        }
        return answer;
    }

    /** As {@link #changeLater}, of an operation in pieces: the first has its line in the audit log, and each other that fails. */
    <T> CompletionStage<T> changeInPieces(
            Operation operation,
            @Nullable Caller asked,
            @Nullable Object target,
            boolean goesOn,
            Function<Caller, ? extends CompletionStage<T>> change) {
        Caller caller = fixed == null ? asked : fixed;
        if (caller == null || target == null) {
            return changeLater(operation, asked, target, List.of(), change);
        }
        Caller before = goesOn ? unfinished.put(target, caller) : unfinished.remove(target);
        return caller.equals(before)
                ? changeElsewhere(operation, asked, target, change)
                : changeLater(operation, asked, target, List.of(), change);
    }

    /** As {@link #changeLater}, of what writes its own line in the audit log when it is done; here only its refusal is written. */
    <T> CompletionStage<T> changeElsewhere(
            Operation operation,
            @Nullable Caller asked,
            @Nullable Object target,
            Function<Caller, ? extends CompletionStage<T>> change) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        try {
            Caller caller = caller(asked);
            Audit.Begun begun =
                    audit.begin(caller, operation.text(), target == null ? null : target.toString(), List.of());
            try {
                require(operation);
            } catch (NodeException refused) {
                begun.end(null, refused);
                throw refused;
            }
            change.apply(caller).whenComplete((value, fault) -> {
                if (fault != null) {
                    begun.end(null, fault);
                }
                answer(answer, value, fault);
            });
        } catch (RuntimeException | Error refused) {
            answer.completeExceptionally(refused);
        }
        return answer;
    }

    private static <T> void answer(CompletableFuture<T> answer, T value, @Nullable Throwable fault) {
        if (fault != null) {
            answer.completeExceptionally(
                    fault instanceof CompletionException && fault.getCause() != null ? fault.getCause() : fault);
        } else {
            answer.complete(value);
        }
    }

    private Caller caller(@Nullable Caller asked) {
        return fixed != null ? fixed : NodeOperations.argument(asked, "caller");
    }
}
