package io.millwright.controller.api.channel;

import io.millwright.controller.api.Document;
import io.millwright.controller.api.Documents;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a run says of itself when it is ready. Immutable. */
public final class ReadyInfo implements Document {
    private final String runtime;
    private final List<String> capabilities;
    private final List<String> operations;

    private ReadyInfo(String runtime, List<String> capabilities, List<String> operations) {
        this.runtime = Objects.requireNonNull(runtime, "runtime");
        this.capabilities = List.copyOf(capabilities);
        this.operations = List.copyOf(operations);
    }

    /**
     * Makes one.
     *
     * @param runtime what it runs in, for people
     * @param capabilities what it can do, in words of its type
     * @param operations the operations it offers
     * @return the value
     */
    public static ReadyInfo of(String runtime, List<String> capabilities, List<String> operations) {
        return new ReadyInfo(runtime, capabilities, operations);
    }

    /** What it runs in, for people. */
    public String runtime() {
        return runtime;
    }

    /** What it can do, in words of its type. */
    public List<String> capabilities() {
        return capabilities;
    }

    /** The operations it offers. */
    public List<String> operations() {
        return operations;
    }

    @Override
    public Map<String, @Nullable Object> toMap() {
        return Documents.of("runtime", runtime, "capabilities", capabilities, "operations", operations);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other == this
                || other instanceof ReadyInfo that
                        && runtime.equals(that.runtime)
                        && capabilities.equals(that.capabilities)
                        && operations.equals(that.operations);
    }

    @Override
    public int hashCode() {
        return Objects.hash(runtime, capabilities, operations);
    }

    @Override
    public String toString() {
        return "ReadyInfo" + toMap();
    }
}
