package io.millwright.controller.internal.process.linux;

import io.millwright.controller.internal.process.Encoding;
import io.millwright.controller.internal.process.RawText;
import io.millwright.controller.internal.process.tree.Tag;
import java.io.IOException;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes environments of processes into what the system takes. Most of it is the node's own, the same for all, and is checked
 * and encoded once. Immutable.
 */
final class Variables {
    private record Known(String value, byte[] bytes) {}

    private static final Set<String> TAGS = Set.of(Tag.NODE, Tag.WORKER, Tag.LAUNCH);

    private final Map<String, Known> inherited = new HashMap<>();

    /**
     * Encodes the node's own.
     *
     * @param environment the node's environment, as {@link RawText}
     */
    Variables(Map<String, String> environment) {
        environment.forEach((name, value) -> inherited.put(name, new Known(value, bytes(name, value))));
    }

    /**
     * One environment.
     *
     * @param plan what the plan has
     * @param tags what the backend adds; the plan's own of these names are left out
     * @return {@code NAME=value} each
     * @throws IOException if a variable cannot be handed over as it is
     */
    List<byte[]> encode(Map<String, String> plan, Map<String, String> tags) throws IOException {
        List<byte[]> variables = new ArrayList<>(plan.size() + tags.size());
        CharsetEncoder encoder = null;
        for (Map.Entry<String, String> variable : plan.entrySet()) {
            String name = variable.getKey();
            String value = variable.getValue();
            Known known = inherited.get(name);
            if (TAGS.contains(name)) {
                continue;
            }
            if (known != null && known.value().equals(value)) {
                variables.add(known.bytes());
                continue;
            }
            if (encoder == null) {
                encoder = StandardCharsets.UTF_8.newEncoder();
            }
            // What the node was given may be in a variable of the worker's own, too: bytes that are no text.
            Encoding.checkVariable(RawText.withoutRaw(name), RawText.withoutRaw(value), encoder);
            variables.add(bytes(name, value));
        }
        tags.forEach((name, value) -> variables.add(bytes(name, value)));
        return variables;
    }

    private static byte[] bytes(String name, String value) {
        return RawText.encode(name + '=' + value);
    }
}
