package io.millwright.controller.internal.simulation;

import io.millwright.controller.api.NodeEvent;
import io.millwright.controller.api.ShutdownInfo;
import io.millwright.controller.api.WaitReason;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerRun;
import io.millwright.controller.api.event.EventProperties;
import io.millwright.controller.api.event.NodeTopics;
import io.millwright.controller.api.shutdown.ShutdownTrigger.Verdict;
import io.millwright.controller.internal.node.Core;
import io.millwright.controller.internal.node.NodeSettings;
import io.millwright.controller.internal.simulation.FakeBackend.FakeProcess;
import io.millwright.controller.internal.worker.Worker;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What must be true of shutdown triggers and of the shutdown's end: each active trigger is asked once about each exit that no restart
 * follows, in order, and of nothing else; one that has gone has no say; the first word ends the node, and nothing else does; the
 * participants are asked once, when nothing runs any more.
 */
final class TriggerModel {
    /** An end of a worker that was published. */
    private static final class End {
        final WorkerId id;
        final boolean requested;
        /** What tells it from others of its worker. */
        final String mark;

        /** No restart follows, for certain. */
        boolean isFinal;
        /** The triggers that were active then, and have not been asked. */
        final List<String> toAsk = new ArrayList<>();
        /** Those that were active all the time since. */
        final Set<String> must = new TreeSet<>();
        /** How many workers lived at some time since. */
        final Set<Integer> counts = new HashSet<>();
        /** At some time since nothing lived, and no start was being checked. */
        boolean wasLast;

        End(WorkerId id, boolean requested, String mark) {
            this.id = id;
            this.mark = mark;
            this.requested = requested;
        }
    }

    /**
     * A word that ends the node.
     *
     * @param who who says it
     * @param clean whether no error is the cause
     */
    private record Word(String who, boolean clean) {}

    private final Model model;
    private final FakeBackend backend;
    private final List<End> fresh = new ArrayList<>();
    private final List<End> ends = new ArrayList<>();
    private final List<Word> words = new ArrayList<>();
    private final List<String> released = new ArrayList<>();
    private Set<String> bound = Set.of();
    private NodeSettings settings = NodeSettings.DEFAULT;
    private @Nullable Core core;
    private @Nullable Word begun;

    TriggerModel(Model model, FakeBackend backend) {
        this.model = model;
        this.backend = backend;
    }

    void core(Core now) {
        core = now;
    }

    private Core core() {
        return Objects.requireNonNull(core, "no core");
    }

    /** The triggers that are there. */
    void bound(List<String> names) {
        bound = new TreeSet<>(names);
        excuse();
    }

    /** The triggers that are configured. */
    void configured(NodeSettings now) {
        settings = now;
        excuse();
    }

    /** What is not active at some time need not be asked any more. */
    private void excuse() {
        ends.forEach(end -> end.must.removeIf(name -> !isActive(name)));
    }

    private boolean isAsked(String name, End end) {
        return isActive(name)
                && (!end.requested || settings.countRequested() && SimulatedTriggers.NAMES.getOrDefault(name, false));
    }

    private boolean isActive(String name) {
        return bound.contains(name) && settings.triggers().contains(name);
    }

    void event(NodeEvent event) {
        Map<String, ?> properties = event.properties();
        if (event.topic().equals(NodeTopics.NODE_SHUTDOWN)) {
            String who = String.valueOf(properties.get(EventProperties.WHO));
            Word word = new Word(who, Boolean.TRUE.equals(properties.get(EventProperties.WAS_CLEAN)));
            // What a trigger says is void if it is not active any more.
            model.check(words.contains(word), word + " ends the node, and was not said: " + words);
            begun = word;
        } else if (event.topic().equals(NodeTopics.WORKER_BACKOFF)
                || event.topic().equals(NodeTopics.WORKER_STARTING)) {
            // Another run follows, even if that ends in the same turn of the loop.
            fresh.removeIf(end -> end.id.value().equals(properties.get(EventProperties.WORKER_ID)));
        } else if (event.topic().equals(NodeTopics.WORKER_EXITED)
                || event.topic().equals(NodeTopics.WORKER_FAILED)) {
            End end = new End(
                    new WorkerId(String.valueOf(properties.get(EventProperties.WORKER_ID))),
                    "requested".equals(properties.get(EventProperties.EXIT_CLASS)),
                    mark(properties.get(EventProperties.WORKER_PID), properties.get(EventProperties.EXIT_REASON)));
            // Others may end in the same turn of the loop.
            end.counts.add(count());
            fresh.add(end);
        }
    }

    private static String mark(@Nullable Object pid, @Nullable Object reason) {
        return pid + " " + reason;
    }

    /** An operator's word, just before it is heard. */
    void shutdown(String who) {
        words.add(new Word(who, true));
    }

    void fires(String name, Verdict verdict) {
        words.add(new Word("trigger:" + name, !verdict.error()));
    }

    /** After each step: whether a restart follows the ends in it. */
    void afterStep() {
        int count = count();
        boolean onTheWay = !core().starter.isIdle();
        for (End end : fresh) {
            Worker worker = core().registry.find(end.id);
            boolean lives = worker != null && worker.isLive();
            end.isFinal = !lives && !core().starter.isPending(end.id);
            if (lives) {
                continue;
            }
            settings.triggers().stream().filter(name -> isAsked(name, end)).forEach(end.toAsk::add);
            if (end.isFinal && begun == null) {
                end.must.addAll(end.toAsk);
            }
            ends.add(end);
        }
        fresh.clear();
        for (End end : ends) {
            end.counts.add(count);
            end.wasLast |= count == 0 && !onTheWay;
        }
    }

    private int count() {
        return (int) core().registry.all().stream()
                .filter(worker -> worker.isLive()
                        && !Model.waits(worker, WaitReason.DEMAND)
                        && !Model.waits(worker, WaitReason.SCHEDULE))
                .count();
    }

    /** A trigger is asked: about the first end that it has to be asked about, or about one that it need not be. */
    void asked(String name, WorkerRun run, int left) {
        model.check(isActive(name), name + " is asked, and is not active");
        String mark = mark(run.pid(), run.exit().reason());
        List<End> alike = ends.stream()
                .filter(each -> each.id.equals(run.id()) && each.mark.equals(mark) && each.toAsk.contains(name))
                .toList();
        if (alike.isEmpty()) {
            model.check(false, name + " is asked about an end that was none, or once more: " + run);
            return;
        }
        End end = alike.get(0);
        if (end.must.contains(name)) {
            End first = ends.stream()
                    .filter(each -> each.must.contains(name))
                    .findFirst()
                    .orElse(end);
            model.check(
                    first == end, name + " is asked about " + run.id() + " before it is about the end of " + first.id);
        } else {
            // Of ends that look alike, of which not all have to be asked about, nobody can tell which one it is.
            alike.forEach(each -> each.must.remove(name));
        }
        end.toAsk.remove(name);
        end.must.remove(name);
        model.check(
                end.counts.contains(left) && (left > 0 || end.wasLast),
                name + " is told that " + left + " workers live beside " + run.id() + ", there were " + end.counts
                        + (end.wasLast ? "" : ", or starts on their way"));
    }

    /** A participant of the shutdown is asked. */
    void releases(String name, ShutdownInfo info) {
        model.check(begun != null && begun.who().equals(info.who().who()), name + " is told of " + info);
        model.check(!released.contains(name), name + " is asked twice");
        released.add(name);
        backend.processes.stream()
                .filter(FakeProcess::isAlive)
                .filter(left -> !isAbandoned(left.id))
                .forEach(left -> model.check(false, name + " is asked beside " + left));
    }

    /** Whether a process of a worker did not die when it was told to: the shutdown does not wait for that worker. */
    private boolean isAbandoned(WorkerId id) {
        return backend.processes.stream().anyMatch(one -> one.id.equals(id) && one.hasResisted);
    }

    /** Once everything is quiet. */
    void quiet(boolean done, @Nullable Integer exitCode) {
        Word first = begun;
        boolean byOperator = words.stream().anyMatch(word -> !word.who().startsWith("trigger:"));
        model.check(first != null || !byOperator, "the node goes on, and it was said: " + words);
        model.check(first == null || done, "the shutdown never ends");
        model.check(first != null || !done, "a shutdown ended that was none");
        if (first == null) {
            for (End end : ends) {
                model.check(end.must.isEmpty(), end.must + " are not asked about an end of " + end.id);
            }
            return;
        }
        model.check(new TreeSet<>(released).equals(Set.of("p0", "p1")), "participants were asked: " + released);
        if (exitCode != null) {
            model.check(
                    exitCode == (first.clean() ? 0 : 1)
                            || exitCode == 1 && backend.processes.stream().anyMatch(each -> each.hasResisted),
                    "the exit code is " + exitCode + " after " + first);
        }
    }
}
