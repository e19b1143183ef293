package io.millwright.wamp.message;

import io.millwright.wamp.WampProtocolException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an application sends along: positional arguments and arguments by name. What came in a message stays encoded until somebody looks,
 * and each form is made once, however many messages carry the payload. Thread-safe; immutable as long as nobody changes the binary values in it.
 */
public final class Payload {
    /** Nothing at all. */
    public static final Payload EMPTY = new Payload(List.of(), null);

    private volatile @Nullable List<Object> elements;
    /** The forms there are; a race between two threads makes one of them twice, no more. */
    private volatile @Nullable Form forms;

    private record Form(EncodedPayload encoded, @Nullable Form next) {}

    private Payload(@Nullable List<Object> elements, @Nullable Form forms) {
        this.elements = elements;
        this.forms = forms;
    }

    /** Positional arguments; values may be {@code null}, and are not copied. */
    public static Payload of(List<?> args) {
        return of(args, Map.of());
    }

    /** Positional arguments and arguments by name; values may be {@code null}, and are not copied. */
    public static Payload of(List<?> args, Map<String, ?> kwargs) {
        if (args.isEmpty() && kwargs.isEmpty()) {
            return EMPTY;
        }
        List<Object> list = Collections.unmodifiableList(new ArrayList<>(args));
        if (kwargs.isEmpty()) {
            return new Payload(List.of(list), null);
        }
        Map<String, Object> map = Collections.unmodifiableMap(new LinkedHashMap<>(kwargs));
        return new Payload(List.of(list, map), null);
    }

    /** Positional arguments. */
    public static Payload args(@Nullable Object... args) {
        return of(Arrays.asList(args));
    }

    /** A payload that only the applications understand, in place of arguments (payload passthru). Not copied. */
    public static Payload opaque(byte[] data) {
        return new Payload(List.of(data), null);
    }

    /** A payload that was checked, not decoded, by its format. */
    public static Payload encoded(EncodedPayload encoded) {
        return encoded.elements() == 0 ? EMPTY : new Payload(null, new Form(encoded, null));
    }

    /**
     * The payload of the elements after a message's head.
     *
     * @throws WampProtocolException if they are none
     */
    static Payload of(MessageType type, List<?> elements) {
        if (elements.isEmpty()) {
            return EMPTY;
        }
        Object first = elements.get(0);
        if (first instanceof byte[] data && elements.size() == 1) {
            return opaque(data);
        }
        // Some clients send null where there is no argument.
        if (first != null && !(first instanceof List)) {
            throw new WampProtocolException(
                    "the arguments of " + type + " are " + MessageReader.kind(first) + "; they must be a list");
        }
        Object second = elements.size() > 1 ? elements.get(1) : null;
        if (second != null && !(second instanceof Map)) {
            throw new WampProtocolException("the arguments by name of " + type + " are " + MessageReader.kind(second)
                    + "; they must be a dictionary");
        }
        return of(first == null ? List.of() : (List<?>) first, byName(type, (Map<?, ?>) second));
    }

    private static Map<String, ?> byName(MessageType type, @Nullable Map<?, ?> map) {
        Map<String, Object> names = new LinkedHashMap<>();
        if (map != null) {
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                if (!(entry.getKey() instanceof String name)) {
                    throw new WampProtocolException("a name among the arguments of " + type + " is no text");
                }
                names.put(name, entry.getValue());
            }
        }
        return names;
    }

    /** Whether a message carries no element for it. */
    public boolean isEmpty() {
        return size() == 0;
    }

    /** How many elements a message carries for it: 0, 1 or 2. */
    public int size() {
        List<Object> known = elements;
        if (known != null) {
            return known.size();
        }
        Form form = forms;
        return form == null ? 0 : form.encoded().elements();
    }

    /** The positional arguments, empty if there are none. Decodes at its first use. */
    @SuppressWarnings("unchecked") // checked where the payload was made
    public List<Object> args() {
        List<Object> list = elements();
        return !list.isEmpty() && list.get(0) instanceof List ? (List<Object>) list.get(0) : List.of();
    }

    /** The arguments by name, empty if there are none. Decodes at its first use. */
    @SuppressWarnings("unchecked") // checked where the payload was made
    public Map<String, Object> kwargs() {
        List<Object> list = elements();
        return list.size() > 1 ? (Map<String, Object>) list.get(1) : Map.of();
    }

    /** What only the applications understand, {@code null} if these are arguments. Not copied. */
    public byte @Nullable [] opaque() {
        List<Object> list = elements();
        return list.size() == 1 && list.get(0) instanceof byte[] data ? data : null;
    }

    /** The elements of a message: none, the arguments, both kinds of arguments, or what only the applications understand. */
    public List<Object> elements() {
        List<Object> known = elements;
        if (known == null) {
            Form form = forms;
            known = form == null ? List.of() : form.encoded().format().decodePayload(form.encoded());
            elements = known;
        }
        return known;
    }

    /**
     * The payload in a format, made at the first use and kept.
     *
     * @throws io.millwright.wamp.WampEncodingException if a value has no form in it
     */
    public EncodedPayload in(PayloadFormat format) {
        Form known = forms;
        for (Form form = known; form != null; form = form.next()) {
            if (form.encoded().format() == format) {
                return form.encoded();
            }
        }
        EncodedPayload encoded = format.encodePayload(elements());
        if (this != EMPTY) {
            forms = new Form(encoded, known);
        }
        return encoded;
    }

    /** Equal if an application gets the same: an empty list of arguments is none. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Payload payload
                && Values.equal(opaque(), payload.opaque())
                && Values.equal(args(), payload.args())
                && Values.equal(kwargs(), payload.kwargs());
    }

    @Override
    public int hashCode() {
        return 31 * (31 * Values.hash(args()) + Values.hash(kwargs())) + Values.hash(opaque());
    }

    /** How much, not what: payloads may be secret and long. */
    @Override
    public String toString() {
        Form form = forms;
        return form == null
                ? "Payload[" + size() + " elements]"
                : "Payload[" + form.encoded().length() + " bytes]";
    }
}
