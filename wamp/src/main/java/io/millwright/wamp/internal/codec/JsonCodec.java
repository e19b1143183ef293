package io.millwright.wamp.internal.codec;

import io.millwright.wamp.WampEncodingException;
import io.millwright.wamp.message.EncodedPayload;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** JSON. */
public final class JsonCodec extends Codec {
    private static final String HEX = "0123456789abcdef";

    @Override
    public String name() {
        return "json";
    }

    @Override
    public int rawSocketId() {
        return 1;
    }

    @Override
    public boolean isBinary() {
        return false;
    }

    @Override
    Output output() {
        return new Writer();
    }

    @Override
    Input input(byte[] bytes) {
        return new JsonInput(bytes);
    }

    @Override
    public List<Object> decodePayload(EncodedPayload encoded) {
        byte[] list = new byte[encoded.length() + 2];
        list[0] = '[';
        System.arraycopy(encoded.bytes(), encoded.offset(), list, 1, encoded.length());
        list[list.length - 1] = ']';
        JsonInput input = new JsonInput(list);
        input.beginMessage();
        List<@Nullable Object> elements = new ArrayList<>(2);
        while (input.hasNext()) {
            elements.add(input.next(true));
        }
        return elements;
    }

    private static final class Writer extends Output {
        @Override
        void nothing() {
            out.ascii("null");
        }

        @Override
        void bool(boolean value) {
            out.ascii(value ? "true" : "false");
        }

        @Override
        void whole(long value) {
            out.ascii(Long.toString(value));
        }

        @Override
        void whole(BigInteger value) {
            out.ascii(value.toString());
        }

        @Override
        void number(double value) {
            if (Double.isNaN(value) || Double.isInfinite(value)) {
                throw new WampEncodingException("the number " + value + " has no form in JSON");
            }
            out.ascii(Double.toString(value));
        }

        @Override
        void text(String value) {
            if (!value.isEmpty() && value.charAt(0) == 0) {
                throw new WampEncodingException("a text that begins with U+0000 would be a binary value in JSON");
            }
            quoted(value);
        }

        @Override
        void binary(byte[] value) {
            out.ascii("\"\\u0000");
            byte[] base64 = Base64.getEncoder().encode(value);
            out.put(base64, 0, base64.length);
            out.put('"');
        }

        private void quoted(String text) {
            out.put('"');
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                if (c == '"' || c == '\\') {
                    out.put('\\');
                    out.put(c);
                } else if (c < ' ') {
                    escaped(c);
                } else {
                    i = out.utf8(text, i);
                }
            }
            out.put('"');
        }

        private void escaped(char c) {
            out.put('\\');
            switch (c) {
                case '\n' -> out.put('n');
                case '\r' -> out.put('r');
                case '\t' -> out.put('t');
                default -> {
                    out.ascii("u00");
                    out.put(HEX.charAt(c >> 4));
                    out.put(HEX.charAt(c & 0xf));
                }
            }
        }

        @Override
        void beginList(int size) {
            out.put('[');
        }

        @Override
        void beginMap(int size) {
            out.put('{');
        }

        @Override
        void separate(boolean first) {
            if (!first) {
                out.put(',');
            }
        }

        @Override
        void key(String key) {
            quoted(key);
            out.put(':');
        }

        @Override
        void endList() {
            out.put(']');
        }

        @Override
        void endMap() {
            out.put('}');
        }
    }
}
