package io.millwright.controller.internal.configured;

import io.millwright.controller.api.ConfigurationChange;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.PlannedChange;
import io.millwright.controller.api.PlannedChange.Action;
import io.millwright.controller.api.Problem;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.internal.options.NodeOptions;
import io.millwright.controller.internal.worker.Groups;
import io.millwright.controller.internal.worker.Worker;
import io.millwright.options.Checked;
import io.millwright.options.OptionChanges;
import io.millwright.options.OptionChecker;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The plan of several changes at once: a later one meets what an earlier one would have left. Used once; begins in the loop. */
final class ConfigurationBatch {
    private final ConfigurationPlans plans;
    private final ConfiguredWorkers workers;
    /** What is decided of workers that end, by id. */
    private final Map<String, PlannedChange> fixed = new HashMap<>();
    /** Configurations that get no worker. */
    private final List<PlannedChange> refused = new ArrayList<>();

    /** What is decided of remote management. */
    private final List<PlannedChange> remotes = new ArrayList<>();

    private final Map<WorkerId, Optional<Decision.Situation>> after = new HashMap<>();
    /** The configurations of this batch that have an id. */
    private final Map<WorkerId, Configured> claimed = new HashMap<>();

    private final Set<String> told = new HashSet<>();
    private final List<CompletableFuture<PlannedChange>> open = new ArrayList<>();
    /** Of configurations that stay as they are and meet other options of every worker. */
    private final List<CompletableFuture<PlannedChange>> touched = new ArrayList<>();

    private ConfigurationPlans assumed;

    ConfigurationBatch(ConfigurationPlans plans) {
        this.plans = plans;
        this.workers = plans.workers;
        this.assumed = plans;
    }

    /** What one configuration would do. */
    CompletableFuture<List<PlannedChange>> plan(Configured configured) {
        write(configured);
        return result(null);
    }

    /** What changes would do, in their order. */
    CompletableFuture<List<PlannedChange>> plan(List<ConfigurationChange> changes) {
        PlannedChange own = null;
        for (ConfigurationChange change : changes) {
            told.add(change.pid());
            if (change.pid().equals(NodeOptions.PID)) {
                own = own(change.properties() == null ? Map.of() : change.properties());
            }
        }
        for (ConfigurationChange change : changes) {
            Map<String, Object> properties = change.properties();
            if (change.pid().equals(NodeOptions.PID)) {
                continue;
            } else if (RemotePlans.isRemote(change.pid())) {
                remotes.add(RemotePlans.plan(change));
            } else if (properties == null) {
                delete(change.pid());
            } else if (factory(change.pid()) != null) {
                write(change.pid(), Objects.requireNonNull(factory(change.pid())), properties);
            }
        }
        if (assumed != plans) {
            for (Configured configured : workers.versions().all()) {
                if (!told.contains(Configured.whole(configured.pid()))) {
                    touched.add(assumed.again(configured));
                }
            }
        }
        return result(own);
    }

    private CompletableFuture<List<PlannedChange>> result(@Nullable PlannedChange first) {
        return CompletableFuture.allOf(
                        Stream.concat(open.stream(), touched.stream()).toArray(CompletableFuture[]::new))
                .thenApply(nothing -> {
                    List<PlannedChange> all = new ArrayList<>(refused);
                    open.forEach(change -> all.add(change.join()));
                    add(fixed.values(), all);
                    add(
                            touched.stream()
                                    .map(CompletableFuture::join)
                                    .filter(change -> change.action() != Action.UNCHANGED)
                                    .toList(),
                            all);
                    all.sort(Comparator.comparing(PlannedChange::id, Groups.BY_NUMBER));
                    remotes.sort(Comparator.comparing(PlannedChange::id));
                    all.addAll(0, remotes);
                    if (first != null) {
                        all.add(0, first);
                    }
                    return all;
                });
    }

    /** Changes of workers of which nothing is said yet. */
    private static void add(Collection<PlannedChange> more, List<PlannedChange> all) {
        Set<String> said = all.stream().map(PlannedChange::id).collect(Collectors.toSet());
        more.stream().filter(change -> !said.contains(change.id())).forEach(all::add);
    }

    private static @Nullable String factory(String pid) {
        int tilde = pid.indexOf('~');
        return tilde > 0 && pid.startsWith(Configured.PREFIX) ? pid.substring(0, tilde) : null;
    }

    private Optional<Decision.Situation> situation(WorkerId id) {
        Optional<Decision.Situation> changed = after.get(id);
        return changed != null ? changed : workers.claims().situation(id);
    }

    private void delete(String pid) {
        end(pid, Set.of(), "no longer configured");
        Configured whole = workers.claims().groups().whole(pid);
        if (whole != null) {
            after.put(whole.spec().id(), Optional.empty());
        }
    }

    /** The workers of a configuration end, but for those that it still asks for. */
    private void end(String pid, Set<WorkerId> kept, String why) {
        for (Worker worker : plans.registry.all()) {
            if (worker.definition.pid == null
                    || !pid.equals(Configured.whole(worker.definition.pid))
                    || kept.contains(worker.id)) {
                continue;
            }
            Decision.Situation before = workers.claims().situation(worker);
            boolean stops = before.isLive() || before.pending();
            after.put(worker.id, stops || worker.exit != null ? Optional.of(before.deleted()) : Optional.empty());
            fixed.put(
                    worker.id.value(),
                    ConfigurationPlans.change(
                            worker.definition.spec, stops ? Action.STOP : Action.REMOVE, List.of(), why));
        }
    }

    private void write(String pid, String factoryPid, Map<String, Object> properties) {
        try {
            write(Configured.of(pid, factoryPid, properties));
        } catch (NodeException e) {
            refused.add(PlannedChange.of(pid, null, Action.REFUSED, List.of(), e.getMessage(), List.of()));
        }
    }

    private void write(Configured whole) {
        ConfiguredGroups groups = workers.claims().groups();
        WorkerSpec spec = whole.spec();
        boolean concerned = groups.concerns(whole);
        String refusal = concerned ? groups.refusal(whole, this::situation) : null;
        if (refusal == null) {
            refusal = claim(whole);
        }
        if (refusal != null) {
            refused.add(
                    PlannedChange.of(spec.id().value(), spec.type(), Action.REFUSED, List.of(), refusal, List.of()));
            return;
        }
        if (concerned) {
            endOthers(whole);
        }
        List<Configured> parts = groups.partsOf(whole);
        boolean alone = concerned && !parts.get(0).isPart();
        for (Configured part : parts) {
            WorkerId id = part.spec().id();
            // The id of a group that becomes a worker is free.
            Optional<Decision.Situation> found = alone ? workers.claims().situationAlone(id) : after.get(id);
            open.add(assumed.configuration(
                    part, () -> found != null ? found : workers.claims().situation(id)));
        }
    }

    /** Instances that are too many end; so do a worker that becomes a group, and the instances of a group that becomes a worker. */
    private void endOthers(Configured whole) {
        List<Configured> parts = workers.claims().groups().partsOf(whole);
        Set<WorkerId> kept = new HashSet<>();
        parts.forEach(part -> kept.add(part.spec().id()));
        String instances = parts.size() == 1 ? " instance" : " instances";
        String why = parts.get(0).isPart() ? "asks for " + parts.size() + instances : "asks for no instances";
        end(whole.pid(), kept, "'" + whole.spec().id() + "' " + why);
    }

    /** Takes the ids of a configuration, unless others of this batch have them; says why not. */
    private @Nullable String claim(Configured whole) {
        Set<WorkerId> ids = workers.claims().groups().claims(whole);
        for (WorkerId id : ids) {
            Configured holder = claimed.get(id);
            if (holder != null && !holder.pid().equals(whole.pid())) {
                String outranked = IdClaims.outranked(id, holder.source());
                return ids.size() == 1 ? outranked : ConfiguredGroups.asks(whole, id) + outranked;
            }
        }
        for (WorkerId id : ids) {
            Decision.Situation now = situation(id).orElse(null);
            if (now == null || now.pid() == null || Configured.whole(now.pid()).equals(whole.pid())) {
                claimed.put(id, whole);
            }
        }
        return null;
    }

    private PlannedChange own(Map<String, Object> properties) {
        Checked checked = plans.nodeOptions.apply(OptionChecker.stripReserved(properties));
        List<Problem> problems = checked.problems();
        Set<String> keys =
                OptionChanges.keys(NodeOptions.definitions(), plans.presentNodeOptions.get(), checked.values(), false);
        if (problems.isEmpty()
                && !NodeOptions.workerDefaults(checked.values())
                        .equals(NodeOptions.workerDefaults(plans.presentNodeOptions.get()))) {
            assumed = plans.assuming(NodeOptions.workerDefaults(checked.values()));
        }
        Action action = !problems.isEmpty() ? Action.REFUSED : keys.isEmpty() ? Action.UNCHANGED : Action.IN_PLACE;
        return PlannedChange.of(PlannedChange.NODE, null, action, List.copyOf(keys), null, problems);
    }
}
