package io.millwright.controller.internal.configured;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.internal.log.Audit;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Has changes of configurations in the audit log: those that a file, Config Admin or a console makes. What a caller has asked the node
 * for is there as that operation, and what changes nothing is not there. Belongs to the controller loop.
 */
final class ConfigurationAudit {
    private final Audit audit;
    private final SavedWorkers saved;

    ConfigurationAudit(Audit audit, SavedWorkers saved) {
        this.audit = audit;
        this.saved = saved;
    }

    /**
     * A configuration is made or changed; to be told whether it was taken.
     *
     * @param newest whether no other one of its PID has come since; called by any thread
     */
    BiConsumer<Boolean, Throwable> change(@Nullable Configured before, Configured now, BooleanSupplier newest) {
        if (saved.isAsked(now.pid()) || (before != null && before.spec().equals(now.spec()))) {
            return (taken, fault) -> {};
        }
        Audit.Begun begun = audit.begin(
                author(now), Audit.UPDATE_CONFIGURATION, now.spec().id().value(), keys(before, now));
        return (taken, fault) -> {
            if (!newest.getAsBoolean()) {
                begun.end(Audit.OVERTAKEN);
            } else if (fault == null && !taken) {
                begun.end(ErrorCode.INVALID_CONFIGURATION.code());
            } else {
                begun.end(taken, fault);
            }
        };
    }

    /** A configuration is deleted; to be told how its worker ended. */
    BiConsumer<Void, Throwable> remove(String pid, @Nullable Configured last) {
        if (saved.isAsked(pid)) {
            return (gone, fault) -> {};
        }
        Caller caller = last == null ? Caller.config(pid) : author(last);
        String target = last == null ? pid : last.spec().id().value();
        return audit.begin(caller, Audit.DELETE_CONFIGURATION, target, List.of())::end;
    }

    /** A configuration as a caller; one that a file holds comes from there. */
    private static Caller author(Configured configured) {
        Caller caller = Caller.config(configured.pid());
        return configured.source().endsWith(configured.pid()) ? caller : caller.withAddress(configured.source());
    }

    private static Collection<String> keys(@Nullable Configured before, Configured now) {
        Map<String, ? extends @Nullable Object> is = now.spec().options();
        if (before == null) {
            return Audit.keys(is);
        }
        Map<String, ? extends @Nullable Object> was = before.spec().options();
        Set<String> keys = new TreeSet<>(is.keySet());
        keys.addAll(was.keySet());
        keys.removeIf(key -> Objects.deepEquals(is.get(key), was.get(key)));
        return keys;
    }
}
