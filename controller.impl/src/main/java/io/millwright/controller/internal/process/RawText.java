package io.millwright.controller.internal.process;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Bytes of the system as text and back, without loss: UTF-8, and each byte that is none stands as half a character, U+DC80 to
 * U+DCFF, which no text has. Static functions.
 */
public final class RawText {
    private static final char FIRST = 0xdc80;
    private static final char LAST = 0xdcff;

    private RawText() {}

    /**
     * Reads bytes.
     *
     * @param bytes any
     * @return text from which {@link #encode} makes the same bytes
     */
    public static String decode(byte[] bytes) {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        CoderResult result = decoder.decode(in, out, true);
        while (result.isError()) {
            for (int i = result.length(); i > 0; i--) {
                out.put((char) (0xdc00 + (in.get() & 0xff)));
            }
            decoder.reset();
            result = decoder.decode(in, out, true);
        }
        return out.flip().toString();
    }

    /**
     * Makes bytes of a text, whose half characters of the range above become the bytes that they stand for.
     *
     * @param text a text
     * @return its bytes
     */
    public static byte[] encode(String text) {
        if (!hasRaw(text)) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int from = 0;
        for (int i = 0; i <= text.length(); i++) {
            if (i == text.length() || isRaw(text, i)) {
                bytes.writeBytes(text.substring(from, i).getBytes(StandardCharsets.UTF_8));
                from = i + 1;
                if (i < text.length()) {
                    bytes.write(text.charAt(i) & 0xff);
                }
            }
        }
        return bytes.toByteArray();
    }

    /**
     * A text without what stands for bytes that are no text.
     *
     * @param text a text
     * @return the same text if it has none
     */
    public static String withoutRaw(String text) {
        if (!hasRaw(text)) {
            return text;
        }
        StringBuilder rest = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            if (!isRaw(text, i)) {
                rest.append(text.charAt(i));
            }
        }
        return rest.toString();
    }

    private static boolean hasRaw(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (isRaw(text, i)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isRaw(String text, int at) {
        char c = text.charAt(at);
        return c >= FIRST && c <= LAST && (at == 0 || !Character.isHighSurrogate(text.charAt(at - 1)));
    }
}
