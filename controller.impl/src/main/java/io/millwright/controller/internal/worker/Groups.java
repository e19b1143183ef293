package io.millwright.controller.internal.worker;

import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.internal.options.InstanceOptions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * The groups of instances there are, by id. A worker is an instance of a group by its name alone, {@code GROUP-NUMBER}: other workers
 * of such names are refused. Changed by the controller loop only; read by any thread.
 */
public final class Groups {
    /** Ids in the order of letters, but those of the instances of a group in the order of their numbers. */
    public static final Comparator<String> BY_NUMBER = Comparator.comparing(Groups::withoutNumber)
            .thenComparingInt(String::length)
            .thenComparing(Comparator.naturalOrder());

    private static String withoutNumber(String id) {
        int digits = id.length();
        while (digits > 0 && id.charAt(digits - 1) >= '0' && id.charAt(digits - 1) <= '9') {
            digits--;
        }
        boolean isNumbered = digits < id.length() && digits > 0 && id.charAt(digits - 1) == '-';
        return isNumbered ? id.substring(0, digits - 1) : id;
    }

    /** How the reason begins of an instance that goes on as it was because another could not be restarted as it should be. */
    public static final String HELD_BACK = "its changed configuration is held back";

    /** The same where files have changed. */
    public static final String FILES_HELD_BACK = "its restart for changed files is held back";

    /** Whether an instance has yet to be restarted for files that have changed, because another could not be. */
    public static boolean isHeldBackForFiles(Worker worker) {
        return worker.reason != null && worker.reason.startsWith(FILES_HELD_BACK);
    }

    private final ConcurrentSkipListMap<WorkerId, Group> groups = new ConcurrentSkipListMap<>();
    private Runnable changed = () -> {};

    /**
     * One group. Immutable.
     *
     * @param spec what its instances are made from; its id is the group's
     * @param count how many instances it has
     * @param pid the configuration it comes from, {@code null} for one that a call has started
     * @param source where that configuration comes from, in words
     * @param origin the same as callers see it
     */
    public record Group(WorkerSpec spec, int count, @Nullable String pid, String source, String origin) {
        /** A group that a call asks for. */
        public static Group ofCall(WorkerSpec spec, int count) {
            return new Group(spec, count, null, "a call", Definition.CALL);
        }

        /** Its id. */
        public WorkerId id() {
            return spec.id();
        }

        /** The ids of its instances, in the order of their numbers. */
        public List<WorkerId> instances() {
            List<WorkerId> all = new ArrayList<>();
            for (int number = 1; number <= count; number++) {
                all.add(InstanceOptions.instance(id(), number));
            }
            return all;
        }

        /** The same when its configuration is deleted. */
        public Group withoutConfiguration() {
            return new Group(spec, count, null, source, origin);
        }

        /** The same with another number of instances. */
        public Group with(int other) {
            return new Group(spec, other, pid, source, origin);
        }
    }

    /** The group of an id, {@code null} if it is none. */
    public @Nullable Group find(WorkerId id) {
        return groups.get(id);
    }

    /** The group that a worker is an instance of, {@code null} if it is of none. */
    public @Nullable Group of(WorkerId worker) {
        if (groups.isEmpty()) {
            return null;
        }
        String text = worker.value();
        int dash = text.lastIndexOf('-');
        int number = dash <= 0 ? 0 : number(text, dash + 1);
        Group group = number == 0 ? null : groups.get(new WorkerId(text.substring(0, dash)));
        return group != null && number <= group.count() ? group : null;
    }

    private static int number(String text, int start) {
        int digits = text.length() - start;
        if (digits < 1 || digits > 4 || text.charAt(start) == '0') {
            return 0;
        }
        int number = 0;
        for (int i = start; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return 0;
            }
            number = number * 10 + (c - '0');
        }
        return number;
    }

    /** The instances of a group, or the one worker that an id names. */
    public List<WorkerId> expand(WorkerId id) {
        Group group = groups.get(id);
        return group == null ? List.of(id) : group.instances();
    }

    /** All of them, sorted by id. */
    public Collection<Group> all() {
        return groups.values();
    }

    public void put(Group group) {
        groups.put(group.id(), group);
        changed.run();
    }

    public void remove(WorkerId id) {
        if (groups.remove(id) != null) {
            changed.run();
        }
    }

    /** Has something run whenever an id becomes a group, has another number of instances, or is none any more. */
    void onChange(Runnable then) {
        changed = then;
    }
}
