package io.millwright.wamp.message;

import io.millwright.wamp.Ids;
import io.millwright.wamp.MatchPolicy;
import io.millwright.wamp.WampProtocolException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The options and details the protocol knows: what they must be, and how they are read. Each message's constructor checks them; a key whose
 * value is {@code null} counts as not there. Thread-safe.
 */
public final class Options {
    /** What a value can be; no lambdas, a dozen of which would take the start of a worker two milliseconds. */
    private enum Form {
        FLAG,
        TEXT,
        ID,
        COUNT,
        DICT,
        /** One of some words, or one of somebody's own, which begins with {@code x_}. */
        WORD
    }

    /**
     * What a value must be, with the words for it.
     *
     * @param isList whether it is a list of such values
     * @param some the words, of {@link Form#WORD}
     */
    private record Kind(String words, Form form, boolean isList, Set<String> some) {
        Kind(String words, Form form) {
            this(words, form, false, Set.of());
        }

        /** What a value is that is not of this kind, without the value, which is a peer's. */
        String told(Object value) {
            if (value instanceof String && form == Form.WORD) {
                return "another text";
            }
            if (value instanceof List && isList) {
                return "a list with something else in it";
            }
            return MessageReader.kind(value);
        }

        boolean test(Object value) {
            if (!isList) {
                return isOne(value);
            }
            if (!(value instanceof List<?> list)) {
                return false;
            }
            for (Object element : list) {
                if (element == null || !isOne(element)) {
                    return false;
                }
            }
            return true;
        }

        private boolean isOne(Object value) {
            return switch (form) {
                case FLAG -> value instanceof Boolean;
                case TEXT -> value instanceof String;
                case ID -> isId(value);
                case COUNT -> isCount(value);
                case DICT -> value instanceof Map;
                case WORD -> value instanceof String text && (some.contains(text) || text.startsWith("x_"));
            };
        }
    }

    private static final Kind FLAG = new Kind("true or false", Form.FLAG);
    private static final Kind TEXT = new Kind("a text", Form.TEXT);
    private static final Kind ID = new Kind("an id from 1 to 2^53", Form.ID);
    private static final Kind COUNT = new Kind("a whole number, 0 or more", Form.COUNT);
    private static final Kind IDS = new Kind("a list of ids", Form.ID, true, Set.of());
    private static final Kind TEXTS = new Kind("a list of texts", Form.TEXT, true, Set.of());
    private static final Kind DICT = new Kind("a dictionary", Form.DICT);
    private static final Kind DICTS = new Kind("a list of dictionaries", Form.DICT, true, Set.of());
    private static final Kind MATCH = words("exact", "prefix", "wildcard");
    private static final Kind INVOKE = words("first", "last", "random", "roundrobin", "single");
    private static final Kind CANCEL = words("kill", "killnowait", "skip");
    private static final Kind ALGORITHM = words("cryptobox", "mqtt", "xbr");
    private static final Kind FORM = words("cbor", "flatbuffers", "json", "msgpack", "opaque", "ubjson");

    private static final Map<String, Kind> PAYLOAD = Map.of(
            "enc_algo", ALGORITHM,
            "enc_serializer", FORM,
            "enc_key", TEXT,
            "ppt_scheme", TEXT,
            "ppt_serializer", TEXT,
            "ppt_cipher", TEXT,
            "ppt_keyid", TEXT,
            "forward_for", DICTS);
    private static final Map<MessageType, Map<String, Kind>> KNOWN = known();

    private Options() {}

    private static Map<MessageType, Map<String, Kind>> known() {
        Map<MessageType, Map<String, Kind>> known = new EnumMap<>(MessageType.class);
        known.put(
                MessageType.HELLO,
                Map.of("roles", DICT, "authmethods", TEXTS, "authid", TEXT, "authrole", TEXT, "authextra", DICT));
        known.put(
                MessageType.WELCOME,
                Map.of("roles", DICT, "authid", TEXT, "authrole", TEXT, "authmethod", TEXT, "authprovider", TEXT));
        known.put(MessageType.PUBLISH, with(PAYLOAD, publish()));
        known.put(MessageType.SUBSCRIBE, Map.of("match", MATCH, "get_retained", FLAG, "forward_for", DICTS));
        known.put(MessageType.EVENT, with(PAYLOAD, event()));
        known.put(
                MessageType.CALL,
                with(
                        PAYLOAD,
                        Map.of(
                                "timeout",
                                COUNT,
                                "receive_progress",
                                FLAG,
                                "progress",
                                FLAG,
                                "disclose_me",
                                FLAG,
                                "transaction_hash",
                                TEXT)));
        known.put(MessageType.CANCEL, Map.of("mode", CANCEL, "forward_for", DICTS));
        known.put(MessageType.RESULT, with(PAYLOAD, Map.of("progress", FLAG)));
        known.put(
                MessageType.REGISTER,
                Map.of(
                        "match",
                        MATCH,
                        "invoke",
                        INVOKE,
                        "concurrency",
                        COUNT,
                        "disclose_caller",
                        FLAG,
                        "force_reregister",
                        FLAG,
                        "forward_for",
                        DICTS));
        known.put(MessageType.INVOCATION, with(PAYLOAD, invocation()));
        known.put(
                MessageType.INTERRUPT,
                Map.of("mode", words("kill", "killnowait"), "reason", TEXT, "forward_for", DICTS));
        known.put(MessageType.YIELD, with(PAYLOAD, Map.of("progress", FLAG)));
        known.put(MessageType.ERROR, PAYLOAD);
        known.put(MessageType.UNSUBSCRIBED, Map.of("subscription", ID, "reason", TEXT));
        known.put(MessageType.UNREGISTERED, Map.of("registration", ID, "reason", TEXT));
        return known;
    }

    private static Map<String, Kind> publish() {
        return Map.ofEntries(
                Map.entry("acknowledge", FLAG),
                Map.entry("exclude_me", FLAG),
                Map.entry("disclose_me", FLAG),
                Map.entry("retain", FLAG),
                Map.entry("exclude", IDS),
                Map.entry("exclude_authid", TEXTS),
                Map.entry("exclude_authrole", TEXTS),
                Map.entry("eligible", IDS),
                Map.entry("eligible_authid", TEXTS),
                Map.entry("eligible_authrole", TEXTS),
                Map.entry("transaction_hash", TEXT));
    }

    private static Map<String, Kind> event() {
        return Map.of(
                "publisher", ID,
                "publisher_authid", TEXT,
                "publisher_authrole", TEXT,
                "trustlevel", COUNT,
                "topic", TEXT,
                "retained", FLAG,
                "transaction_hash", TEXT,
                "x_acknowledged_delivery", FLAG);
    }

    private static Map<String, Kind> invocation() {
        return Map.of(
                "caller", ID,
                "caller_authid", TEXT,
                "caller_authrole", TEXT,
                "trustlevel", COUNT,
                "procedure", TEXT,
                "timeout", COUNT,
                "receive_progress", FLAG,
                "progress", FLAG,
                "transaction_hash", TEXT);
    }

    private static Map<String, Kind> with(Map<String, Kind> some, Map<String, Kind> more) {
        Map<String, Kind> all = new HashMap<>(some);
        all.putAll(more);
        return all;
    }

    private static Kind words(String... words) {
        return new Kind("one of " + String.join(", ", words), Form.WORD, false, Set.of(words));
    }

    private static boolean isId(Object value) {
        Long whole = MessageReader.whole(value);
        return whole != null && Ids.isId(whole);
    }

    private static boolean isCount(Object value) {
        Long whole = MessageReader.whole(value);
        return whole != null && whole >= 0;
    }

    /** A copy that nobody changes, its known keys checked; values stay as they are. */
    static Map<String, Object> check(MessageType type, Map<String, ?> map) {
        if (map.isEmpty()) {
            return Map.of();
        }
        Map<String, Kind> known = KNOWN.getOrDefault(type, Map.of());
        for (Map.Entry<String, ?> entry : map.entrySet()) {
            Kind kind = known.get(entry.getKey());
            Object value = entry.getValue();
            if (kind != null && value != null && !kind.test(value)) {
                throw new WampProtocolException("'" + entry.getKey() + "' of " + type + " is " + kind.told(value)
                        + "; it must be " + kind.words());
            }
        }
        return Collections.unmodifiableMap(new LinkedHashMap<>(map));
    }

    /** Whether the protocol has this key in the options or details of this message, its advanced profile included. */
    public static boolean isKnown(MessageType type, String key) {
        return KNOWN.getOrDefault(type, Map.of()).containsKey(key);
    }

    /** A flag that is {@code false} where it is not given. */
    public static boolean flag(Map<String, Object> options, String key) {
        return Boolean.TRUE.equals(options.get(key));
    }

    /** A flag with a default. */
    public static boolean flag(Map<String, Object> options, String key, boolean otherwise) {
        return options.get(key) instanceof Boolean flag ? flag : otherwise;
    }

    /** A text, {@code null} where none is given. */
    public static @Nullable String text(Map<String, Object> options, String key) {
        return options.get(key) instanceof String text ? text : null;
    }

    /** A whole number, in whatever class it came; {@code otherwise} where none is given. */
    public static long number(Map<String, Object> options, String key, long otherwise) {
        Long whole = MessageReader.whole(options.get(key));
        return whole == null ? otherwise : whole;
    }

    /** A dictionary, empty where none is given. */
    @SuppressWarnings("unchecked") // serializers make no keys but texts
    public static Map<String, Object> dict(Map<String, Object> options, String key) {
        return options.get(key) instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
    }

    /** A list of ids, {@code null} where none is given, which differs from an empty one. */
    public static @Nullable List<Long> ids(Map<String, Object> options, String key) {
        if (!(options.get(key) instanceof List<?> list)) {
            return null;
        }
        List<Long> ids = new ArrayList<>(list.size());
        for (Object element : list) {
            Long whole = MessageReader.whole(element);
            if (whole != null) {
                ids.add(whole);
            }
        }
        return ids;
    }

    /** A list of texts, {@code null} where none is given, which differs from an empty one. */
    public static @Nullable List<String> texts(Map<String, Object> options, String key) {
        if (!(options.get(key) instanceof List<?> list)) {
            return null;
        }
        List<String> texts = new ArrayList<>(list.size());
        for (Object element : list) {
            if (element instanceof String text) {
                texts.add(text);
            }
        }
        return texts;
    }

    /** The option {@code match}, {@link MatchPolicy#EXACT} where none is given. */
    public static MatchPolicy match(Map<String, Object> options) {
        String word = text(options, "match");
        MatchPolicy policy = word == null ? MatchPolicy.EXACT : MatchPolicy.of(word);
        // A policy of somebody's own has the loosest rule; whether it is served is a router's to say.
        return policy == null ? MatchPolicy.WILDCARD : policy;
    }
}
