package io.millwright.controller.api.worker;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether a worker type can be used on this machine, and what it can do. Immutable.
 *
 * @param usable whether workers of it can be started
 * @param reason why not, and what would help; {@code null} if usable
 * @param capabilities short words for what it can do
 */
public record Fingerprint(boolean usable, @Nullable String reason, List<String> capabilities) {
    /** Keeps an unmodifiable list. */
    public Fingerprint {
        capabilities = List.copyOf(capabilities);
    }

    /**
     * A usable type.
     *
     * @param capabilities what it can do
     * @return the fingerprint
     */
    public static Fingerprint ok(String... capabilities) {
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
}
