package io.millwright.controller.internal.worker;

import io.millwright.controller.api.worker.OptionValues;
import io.millwright.controller.internal.launch.Confinement;
import io.millwright.controller.internal.options.CgroupOptions;
import io.millwright.controller.internal.process.Enclosure;
import io.millwright.controller.internal.process.Enclosures;
import io.millwright.controller.internal.process.WorkerProcess;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Workers that live in a group of the kernel's: makes the groups, and changes their limits in place. */
public final class Confined {
    /** How the reason of a worker begins whose changed limits were refused. */
    public static final String REFUSED = "its changed limits were refused: ";

    private final ControllerLoop loop;
    private final Executor files;
    private final WorkerEvents events;
    private final Enclosures groups;

    Confined(ControllerLoop loop, Executor files, WorkerEvents events, Enclosures groups) {
        this.loop = loop;
        this.files = files;
        this.events = events;
        this.groups = groups;
    }

    /** The groups; for any thread that may block. */
    public Enclosures groups() {
        return groups;
    }

    /** Gives a running worker the limits that its options ask for by now, once more if they were refused before. In the loop. */
    public void update(Worker worker) {
        Run run = worker.run;
        OptionValues options = worker.options;
        WorkerProcess process = run == null ? null : run.live();
        Enclosure enclosure = process == null ? null : process.enclosure();
        if (run == null || run.plan == null || options == null || enclosure == null) {
            return;
        }
        @Nullable OptionValues before = run.limits == null ? run.plan.options() : run.limits;
        run.limits = options;
        if (run.limitsRefused == null
                && CgroupOptions.keys().stream().allMatch(key -> Objects.equals(before.any(key), options.any(key)))) {
            return;
        }
        files.execute(() -> {
            // Of two changes that come together the last one is written last, for each writes what is wanted by then,
            // and is told of last.
            synchronized (run) {
                String refused = write(run, enclosure);
                Map<String, Object> now = Confinement.document(enclosure);
                loop.execute(() -> written(worker, run, now, refused));
            }
        });
    }

    private static @Nullable String write(Run run, Enclosure enclosure) {
        try {
            enclosure.limit(Confinement.limits(Objects.requireNonNull(run.limits, "no limits")));
            return null;
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private void written(Worker worker, Run run, Map<String, Object> now, @Nullable String refused) {
        if (worker.run != run || run.live() == null) {
            return;
        }
        Map<String, Object> all = new LinkedHashMap<>(run.inForce);
        all.keySet().removeIf(key -> key.startsWith(CgroupOptions.PREFIX));
        all.putAll(now);
        run.inForce = all;
        run.limitsRefused = refused;
        if (refused != null) {
            events.say(Level.ERROR, "worker " + worker.id + ": its limits could not be changed: " + refused);
        }
        worker.publishView();
    }
}
