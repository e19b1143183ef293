package io.millwright.wamp.internal.codec;

import io.millwright.wamp.WampProtocolException;
import io.millwright.wamp.serial.Serializer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads values. Each is either kept, or only checked and stood for by an empty value of its kind: the same code does both, so what was
 * checked can be decoded. Not thread-safe.
 */
abstract class Input {
    /** Bits of the largest whole number of {@link Serializer#MAX_DIGITS} digits. */
    static final int MAX_BITS = 3321;

    static final List<Object> SOME_LIST = List.of();
    static final Map<String, Object> SOME_MAP = Map.of();
    static final byte[] SOME_BINARY = new byte[0];
    static final Object SOMETHING = Boolean.TRUE;

    private int values;

    /** Begins the message, which is a list. */
    abstract void beginMessage();

    /** Whether the message has another element. */
    abstract boolean hasNext();

    /** Where the next element, which there is, begins. */
    abstract int begin();

    /** Where the element that was read last ends. */
    abstract int end();

    /** The next element. */
    abstract @Nullable Object next(boolean keep);

    /** After the last element: nothing may follow. */
    abstract void endMessage();

    /** Whether there are values that only decoding checks. */
    boolean mustDecode() {
        return false;
    }

    final void count() {
        if (++values > Serializer.MAX_VALUES) {
            throw new WampProtocolException("a message has more than " + Serializer.MAX_VALUES + " values");
        }
    }

    static int deeper(int depth) {
        if (depth >= Serializer.MAX_DEPTH) {
            throw new WampProtocolException("a message is nested deeper than " + Serializer.MAX_DEPTH);
        }
        return depth + 1;
    }
}
