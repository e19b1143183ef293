package io.millwright.controller.api;

import io.millwright.controller.api.worker.OptionDefinition;
import io.millwright.controller.api.worker.WorkerCapability;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A worker type the node knows. Immutable. */
public final class WorkerTypeInfo implements Document {
    private final String type;
    private final String bundle;
    private final String version;
    private final List<WorkerCapability> capabilities;
    private final boolean usable;
    private final @Nullable String reason;
    private final boolean shadowed;
    private final List<OptionDefinition> options;

    private WorkerTypeInfo(Builder builder) {
        this.type = Objects.requireNonNull(builder.type, "type");
        this.bundle = Objects.requireNonNull(builder.bundle, "bundle");
        this.version = Objects.requireNonNull(builder.version, "version");
        this.capabilities = List.copyOf(builder.capabilities);
        this.usable = builder.usable;
        this.reason = builder.reason;
        this.shadowed = builder.shadowed;
        this.options = List.copyOf(builder.options);
    }

    /**
     * Begins one.
     *
     * @param type its name
     * @param bundle the symbolic name of the bundle that offers it
     * @param version that bundle's version
     * @return a builder whose {@code build()} makes it
     */
    public static Builder builder(String type, String bundle, String version) {
        return new Builder(type, bundle, version);
    }

    /**
     * A builder that holds the same.
     *
     * @return for a changed copy
     */
    public Builder toBuilder() {
        Builder builder = new Builder(type, bundle, version);
        builder.capabilities = capabilities;
        builder.usable = usable;
        builder.reason = reason;
        builder.shadowed = shadowed;
        builder.options = options;
        return builder;
    }

    /** Its name. */
    public String type() {
        return type;
    }

    /** The symbolic name of the bundle that offers it. */
    public String bundle() {
        return bundle;
    }

    /** That bundle's version. */
    public String version() {
        return version;
    }

    /** What it can do. */
    public List<WorkerCapability> capabilities() {
        return capabilities;
    }

    /** Whether workers of it can be started now. */
    public boolean usable() {
        return usable;
    }

    /** Why it cannot be used, or that it is shadowed and by which bundle; {@code null} if all is well. */
    public @Nullable String reason() {
        return reason;
    }

    /** Whether another bundle offers the same type and serves instead. */
    public boolean shadowed() {
        return shadowed;
    }

    /** The options it takes: its own and those of every type. */
    public List<OptionDefinition> options() {
        return options;
    }

    @Override
    public Map<String, @Nullable Object> toMap() {
        return Documents.of(
                "type", type,
                "bundle", bundle,
                "version", version,
                "capabilities", capabilities,
                "health", usable ? "usable" : "unusable",
                "reason", reason,
                "shadowed", shadowed);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other == this
                || other instanceof WorkerTypeInfo that
                        && type.equals(that.type)
                        && bundle.equals(that.bundle)
                        && version.equals(that.version)
                        && capabilities.equals(that.capabilities)
                        && usable == that.usable
                        && Objects.equals(reason, that.reason)
                        && shadowed == that.shadowed
                        && options.equals(that.options);
    }

    @Override
    public int hashCode() {
        return Objects.hash(type, bundle, version, capabilities, usable, reason, shadowed, options);
    }

    @Override
    public String toString() {
        return "WorkerTypeInfo" + toMap();
    }

    /** Makes a {@link WorkerTypeInfo}; for one thread. Each method returns the builder itself. */
    public static final class Builder {
        private final String type;
        private final String bundle;
        private final String version;
        private List<WorkerCapability> capabilities = List.of();
        private boolean usable = true;
        private @Nullable String reason;
        private boolean shadowed;
        private List<OptionDefinition> options = List.of();

        private Builder(String type, String bundle, String version) {
            this.type = type;
            this.bundle = bundle;
            this.version = version;
        }

        /** What it can do. */
        public Builder capabilities(List<WorkerCapability> value) {
            capabilities = value;
            return this;
        }

        /** Whether workers of it can be started now. */
        public Builder usable(boolean value) {
            usable = value;
            return this;
        }

        /** Why it cannot be used, or that it is shadowed and by which bundle; {@code null} if all is well. */
        public Builder reason(@Nullable String value) {
            reason = value;
            return this;
        }

        /** Whether another bundle offers the same type and serves instead. */
        public Builder shadowed(boolean value) {
            shadowed = value;
            return this;
        }

        /** The options it takes: its own and those of every type. */
        public Builder options(List<OptionDefinition> value) {
            options = value;
            return this;
        }

        /** Makes the value; the builder can go on being used. */
        public WorkerTypeInfo build() {
            return new WorkerTypeInfo(this);
        }
    }
}
