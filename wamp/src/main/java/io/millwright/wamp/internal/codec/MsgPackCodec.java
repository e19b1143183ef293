package io.millwright.wamp.internal.codec;

import io.millwright.wamp.WampEncodingException;
import io.millwright.wamp.message.EncodedPayload;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** MessagePack. */
public final class MsgPackCodec extends Codec {
    @Override
    public String name() {
        return "msgpack";
    }

    @Override
    public int rawSocketId() {
        return 2;
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
        return new MsgPackInput(bytes, 0, bytes.length);
    }

    @Override
    public List<Object> decodePayload(EncodedPayload encoded) {
        MsgPackInput input = new MsgPackInput(encoded.bytes(), encoded.offset(), encoded.offset() + encoded.length());
        List<@Nullable Object> elements = new ArrayList<>(2);
        for (int i = 0; i < encoded.elements(); i++) {
            elements.add(input.read(1, true));
        }
        return elements;
    }

    private static final class Writer extends Output {
        @Override
        void nothing() {
            out.put(0xc0);
        }

        @Override
        void bool(boolean value) {
            out.put(value ? 0xc3 : 0xc2);
        }

        @Override
        void whole(long value) {
            if (value >= -32 && value < 128) {
                out.put((int) value);
            } else if (value >= 0) {
                unsigned(value);
            } else if (value >= Byte.MIN_VALUE) {
                out.put(0xd0);
                out.put((int) value);
            } else if (value >= Short.MIN_VALUE) {
                out.put(0xd1);
                out.put2((int) value);
            } else if (value >= Integer.MIN_VALUE) {
                out.put(0xd2);
                out.put4((int) value);
            } else {
                out.put(0xd3);
                out.put8(value);
            }
        }

        private void unsigned(long value) {
            if (value < 1 << 8) {
                out.put(0xcc);
                out.put((int) value);
            } else if (value < 1 << 16) {
                out.put(0xcd);
                out.put2((int) value);
            } else if (value < 1L << 32) {
                out.put(0xce);
                out.put4((int) value);
            } else {
                out.put(0xcf);
                out.put8(value);
            }
        }

        @Override
        void whole(BigInteger value) {
            if (value.signum() < 0 || value.bitLength() > 64) {
                throw new WampEncodingException(
                        "a whole number beyond 64 bits has no form in MessagePack; send it as a text");
            }
            out.put(0xcf);
            out.put8(value.longValue());
        }

        @Override
        void number(double value) {
            out.put(0xcb);
            out.put8(Double.doubleToLongBits(value));
        }

        @Override
        void text(String value) {
            int length = (int) Math.min(Integer.MAX_VALUE, Bytes.utf8Length(value));
            if (length < 32) {
                out.put(0xa0 | length);
            } else {
                length(0xd9, length);
            }
            out.utf8(value);
        }

        @Override
        void binary(byte[] value) {
            length(0xc4, value.length);
            out.put(value, 0, value.length);
        }

        /** A length of one, two or four bytes after the code of that form. */
        private void length(int code, int length) {
            if (length < 1 << 8) {
                out.put(code);
                out.put(length);
            } else {
                longLength(code + 1, length);
            }
        }

        private void longLength(int code, int length) {
            if (length < 1 << 16) {
                out.put(code);
                out.put2(length);
            } else {
                out.put(code + 1);
                out.put4(length);
            }
        }

        @Override
        void beginList(int size) {
            if (size < 16) {
                out.put(0x90 | size);
            } else {
                longLength(0xdc, size);
            }
        }

        @Override
        void beginMap(int size) {
            if (size < 16) {
                out.put(0x80 | size);
            } else {
                longLength(0xde, size);
            }
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
