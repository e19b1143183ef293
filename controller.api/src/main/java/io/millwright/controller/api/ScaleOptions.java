package io.millwright.controller.api;

import org.jspecify.annotations.Nullable;

/** How many instances a group is to have. Immutable. */
public final class ScaleOptions {
    private final int instances;
    private final boolean once;

    private ScaleOptions(int instances, boolean once) {
        this.instances = instances;
        this.once = once;
    }

    /**
     * A number that a configured group keeps over restarts of the node too, if an operator asks for it.
     *
     * @param instances how many, 1 to 1000
     * @return the value
     */
    public static ScaleOptions of(int instances) {
        return new ScaleOptions(instances, false);
    }

    /**
     * The same, for now only or not.
     *
     * @param only whether the node's next start goes back to what the configuration says
     * @return a changed copy
     */
    public ScaleOptions withOnce(boolean only) {
        return new ScaleOptions(instances, only);
    }

    /** How many. */
    public int instances() {
        return instances;
    }

    /** Whether it is meant for now only. */
    public boolean once() {
        return once;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other == this || other instanceof ScaleOptions that && instances == that.instances && once == that.once;
    }

    @Override
    public int hashCode() {
        return instances * 2 + (once ? 1 : 0);
    }

    @Override
    public String toString() {
        return instances + (once ? " once" : "");
    }
}
