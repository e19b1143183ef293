package io.millwright.controller.internal.process.linux;

import io.millwright.controller.internal.process.tree.Lineage;
import io.millwright.controller.internal.process.tree.Marks;
import io.millwright.controller.internal.process.tree.ProcessEntry;
import io.millwright.controller.internal.process.tree.Tag;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Tells where a child of this JVM comes from that is no main process: from a launch, or from this JVM itself, which other code
 * lets start processes too. In order: the marks, what is known of its ancestors, the session or group of a launch, an output
 * pipe of a launch. A child that has none of these and is not this JVM's own may come from any launch that ran when it was
 * born. Used by one thread.
 */
final class Origins {
    /**
     * An answer. Immutable.
     *
     * @param candidates launches it may come from: one if that is certain, none if it is none of the node's
     * @param marked whether it bears a mark, by which it will be found when this JVM is gone
     * @param complete false if the system may tell more when it is asked again
     */
    record Origin(Set<String> candidates, boolean marked, boolean complete) {
        static final Origin OWN = new Origin(Set.of(), false, true);

        static Origin certain(String launch) {
            return new Origin(Set.of(launch), false, true);
        }

        /** The launch, if there is no doubt. */
        @Nullable
        String launch() {
            return candidates.size() == 1 ? candidates.iterator().next() : null;
        }
    }

    private final Marks marks;
    private final Lineage lineage;
    private final long ownSession;
    private final Set<String> ownVariables;
    private Collection<LinuxProcess> launches = List.of();
    /** Which launch writes to or reads from a pipe of this JVM, once that is asked for. */
    private @Nullable Map<String, String> launchByPipe;

    Origins(Marks marks, Lineage lineage, long ownSession) {
        this.marks = marks;
        this.lineage = lineage;
        this.ownSession = ownSession;
        this.ownVariables = variables("self");
    }

    private static Set<String> variables(String pid) {
        try {
            String text = Files.readString(Path.of("/proc/" + pid + "/environ"), StandardCharsets.ISO_8859_1);
            return new HashSet<>(Arrays.asList(text.split("\0")));
        } catch (IOException e) {
            return Set.of();
        }
    }

    /** The launch that a limit or environment names, also of a zombie; empty if none does. */
    String marked(long pid) {
        Tag tag = marks.of(pid);
        return marks.isOurs(tag) ? tag.launch() : "";
    }

    /** Begins a look at the children: these are the launches that have not ended. */
    void begin(Collection<LinuxProcess> unended) {
        launches = unended;
        launchByPipe = null;
    }

    /** Looks where a child comes from. */
    Origin of(ProcessEntry entry) {
        Tag tag = marks.of(entry.pid());
        if (marks.isOurs(tag)) {
            return new Origin(Set.of(tag.launch()), true, true);
        }
        String known = tag.isWatchdog() ? null : lineage.launch(entry);
        if (known != null) {
            return Origin.certain(known);
        }
        if (!tag.node().isEmpty() || entry.session() == ownSession) {
            // Of another node, which ends it; or of this JVM: no launch has its session.
            return Origin.OWN;
        }
        for (LinuxProcess process : launches) {
            long main = process.target().pid();
            if (entry.session() == main || entry.group() == main || process.encloses(entry.pid())) {
                return Origin.certain(process.target().launch());
            }
        }
        return byPossessions(entry, tag.readable());
    }

    private Origin byPossessions(ProcessEntry entry, boolean complete) {
        String pid = Long.toString(entry.pid());
        Set<String> pipes = Pipes.of(pid);
        if (!pipes.isEmpty()) {
            Map<String, String> byPipe = launchByPipe();
            for (String pipe : pipes) {
                String launch = byPipe.get(pipe);
                if (launch != null) {
                    return Origin.certain(launch);
                }
            }
            pipes.retainAll(Pipes.of("self"));
        }
        boolean isOwn =
                !pipes.isEmpty() || (!ownVariables.isEmpty() && variables(pid).containsAll(ownVariables));
        if (isOwn) {
            return Origin.OWN;
        }
        return new Origin(
                launches.stream()
                        .filter(process -> process.enclosure() == null)
                        .map(LinuxProcess::target)
                        .filter(target -> target.start() <= entry.start())
                        .map(target -> target.launch())
                        .collect(Collectors.toUnmodifiableSet()),
                false,
                complete);
    }

    private Map<String, String> launchByPipe() {
        Map<String, String> map = launchByPipe;
        if (map == null) {
            map = new HashMap<>();
            for (LinuxProcess process : launches) {
                for (String pipe : process.pipes()) {
                    map.put(pipe, process.target().launch());
                }
            }
            launchByPipe = map;
        }
        return map;
    }
}
