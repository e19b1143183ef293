package io.millwright.wamp.router.internal;

import io.millwright.wamp.MatchPolicy;
import io.millwright.wamp.message.MessageType;
import io.millwright.wamp.message.Options;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The options that this router honours. An option that it does not know is refused, since to ignore it would be to promise it; {@code null} and
 * {@code false} ask for nothing, and names that begin with {@code _} or {@code x_} are between the applications.
 */
final class HonouredOptions {
    /** What says how a payload is packed: handed on as it is. */
    private static final Set<String> PACKED =
            Set.of("ppt_scheme", "ppt_serializer", "ppt_cipher", "ppt_keyid", "enc_algo", "enc_serializer", "enc_key");

    private static final Map<MessageType, Set<String>> HONOURED = Map.of(
            MessageType.SUBSCRIBE, Set.of("match", "get_retained"),
            MessageType.REGISTER, Set.of("match", "invoke"),
            MessageType.CALL, with("timeout", "receive_progress", "disclose_me"),
            MessageType.PUBLISH,
                    with(
                            "acknowledge",
                            "exclude_me",
                            "disclose_me",
                            "retain",
                            "exclude",
                            "exclude_authid",
                            "exclude_authrole",
                            "eligible",
                            "eligible_authid",
                            "eligible_authrole"));

    private HonouredOptions() {}

    private static Set<String> with(String... keys) {
        Set<String> all = new TreeSet<>(PACKED);
        all.addAll(Set.of(keys));
        return Set.copyOf(all);
    }

    /** What is wrong with the options of a request, {@code null} if nothing is. */
    static @Nullable String fault(MessageType type, Map<String, Object> options) {
        Set<String> honoured = HONOURED.getOrDefault(type, Set.of());
        for (Map.Entry<String, Object> option : options.entrySet()) {
            String key = option.getKey();
            Object value = option.getValue();
            boolean asks = value != null && !Boolean.FALSE.equals(value);
            if (asks && !honoured.contains(key) && !key.startsWith("_") && !key.startsWith("x_")) {
                return "this router does not know the option '" + shown(key) + "' of " + type + "; it knows "
                        + String.join(", ", new TreeSet<>(honoured));
            }
        }
        return null;
    }

    /** The same of a SUBSCRIBE or REGISTER, whose 'match' may be somebody's own word. */
    static @Nullable String faultOfPattern(MessageType type, Map<String, Object> options) {
        String match = Options.text(options, "match");
        return match == null || MatchPolicy.of(match) != null
                ? fault(type, options)
                : "'match' of " + type + " is none of exact, prefix, wildcard";
    }

    private static String shown(String key) {
        String text = key.replaceAll("[^\\x21-\\x7e]", "?");
        return text.length() > 60 ? text.substring(0, 60) + "..." : text;
    }

    /** The details of a message that carries on another's payload: how it is packed. */
    static Map<String, Object> packing(Map<String, Object> options) {
        if (options.isEmpty()) {
            return options;
        }
        Map<String, Object> packing = new LinkedHashMap<>();
        for (Map.Entry<String, Object> option : options.entrySet()) {
            if (PACKED.contains(option.getKey()) && option.getValue() != null) {
                packing.put(option.getKey(), option.getValue());
            }
        }
        return packing;
    }
}
