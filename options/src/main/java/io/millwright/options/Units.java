package io.millwright.options;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads and writes numbers with units: lengths of time and sizes. Thread-safe. */
public final class Units {
    /** Far beyond sense, and near enough that the nanoseconds of any accepted length fit a long. */
    static final Duration LONGEST = Duration.ofDays(36_500);

    private static final Pattern WITH_UNIT = Pattern.compile("([+-]?[0-9]+(?:\\.[0-9]+)?)\\s*([A-Za-z]+)");
    private static final BigDecimal NANOS = BigDecimal.valueOf(1_000_000_000L);
    private static final int SENSIBLE_SCALE = 100;
    private static final Map<String, BigDecimal> SECONDS = Map.of(
            "ms", new BigDecimal("0.001"),
            "s", BigDecimal.ONE,
            "m", BigDecimal.valueOf(60),
            "h", BigDecimal.valueOf(3600),
            "d", BigDecimal.valueOf(86_400));
    private static final Map<String, Long> BYTES = bytes();

    private Units() {}

    private static Map<String, Long> bytes() {
        Map<String, Long> units = new LinkedHashMap<>();
        units.put("TiB", 1L << 40);
        units.put("GiB", 1L << 30);
        units.put("MiB", 1L << 20);
        units.put("KiB", 1L << 10);
        units.put("TB", 1_000_000_000_000L);
        units.put("GB", 1_000_000_000L);
        units.put("MB", 1_000_000L);
        units.put("KB", 1_000L);
        units.put("B", 1L);
        return units;
    }

    /** A number from a number or a text, {@code null} if it is none or absurdly large or fine. */
    static @Nullable BigDecimal decimal(Object raw) {
        if (!(raw instanceof Number) && !(raw instanceof String)) {
            return null;
        }
        String text = raw.toString().trim();
        // A unit at the end is the rule, and an exception for each of them would be the slowest part of a start.
        if (text.isEmpty() || !Character.isDigit(text.charAt(text.length() - 1)) && !text.endsWith(".")) {
            return null;
        }
        try {
            BigDecimal number = new BigDecimal(text);
            // 1e999999999 is a short text and an endless computation.
            return Math.abs(number.scale()) > SENSIBLE_SCALE ? null : number;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /**
     * A length of time.
     *
     * @param raw a number of seconds, or a text such as {@code 20s}
     * @return the length, negative ones too, {@code null} if it is none; what is too long may come cut, yet too long still
     */
    public static @Nullable Duration duration(Object raw) {
        BigDecimal seconds = decimal(raw);
        if (seconds == null && raw instanceof String text) {
            String trimmed = text.trim();
            Matcher matcher = WITH_UNIT.matcher(trimmed);
            if (matcher.matches()) {
                BigDecimal unit = SECONDS.get(matcher.group(2));
                BigDecimal count = decimal(matcher.group(1));
                seconds = unit == null || count == null ? null : count.multiply(unit);
            } else {
                return iso(trimmed);
            }
        }
        if (seconds == null) {
            return null;
        }
        if (seconds.abs().compareTo(BigDecimal.valueOf(LONGEST.toSeconds())) > 0) {
            return seconds.signum() < 0 ? LONGEST.negated() : LONGEST.plusSeconds(1);
        }
        return Duration.ofNanos(
                seconds.multiply(NANOS).setScale(0, RoundingMode.HALF_UP).longValueExact());
    }

    private static @Nullable Duration iso(String text) {
        try {
            Duration duration = Duration.parse(text);
            return duration.negated().compareTo(LONGEST) > 0 ? LONGEST.negated() : duration;
        } catch (DateTimeParseException | ArithmeticException e) {
            return null;
        }
    }

    /**
     * A number of bytes.
     *
     * @param raw a number of bytes, or a text such as {@code 64KiB}
     * @return the number, negative ones too, {@code null} if it is none, not whole, or beyond a long
     */
    public static @Nullable Long size(Object raw) {
        BigDecimal number = decimal(raw);
        if (number == null && raw instanceof String text) {
            Matcher matcher = WITH_UNIT.matcher(text.trim());
            BigDecimal count = matcher.matches() ? decimal(matcher.group(1)) : null;
            Long unit = count == null ? null : byteUnit(matcher.group(2));
            number = count == null || unit == null ? null : count.multiply(BigDecimal.valueOf(unit));
        }
        return number == null ? null : whole(number);
    }

    private static @Nullable Long byteUnit(String name) {
        for (Map.Entry<String, Long> unit : BYTES.entrySet()) {
            if (unit.getKey().toLowerCase(Locale.ROOT).equals(name.toLowerCase(Locale.ROOT))) {
                return unit.getValue();
            }
        }
        return null;
    }

    /** A whole number, {@code null} if it is not whole or beyond a long. */
    static @Nullable Long whole(BigDecimal number) {
        try {
            return number.longValueExact();
        } catch (ArithmeticException e) {
            return null;
        }
    }

    /**
     * A length of time as a text that is read back.
     *
     * @param duration any length
     * @return one number and the largest unit that leaves it whole, or ISO-8601
     */
    public static String text(Duration duration) {
        if (duration.getNano() % 1_000_000 != 0) {
            return duration.toString();
        }
        long millis = duration.toMillis();
        if (millis == 0) {
            return "0s";
        }
        if (millis % 1000 != 0) {
            return millis + "ms";
        }
        long seconds = millis / 1000;
        if (seconds % 86_400 == 0) {
            return seconds / 86_400 + "d";
        }
        if (seconds % 3600 == 0) {
            return seconds / 3600 + "h";
        }
        return seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
    }

    /** A text {@link #size} reads back: one number and the largest binary unit that leaves it whole. */
    static String sizeText(long bytes) {
        for (Map.Entry<String, Long> unit : BYTES.entrySet()) {
            if (unit.getKey().endsWith("iB") && bytes != 0 && bytes % unit.getValue() == 0) {
                return bytes / unit.getValue() + unit.getKey();
            }
        }
        return bytes + "B";
    }

    /** A number without exponent and without needless zeros. */
    static String plain(BigDecimal number) {
        return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
    }
}
