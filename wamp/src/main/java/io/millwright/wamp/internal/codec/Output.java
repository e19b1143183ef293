package io.millwright.wamp.internal.codec;

import io.millwright.wamp.WampEncodingException;
import io.millwright.wamp.serial.Serializer;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes values: looks at their classes and depths, and leaves the bytes to a format. Not thread-safe. */
abstract class Output {
    final Bytes out = new Bytes();

    abstract void nothing();

    abstract void bool(boolean value);

    abstract void whole(long value);

    /** A whole number beyond a long, of no more than {@link Serializer#MAX_DIGITS} digits. */
    abstract void whole(BigInteger value);

    abstract void number(double value);

    abstract void text(String value);

    abstract void binary(byte[] value);

    abstract void beginList(int size);

    abstract void beginMap(int size);

    /** Before an element of a list, or a key. */
    abstract void separate(boolean first);

    abstract void key(String key);

    abstract void endList();

    abstract void endMap();

    final void value(@Nullable Object value, int depth) {
        if (value == null) {
            nothing();
        } else if (value instanceof String text) {
            text(text);
        } else if (value instanceof Number number) {
            number(number);
        } else if (value instanceof Boolean bool) {
            bool(bool);
        } else if (value instanceof Map<?, ?> map) {
            map(map, deeper(depth));
        } else if (value instanceof Collection<?> list) {
            list(list, deeper(depth));
        } else if (value instanceof byte[] bytes) {
            binary(bytes);
        } else if (value instanceof Object[] array) {
            list(Arrays.asList(array), deeper(depth));
        } else if (value instanceof CharSequence text) {
            text(text.toString());
        } else {
            throw new WampEncodingException("a " + value.getClass().getName()
                    + " cannot be sent; a value is null, a Boolean, a number, a text, a byte[], a list or a map");
        }
    }

    private static int deeper(int depth) {
        if (depth >= Serializer.MAX_DEPTH) {
            throw new WampEncodingException("lists and maps are nested deeper than " + Serializer.MAX_DEPTH);
        }
        return depth + 1;
    }

    private void number(Number number) {
        if (number instanceof Long || number instanceof Integer || number instanceof Short || number instanceof Byte) {
            whole(number.longValue());
        } else if (number instanceof Double || number instanceof Float) {
            number(number.doubleValue());
        } else if (number instanceof BigInteger big) {
            big(big);
        } else if (number instanceof BigDecimal decimal) {
            decimal(decimal);
        } else {
            throw new WampEncodingException("a " + number.getClass().getName() + " cannot be sent as a number");
        }
    }

    private void big(BigInteger big) {
        if (big.bitLength() < 64) {
            whole(big.longValue());
        } else if (big.bitLength() > Input.MAX_BITS) {
            throw new WampEncodingException("a whole number of more than " + Serializer.MAX_DIGITS + " digits");
        } else {
            whole(big);
        }
    }

    /** Only a number that a double is the shortest text of: no digit is lost in silence. */
    private void decimal(BigDecimal decimal) {
        double nearest = decimal.doubleValue();
        if (Double.isInfinite(nearest) || BigDecimal.valueOf(nearest).compareTo(decimal) != 0) {
            throw new WampEncodingException("a decimal number of more digits than a double has; send it as a text");
        }
        number(nearest);
    }

    private void list(Collection<?> list, int depth) {
        int size = list.size();
        beginList(size);
        Iterator<?> elements = list.iterator();
        for (int i = 0; i < size; i++) {
            separate(i == 0);
            value(elements.next(), depth);
        }
        endList();
    }

    private void map(Map<?, ?> map, int depth) {
        int size = map.size();
        beginMap(size);
        Iterator<? extends Map.Entry<?, ?>> entries = map.entrySet().iterator();
        for (int i = 0; i < size; i++) {
            Map.Entry<?, ?> entry = entries.next();
            if (!(entry.getKey() instanceof String key)) {
                throw new WampEncodingException("a key of a map is no text");
            }
            separate(i == 0);
            key(key);
            value(entry.getValue(), depth);
        }
        endMap();
    }
}
