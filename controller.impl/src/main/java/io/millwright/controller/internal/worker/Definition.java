package io.millwright.controller.internal.worker;

import io.millwright.controller.api.StartResult;
import io.millwright.controller.api.WorkerSpec;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Where a worker comes from and what it should be. Belongs to the controller loop. */
public final class Definition {
    /** The origin of what callers start. */
    static final String CALL = "call";

    /** What it should run. */
    public WorkerSpec spec;

    /** Where that stands, for people: {@code call}, {@code node.json}, {@code config:<pid>}; read by any thread. */
    public volatile String origin;

    /** Where its configuration comes from, for messages. */
    public String source;

    /** The PID of the configuration it comes from, {@code null} for one that was started by a call; read by any thread. */
    public volatile @Nullable String pid;

    /** Its configuration says that it is not to run. */
    public boolean disabled;

    /** Which other workers it needs, as far as its options are known; changed by {@link Dependencies} alone. */
    Needs needs = Needs.NONE;

    /** The restart for its changed configuration, while that is planned. */
    public @Nullable CompletableFuture<StartResult> changing;

    private @Nullable NotInForce notInForce;

    /** What its configuration asks for, and why it is not as that says. */
    private record NotInForce(WorkerSpec asked, String why) {}

    Definition(WorkerSpec spec, String origin) {
        this.spec = spec;
        this.origin = origin;
        this.source = origin;
    }

    /**
     * What its configuration says now was not taken; that stands until it is, whatever becomes of the worker meanwhile.
     *
     * @param asked what the configuration asks for
     * @param why why that was not taken, as a reason
     */
    public void notInForce(WorkerSpec asked, String why) {
        notInForce = new NotInForce(asked, why);
    }

    /** What its configuration says is taken, or tried. */
    public void inForce() {
        notInForce = null;
    }

    /** Why it is not as its configuration says, {@code null} if it is. */
    public @Nullable String notInForce() {
        NotInForce now = notInForce;
        return now == null || now.asked().equals(spec) ? null : now.why();
    }

    /** Whether callers alone have asked for it; one whose configuration was deleted is not theirs. */
    public boolean isOfCall() {
        return pid == null && origin.equals(CALL);
    }

    /** Whether it had a configuration that was deleted; read by any thread. */
    public boolean isGivenUp() {
        return pid == null && !origin.equals(CALL);
    }

    /** Whether a configuration keeps it. */
    public boolean isConfigured() {
        return pid != null;
    }
}
