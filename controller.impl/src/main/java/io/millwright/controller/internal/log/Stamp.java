package io.millwright.controller.internal.log;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;

/** The bytes {@code 2026-03-01T12:00:00.000Z o } before a line in the file, formatted again only as time goes on. Not thread-safe. */
final class Stamp {
    /** How many bytes it has. */
    static final int LENGTH = 27;
    /** Where the letter of the stream is. */
    static final int LETTER = 25;

    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int MILLIS = 20;

    private final byte[] bytes = "0000-00-00T00:00:00.000Z   ".getBytes(StandardCharsets.US_ASCII);
    private long second = Long.MIN_VALUE;
    private long milli = Long.MIN_VALUE;

    /** Puts it at a place of a larger array. */
    void put(long time, byte letter, byte[] target, int at) {
        set(time, letter);
        System.arraycopy(bytes, 0, target, at, LENGTH);
    }

    /** Eight bytes of it, the first one the lowest. */
    long word(int at) {
        return (long) WORD.get(bytes, at);
    }

    /** Makes it that of a time and a stream. */
    void set(long time, byte letter) {
        bytes[LETTER] = letter;
        if (time != milli) {
            milli = time;
            if (Math.floorDiv(time, 1000) != second) {
                second = Math.floorDiv(time, 1000);
                date(Instant.ofEpochSecond(second).atZone(ZoneOffset.UTC));
            }
            digits(MILLIS, 3, (int) Math.floorMod(time, 1000));
        }
    }

    private void date(ZonedDateTime time) {
        digits(0, 4, time.getYear());
        digits(5, 2, time.getMonthValue());
        digits(8, 2, time.getDayOfMonth());
        digits(11, 2, time.getHour());
        digits(14, 2, time.getMinute());
        digits(17, 2, time.getSecond());
    }

    private void digits(int at, int count, int value) {
        int rest = value;
        for (int i = at + count - 1; i >= at; i--) {
            bytes[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
    }
}
