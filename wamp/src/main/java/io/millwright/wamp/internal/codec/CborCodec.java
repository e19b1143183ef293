package io.millwright.wamp.internal.codec;

import io.millwright.wamp.message.EncodedPayload;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** CBOR (RFC 8949), its shortest forms of whole numbers and lengths. */
public final class CborCodec extends Codec {
    @Override
    public String name() {
        return "cbor";
    }

    @Override
    public int rawSocketId() {
        return 3;
    }

    @Override
    public boolean isBinary() {
        return true;
    }

    @Override
    Output output() {
        return new Writer();
    }

    @Override
    Input input(byte[] bytes) {
        return new CborInput(bytes, 0, bytes.length);
    }

    @Override
    public List<Object> decodePayload(EncodedPayload encoded) {
        CborInput input = new CborInput(encoded.bytes(), encoded.offset(), encoded.offset() + encoded.length());
        List<@Nullable Object> elements = new ArrayList<>(2);
        for (int i = 0; i < encoded.elements(); i++) {
            elements.add(input.read(1, true));
        }
        return elements;
    }

    private static final class Writer extends Output {
        @Override
        void nothing() {
            out.put(0xf6);
        }

        @Override
        void bool(boolean value) {
            out.put(value ? 0xf5 : 0xf4);
        }

        @Override
        void whole(long value) {
            head(value >= 0 ? 0 : 1, value >= 0 ? value : ~value);
        }

        /** A kind of value and a number, which is unsigned. */
        private void head(int major, long argument) {
            int kind = major << 5;
            if (argument >= 0 && argument < 24) {
                out.put(kind | (int) argument);
            } else if (argument >= 0 && argument < 1 << 8) {
                out.put(kind | 24);
                out.put((int) argument);
            } else if (argument >= 0 && argument < 1 << 16) {
                out.put(kind | 25);
                out.put2((int) argument);
            } else if (argument >= 0 && argument < 1L << 32) {
                out.put(kind | 26);
                out.put4((int) argument);
            } else {
                out.put(kind | 27);
                out.put8(argument);
            }
        }

        @Override
        void whole(BigInteger value) {
            int major = value.signum() < 0 ? 1 : 0;
            BigInteger argument = major == 1 ? value.not() : value;
            if (argument.bitLength() <= 64) {
                head(major, argument.longValue());
                return;
            }
            head(6, 2 + major);
            byte[] magnitude = argument.toByteArray();
            int sign = magnitude[0] == 0 ? 1 : 0;
            head(2, magnitude.length - sign);
            out.put(magnitude, sign, magnitude.length - sign);
        }

        @Override
        void number(double value) {
            out.put(0xfb);
            out.put8(Double.doubleToLongBits(value));
        }

        @Override
        void text(String value) {
            head(3, Bytes.utf8Length(value));
            out.utf8(value);
        }

        @Override
        void binary(byte[] value) {
            head(2, value.length);
            out.put(value, 0, value.length);
        }

        @Override
        void beginList(int size) {
            head(4, size);
        }

        @Override
        void beginMap(int size) {
            head(5, size);
        }

        @Override
        void separate(boolean first) {}

        @Override
        void key(String key) {
            text(key);
        }

        @Override
        void endList() {}

        @Override
        void endMap() {}
    }
}
