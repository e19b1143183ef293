package io.millwright.controller.internal.configured;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.internal.options.InstanceOptions;
import io.millwright.controller.internal.worker.Groups.Group;
import io.millwright.controller.internal.worker.OperatorWords;
import io.millwright.controller.internal.worker.OperatorWords.Scale;
import io.millwright.controller.internal.worker.Registry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The configurations that ask for several instances of a worker, each taken apart into one configuration an instance. Belongs to the
 * controller loop.
 */
final class ConfiguredGroups {
    private final Registry registry;
    private final Function<WorkerId, Optional<Decision.Situation>> situations;
    private final Map<String, Taken> taken = new HashMap<>();
    /** Other numbers of instances than the configurations say, which no operator's word keeps, by PID. */
    private final Map<String, Scale> scales = new HashMap<>();

    private final OperatorWords words;

    /** A configuration in force, and what it was taken apart into. */
    private record Taken(Configured whole, List<Configured> parts) {}

    ConfiguredGroups(
            Registry registry, Function<WorkerId, Optional<Decision.Situation>> situations, OperatorWords words) {
        this.registry = registry;
        this.words = words;
        this.situations = situations;
    }

    /** Whether a configuration asks for a group, or did so before. */
    boolean concerns(Configured configured) {
        return !configured.isPart()
                && (InstanceOptions.isGroup(configured.spec()) || taken.containsKey(configured.pid()));
    }

    /** The configuration of a group as it was taken last. */
    @Nullable
    Configured whole(String pid) {
        Taken before = taken.get(pid);
        return before == null ? null : before.whole();
    }

    /** What a configuration in force was taken apart into; empty if it is of no group. */
    List<Configured> parts(String pid) {
        Taken before = taken.get(pid);
        return before == null ? List.of() : before.parts();
    }

    /** How many instances there are to be. */
    private int count(Configured whole) {
        if (!InstanceOptions.problems(whole.spec()).isEmpty()) {
            // A number that is wrong changes nothing: each instance refuses it, if it is of this group.
            Configured before = whole(whole.pid());
            boolean isSame =
                    before != null && before.spec().id().equals(whole.spec().id());
            return isSame ? parts(whole.pid()).size() : 0;
        }
        int count = InstanceOptions.count(whole.spec());
        Scale scale = scale(whole.pid());
        return scale != null && scale.configured() == count ? scale.count() : count;
    }

    /** One configuration an instance; itself alone if it asks for no group, or for none that there can be. */
    List<Configured> partsOf(Configured whole) {
        int count = InstanceOptions.isGroup(whole.spec()) ? count(whole) : 0;
        List<Configured> parts = new ArrayList<>();
        for (int number = 1; number <= count; number++) {
            parts.add(whole.instance(number));
        }
        return parts.isEmpty() ? List.of(whole) : parts;
    }

    /** The ids that a configuration asks for, that of its group among them. */
    Set<WorkerId> claims(Configured whole) {
        Set<WorkerId> ids = new LinkedHashSet<>();
        ids.add(whole.spec().id());
        partsOf(whole).forEach(part -> ids.add(part.spec().id()));
        return ids;
    }

    /** Why the ids a group would take are not free, {@code null} if they are. */
    @Nullable
    String refusal(Configured whole) {
        return refusal(whole, situations);
    }

    /** The same if the workers were otherwise. */
    @Nullable
    String refusal(Configured whole, Function<WorkerId, Optional<Decision.Situation>> assumed) {
        for (WorkerId id : claims(whole)) {
            Decision.Situation now = assumed.apply(id).orElse(null);
            if (now == null || now.pid() != null && Configured.whole(now.pid()).equals(whole.pid())) {
                continue;
            }
            String taker = asks(whole, id);
            if (now.pid() != null) {
                return taker + IdClaims.outranked(id, now.source());
            } else if (now.pending() || now.isLive() && !now.isEnding()) {
                return taker + "worker '" + id + "' was started by a call and runs; stop it, or choose another id";
            }
        }
        return null;
    }

    /** The beginning of a sentence on an id that a group cannot have. */
    static String asks(Configured whole, WorkerId id) {
        return "'" + whole.spec().id() + "' asks for the id " + id + ", and ";
    }

    /** Whether a configuration asks for each worker that stands by an earlier one. */
    boolean keepsAll(Configured whole, List<Configured> standing) {
        List<Configured> parts = partsOf(whole);
        return standing.stream().allMatch(old -> parts.stream()
                .anyMatch(part -> part.pid().equals(old.pid())
                        && part.spec().id().equals(old.spec().id())));
    }

    /** Takes a configuration, and says which parts of the one before are not asked for any more. */
    List<Configured> take(Configured whole) {
        Scale scale = scale(whole.pid());
        if (scale != null
                && InstanceOptions.isGroup(whole.spec())
                && InstanceOptions.problems(whole.spec()).isEmpty()
                && scale.configured() != InstanceOptions.count(whole.spec())) {
            unscale(whole.pid());
        }
        List<Configured> parts = partsOf(whole);
        List<Configured> gone = new ArrayList<>(parts(whole.pid()));
        gone.removeIf(old -> parts.stream()
                .anyMatch(part -> part.pid().equals(old.pid())
                        && part.spec().id().equals(old.spec().id())));
        Configured before = whole(whole.pid());
        if (before != null
                && (!before.spec().id().equals(whole.spec().id())
                        || !parts.get(0).isPart())) {
            registry.groups.remove(before.spec().id());
        }
        if (parts.get(0).isPart()) {
            taken.put(whole.pid(), new Taken(whole, parts));
            registry.groups.put(new Group(whole.spec(), parts.size(), whole.pid(), whole.source(), whole.origin()));
        } else {
            forget(whole.pid());
        }
        return gone;
    }

    /** A configuration is deleted; its group is gone with the last of its workers. */
    void forget(String pid) {
        Taken before = taken.remove(pid);
        unscale(pid);
        Group group = before == null
                ? null
                : registry.groups.find(before.whole().spec().id());
        if (group == null || !pid.equals(group.pid())) {
            return;
        }
        if (group.instances().stream().allMatch(one -> registry.find(one) == null)) {
            registry.groups.remove(group.id());
        } else {
            registry.groups.put(group.withoutConfiguration());
        }
    }

    /** The group of a worker, if no configuration asks for it and nothing of it runs any more. */
    @Nullable
    WorkerId ended(WorkerId worker) {
        Group own = registry.groups.of(worker);
        return own != null && situation(own.id()).isEmpty() ? own.id() : null;
    }

    /**
     * A worker has an id for itself that was that of a group, or of an instance, of which nothing runs.
     *
     * @return the group that is no more with it, {@code null} if there was none
     */
    @Nullable
    WorkerId release(WorkerId id) {
        WorkerId ended = ended(id);
        if (ended != null) {
            registry.groups.remove(ended);
        }
        if (situation(id).isEmpty()) {
            registry.groups.remove(id);
        }
        return ended;
    }

    private @Nullable Scale scale(String pid) {
        Scale passing = scales.get(pid);
        return passing != null ? passing : words.scaleOf(pid);
    }

    private void unscale(String pid) {
        scales.remove(pid);
        words.unscaled(pid);
    }

    /**
     * Another number of instances than the configuration says, until that says another one.
     *
     * @param kept whether it is an operator's word, which holds in the node's next lives too
     */
    void scale(Configured whole, int count, boolean kept, Caller caller, Instant now) {
        int configured = InstanceOptions.count(whole.spec());
        Scale scale = new Scale(configured, count, caller.toString(), now);
        unscale(whole.pid());
        if (count == configured) {
            return;
        } else if (kept) {
            words.scaled(whole.pid(), scale);
        } else {
            scales.put(whole.pid(), scale);
        }
    }

    /** The way back from a number that cannot be. */
    Runnable undoScale(String pid) {
        Scale passing = scales.get(pid);
        Scale kept = words.scaleOf(pid);
        return () -> {
            unscale(pid);
            if (passing != null) {
                scales.put(pid, passing);
            } else if (kept != null) {
                words.scaled(pid, kept);
            }
        };
    }

    /** The group that has an id, or is that id, as far as configurations mind. */
    Optional<Decision.Situation> situation(WorkerId id) {
        Group group = registry.groups.find(id);
        if (group == null) {
            return Optional.empty();
        }
        boolean lives = group.instances().stream()
                .map(situations)
                .flatMap(Optional::stream)
                .anyMatch(one -> one.isLive() || one.pending());
        boolean configured = group.pid() != null && taken.containsKey(group.pid());
        return configured || lives
                ? Optional.of(Decision.Situation.group(
                        id, group.spec().type(), configured ? group.pid() : null, group.source(), lives))
                : Optional.empty();
    }
}
