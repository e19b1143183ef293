package io.millwright.controller.internal.simulation;

import io.millwright.controller.internal.process.Enclosure;
import io.millwright.controller.internal.process.Enclosures;
import io.millwright.controller.internal.process.Leftover;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** Groups of a kernel that does not like the number 13, and sometimes refuses other limits. */
final class SimulatedGroups implements Enclosures {
    /** A limit that is always refused. */
    static final long BAD = 13;

    private final IntPredicate mischief;
    final List<Group> all = new ArrayList<>();
    /** Told of the limits that a group is to have, before it has them. */
    BiConsumer<Group, Map<String, List<String>>> told = (group, wanted) -> {};

    /**
     * Makes none yet.
     *
     * @param mischief whether something goes wrong that does once in so many times
     */
    SimulatedGroups(IntPredicate mischief) {
        this.mischief = mischief;
    }

    @Override
    public Enclosure make(String worker, Map<String, List<String>> limits) throws IOException {
        if (mischief.test(12)) {
            throw new IOException("no group can be made");
        }
        Group group = new Group(worker, all.size() + 1);
        group.limit(limits);
        all.add(group);
        return group;
    }

    @Override
    public List<Path> left() {
        return List.of();
    }

    final class Group implements Enclosure {
        final String worker;
        private final String path;
        private final Map<String, List<String>> limits = new TreeMap<>();
        private boolean gone;

        Group(String worker, int number) {
            this.worker = worker;
            this.path = "/groups/" + worker + "." + number;
        }

        @Override
        public String enter() {
            return ":";
        }

        @Override
        public boolean holds(long pid) {
            return false;
        }

        @Override
        public CompletableFuture<Integer> end(ScheduledExecutorService timer, long main, Consumer<Leftover> found) {
            throw new IllegalStateException("the processes are ended by the backend");
        }

        @Override
        public void discard() {
            gone = true;
        }

        boolean isGone() {
            return gone;
        }

        /** What is in force. */
        Map<String, List<String>> limits() {
            return new TreeMap<>(limits);
        }

        @Override
        public void limit(Map<String, List<String>> wanted) throws IOException {
            if (gone) {
                throw new IOException(path + " is not there");
            }
            told.accept(this, wanted);
            if (mischief.test(5)) {
                throw new IOException("no limit is taken now");
            }
            limits.keySet().removeIf(file -> !wanted.containsKey(file));
            // What comes before the one that is refused is in force.
            for (Map.Entry<String, List<String>> limit : new TreeMap<>(wanted).entrySet()) {
                if (limit.getValue().contains(Long.toString(BAD))) {
                    throw new IOException("the kernel does not like " + BAD);
                }
                limits.put(limit.getKey(), limit.getValue());
            }
        }

        @Override
        public Map<String, String> inForce() {
            Map<String, String> now = new LinkedHashMap<>();
            now.put("path", path);
            limits.forEach((file, lines) -> now.put(file, String.join("\n", lines)));
            return now;
        }

        @Override
        public @Nullable String trouble() {
            return null;
        }

        @Override
        public String toString() {
            return path + " " + limits;
        }
    }
}
