package io.millwright.shell.gogo.internal.text;

import io.millwright.controller.api.text.Printable;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Times, durations, sizes and sentences as people read them. Thread-safe. */
public final class Texts {
    private static final DateTimeFormatter DAY_AND_TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT);
    private static final List<String> UNITS = List.of("B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB");

    private Texts() {}

    /**
     * A point in time in the node's own time zone.
     *
     * @param when the time, may be {@code null}
     * @return day and time to the second, {@code -} for {@code null}
     */
    public static String time(@Nullable Instant when) {
        return when == null ? "-" : DAY_AND_TIME.format(when.atZone(ZoneId.systemDefault()));
    }

    /**
     * A day in the node's own time zone.
     *
     * @param when a time of it
     * @return year, month and day
     */
    public static String day(Instant when) {
        return when.atZone(ZoneId.systemDefault()).toLocalDate().toString();
    }

    /**
     * A time of day in the node's own time zone.
     *
     * @param when the time
     * @return hours to milliseconds
     */
    public static String clock(Instant when) {
        return TIME.format(when.atZone(ZoneId.systemDefault()));
    }

    /**
     * A duration, short: its two greatest units.
     *
     * @param duration how long, may be {@code null}
     * @return for example {@code 3d4h}, {@code 5m3s}, {@code 12.3s} or {@code 250ms}; {@code -} for {@code null}
     */
    public static String duration(@Nullable Duration duration) {
        if (duration == null) {
            return "-";
        }
        long millis = Math.max(0, duration.toMillis());
        if (millis < 1000) {
            return millis + "ms";
        }
        if (millis < 60_000) {
            long tenths = millis / 100;
            return tenths % 10 == 0 ? tenths / 10 + "s" : tenths / 10 + "." + tenths % 10 + "s";
        }
        long seconds = millis / 1000;
        if (seconds < 3600) {
            return two(seconds / 60, "m", seconds % 60, "s");
        }
        if (seconds < 86_400) {
            return two(seconds / 3600, "h", seconds % 3600 / 60, "m");
        }
        return two(seconds / 86_400, "d", seconds % 86_400 / 3600, "h");
    }

    private static String two(long great, String greatUnit, long small, String smallUnit) {
        return small == 0 ? great + greatUnit : great + greatUnit + small + smallUnit;
    }

    /**
     * A size, short.
     *
     * @param bytes how many
     * @return for example {@code 1.5GiB}
     */
    public static String size(double bytes) {
        double value = bytes;
        int unit = 0;
        while (value >= 1023.95 && unit < UNITS.size() - 1) {
            value /= 1024;
            unit++;
        }
        String number =
                unit == 0 ? String.format(Locale.ROOT, "%.0f", value) : String.format(Locale.ROOT, "%.1f", value);
        return number + UNITS.get(unit);
    }

    /**
     * How many columns a text takes.
     *
     * @param text one line
     * @return the columns, wide East Asian characters and emoji counted twice
     */
    public static int columns(String text) {
        return isPrintableAscii(text)
                ? text.length()
                : text.codePoints().map(Texts::columns).sum();
    }

    /** Nearly all cells of a long table are; the rest takes many times longer. */
    private static boolean isPrintableAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < ' ' || text.charAt(i) > '~') {
                return false;
            }
        }
        return true;
    }

    private static int columns(int c) {
        int type = Character.getType(c);
        if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK || type == Character.FORMAT) {
            return 0;
        }
        boolean wide = (c >= 0x1100 && c <= 0x115f)
                || (c >= 0x2e80 && c <= 0xa4cf)
                || (c >= 0xac00 && c <= 0xd7a3)
                || (c >= 0xf900 && c <= 0xfaff)
                || (c >= 0xfe30 && c <= 0xfe6f)
                || (c >= 0xff00 && c <= 0xff60)
                || (c >= 0xffe0 && c <= 0xffe6)
                || (c >= 0x1f300 && c <= 0x1faff)
                || (c >= 0x20000 && c <= 0x3fffd);
        return wide ? 2 : 1;
    }

    /**
     * Cuts a text to a number of columns; what was cut ends in {@code ..}.
     *
     * @param text one line
     * @param width at most how many columns
     * @return the text or its beginning
     */
    public static String cut(String text, int width) {
        if (columns(text) <= width) {
            return text;
        }
        String mark = width >= 4 ? ".." : "";
        StringBuilder kept = new StringBuilder();
        int used = 0;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            if (used + columns(c) > width - mark.length()) {
                break;
            }
            used += columns(c);
            kept.appendCodePoint(c);
            i += Character.charCount(c);
        }
        return kept.append(mark).toString();
    }

    /**
     * Breaks a text at its spaces; a word longer than the width stays whole.
     *
     * @param text any text
     * @param width at most how many columns a line has
     * @return its lines, at least one
     */
    public static List<String> wrap(String text, int width) {
        List<String> lines = new ArrayList<>();
        for (String paragraph : text.split("\\R", -1)) {
            String rest = Printable.line(paragraph);
            if (columns(rest) <= width) {
                lines.add(rest.stripTrailing());
                continue;
            }
            StringBuilder line = new StringBuilder();
            int used = 0;
            for (String word : rest.split(" ", -1)) {
                int columns = columns(word);
                if (used > 0 && used + 1 + columns > width) {
                    lines.add(line.toString().stripTrailing());
                    line.setLength(0);
                    used = 0;
                }
                line.append(used > 0 ? " " : "").append(word);
                used += (used > 0 ? 1 : 0) + columns;
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }
}
