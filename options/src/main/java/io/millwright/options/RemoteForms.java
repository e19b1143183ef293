package io.millwright.options;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The options of the configurations of remote management, for those that check them where the bundle that has them is not at hand. A test
 * of that bundle compares them with its Metatype. Immutable.
 */
public final class RemoteForms {
    /** What a value is. */
    public enum Kind {
        /** A text. */
        TEXT("a text"),
        /** A list of texts, or one. */
        TEXTS("a list of texts"),
        /** An {@code int}. */
        WHOLE("a whole number"),
        /** True or false. */
        FLAG("true or false");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        /** For a sentence. */
        public String words() {
            return words;
        }
    }

    /** Those of {@code io.millwright.remote.listener~NAME}. */
    public static final SortedMap<String, Kind> LISTENER = sorted(Map.ofEntries(
            Map.entry("type", Kind.TEXT),
            Map.entry("address", Kind.TEXT),
            Map.entry("path", Kind.TEXT),
            Map.entry("tls.cert", Kind.TEXT),
            Map.entry("tls.key", Kind.TEXT),
            Map.entry("tls.passwordFile", Kind.TEXT),
            Map.entry("origins", Kind.TEXTS),
            Map.entry("hosts", Kind.TEXTS),
            Map.entry("insecure", Kind.FLAG),
            Map.entry("auth", Kind.TEXTS),
            Map.entry("limits.connections", Kind.WHOLE),
            Map.entry("limits.message", Kind.WHOLE),
            Map.entry("limits.waiting", Kind.WHOLE),
            Map.entry("limits.join", Kind.WHOLE),
            Map.entry("limits.hello", Kind.WHOLE),
            Map.entry("ping", Kind.WHOLE)));

    /** Those of {@code io.millwright.remote.principal~NAME}. */
    public static final SortedMap<String, Kind> PRINCIPAL =
            sorted(Map.of("role", Kind.TEXT, "ticketFile", Kind.TEXT, "publicKeys", Kind.TEXTS));

    /** Those of {@code io.millwright.remote.role~NAME}. */
    public static final SortedMap<String, Kind> ROLE = sorted(Map.of("operations", Kind.TEXT, "rules", Kind.TEXTS));

    /** Those of {@code io.millwright.remote}. */
    public static final SortedMap<String, Kind> LIMITS = sorted(Map.of(
            "limits.sessions", Kind.WHOLE,
            "limits.sessionsPerPeer", Kind.WHOLE,
            "limits.calls", Kind.WHOLE,
            "limits.subscriptions", Kind.WHOLE,
            "limits.registrations", Kind.WHOLE,
            "limits.testaments", Kind.WHOLE,
            "limits.retained", Kind.WHOLE,
            "limits.queued", Kind.WHOLE));

    private RemoteForms() {}

    private static SortedMap<String, Kind> sorted(Map<String, Kind> options) {
        return Collections.unmodifiableSortedMap(new TreeMap<>(options));
    }
}
