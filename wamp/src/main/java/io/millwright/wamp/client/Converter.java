package io.millwright.wamp.client;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Values as the types that are asked for, without loss. */
final class Converter {
    private static final Map<Class<?>, Function<BigDecimal, Object>> NUMBERS = Map.of(
            Long.class, BigDecimal::longValueExact,
            Integer.class, BigDecimal::intValueExact,
            Short.class, BigDecimal::shortValueExact,
            Byte.class, BigDecimal::byteValueExact,
            BigInteger.class, BigDecimal::toBigIntegerExact,
            BigDecimal.class, n -> n,
            Double.class, BigDecimal::doubleValue,
            Float.class, BigDecimal::floatValue);

    private Converter() {}

    static <T> @Nullable T convert(@Nullable Object value, Class<T> type, String what) {
        if (value == null) {
            return null;
        }
        if (type.isInstance(value)) {
            return type.cast(value);
        }
        Function<BigDecimal, Object> number = NUMBERS.get(type);
        if (number != null && value instanceof Number some && finite(some)) {
            try {
                return type.cast(number.apply(new BigDecimal(some.toString())));
            } catch (ArithmeticException e) {
                throw new IllegalArgumentException(what + " does not fit a " + type.getSimpleName(), e);
            }
        }
        throw new IllegalArgumentException(
                what + " is a " + value.getClass().getSimpleName() + ", not a " + type.getSimpleName());
    }

    private static boolean finite(Number number) {
        return !(number instanceof Double d) || !d.isNaN() && !d.isInfinite();
    }
}
