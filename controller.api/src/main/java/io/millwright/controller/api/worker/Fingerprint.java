package io.millwright.controller.api.worker;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Whether a worker type can be used on this machine, and what it can do. Immutable. */
public final class Fingerprint {
    private final boolean usable;
    private final @Nullable String reason;
    private final List<WorkerCapability> capabilities;

    private Fingerprint(boolean usable, @Nullable String reason, List<WorkerCapability> capabilities) {
        this.usable = usable;
        this.reason = reason;
        this.capabilities = List.copyOf(capabilities);
    }

    /** Whether workers of it can be started. */
    public boolean usable() {
        return usable;
    }

    /** Why not, and what would help; {@code null} if usable. */
    public @Nullable String reason() {
        return reason;
    }

    /** What it can do. */
    public List<WorkerCapability> capabilities() {
        return capabilities;
    }

    /**
     * A usable type.
     *
     * @param capabilities what it can do
     * @return the fingerprint
     */
    public static Fingerprint ok(WorkerCapability... capabilities) {
        return new Fingerprint(true, null, List.of(capabilities));
    }

    /**
     * A type that cannot be used.
     *
     * @param reason why not, and what would help
     * @return the fingerprint
     */
    public static Fingerprint unusable(String reason) {
        return new Fingerprint(false, reason, List.of());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other == this
                || other instanceof Fingerprint that
                        && usable == that.usable
                        && Objects.equals(reason, that.reason)
                        && capabilities.equals(that.capabilities);
    }

    @Override
    public int hashCode() {
        return Objects.hash(usable, reason, capabilities);
    }

    @Override
    public String toString() {
        return "Fingerprint[" + "usable=" + usable + ", " + "reason=" + reason + ", " + "capabilities=" + capabilities
                + "]";
    }
}
