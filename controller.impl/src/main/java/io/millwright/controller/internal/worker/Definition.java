package io.millwright.controller.internal.worker;

import io.millwright.controller.api.WorkerSpec;
import org.jspecify.annotations.Nullable;

/** Where a worker comes from and what it should be. Belongs to the controller loop. */
public final class Definition {
    /** What it should run. */
    public WorkerSpec spec;

    /** Where that stands, for people: {@code call}, {@code node.json}, {@code config:<pid>}. */
    public String origin;

    /** Where its configuration comes from, for messages. */
    public String source;

    /** The PID of the configuration it comes from, {@code null} for one that was started by a call. */
    public @Nullable String pid;

    /** Its configuration says that it is not to run. */
    public boolean disabled;

    /** What its changed configuration asks for while the restart for it is planned. */
    public @Nullable WorkerSpec asked;

    Definition(WorkerSpec spec, String origin) {
        this.spec = spec;
        this.origin = origin;
        this.source = origin;
    }

    /** Whether a configuration keeps it. */
    public boolean isConfigured() {
        return pid != null;
    }
}
