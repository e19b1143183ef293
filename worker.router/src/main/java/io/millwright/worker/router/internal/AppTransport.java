package io.millwright.worker.router.internal;

import io.millwright.controller.api.worker.OptionValues;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A transport of the router. For the router's own thread. */
final class AppTransport {
    final String id;
    final Instant since = Instant.now();
    OptionValues options;

    /** Why it does not listen, a sentence; {@code null} if it does. */
    @Nullable
    String error;

    AppTransport(String id, OptionValues options) {
        this.id = id;
        this.options = options;
    }

    /** Whether two differ in nothing that needs a new socket: in who may come in, from which pages, and limits at most. */
    static boolean sameSocket(OptionValues one, OptionValues other) {
        return socket(one).equals(socket(other));
    }

    private static Map<String, Object> socket(OptionValues options) {
        Map<String, Object> socket = new TreeMap<>(options.asMap());
        socket.keySet()
                .removeIf(key -> key.startsWith("auth.")
                        || key.startsWith("limits.")
                        || key.equals("origins")
                        || key.equals("hosts"));
        return socket;
    }
}
