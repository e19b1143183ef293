package io.millwright.wamp.serial;

import io.millwright.wamp.Ids;
import io.millwright.wamp.message.MessageType;
import io.millwright.wamp.message.Payload;
import io.millwright.wamp.message.WampMessage;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Valid messages of each type, by a seed. */
public final class RandomMessages {
    private static final MessageType[] TYPES = MessageType.values();

    private RandomMessages() {}

    /** A message. */
    public static WampMessage message(Random random) {
        MessageType type = TYPES[random.nextInt(TYPES.length)];
        List<Object> head = new ArrayList<>();
        head.add((long) type.code());
        switch (type) {
            case HELLO, CHALLENGE, AUTHENTICATE -> add(head, uri(random), dict(random, 2));
            case WELCOME, CANCEL, RESULT, INTERRUPT, YIELD -> add(head, id(random), dict(random, 2));
            case ABORT, GOODBYE -> add(head, dict(random, 2), uri(random));
            case ERROR -> add(head, 48L, id(random), dict(random, 2), uri(random));
            case PUBLISH, SUBSCRIBE, CALL, REGISTER -> add(head, id(random), dict(random, 2), uri(random));
            case EVENT, INVOCATION -> add(head, id(random), id(random), dict(random, 2));
            case UNSUBSCRIBED, UNREGISTERED, EVENT_RECEIVED -> add(head, id(random));
            default -> add(head, id(random), id(random));
        }
        return WampMessage.parse(type, head, type.hasPayload() ? payload(random) : Payload.EMPTY);
    }

    private static void add(List<Object> head, Object... elements) {
        head.addAll(List.of(elements));
    }

    private static long id(Random random) {
        return 1 + (random.nextLong() & Long.MAX_VALUE) % (random.nextBoolean() ? Ids.MAX : 300);
    }

    private static String uri(Random random) {
        return "com.u" + random.nextInt(1000) + ".ü";
    }

    private static Payload payload(Random random) {
        return switch (random.nextInt(5)) {
            case 0 -> Payload.EMPTY;
            case 1 -> Payload.opaque(binary(random));
            case 2 -> Payload.of(list(random, 3), dict(random, 3));
            default -> Payload.of(list(random, 3));
        };
    }

    private static Object value(Random random, int depth) {
        return switch (random.nextInt(depth > 0 ? 10 : 8)) {
            case 0 -> null;
            case 1 -> random.nextBoolean();
            case 2 -> (long) random.nextInt(600) - 300;
            case 3 -> random.nextLong();
            case 4 -> BigInteger.TWO.pow(63).add(BigInteger.valueOf(random.nextInt(1000)));
            case 5 -> random.nextGaussian() * Math.pow(10, random.nextInt(40) - 20);
            case 6 -> text(random);
            case 7 -> binary(random);
            case 8 -> list(random, depth - 1);
            default -> dict(random, depth - 1);
        };
    }

    private static List<Object> list(Random random, int depth) {
        List<Object> list = new ArrayList<>();
        for (int i = random.nextInt(random.nextInt(20) == 0 ? 30 : 4); i > 0; i--) {
            list.add(value(random, depth));
        }
        return list;
    }

    private static Map<String, Object> dict(Random random, int depth) {
        Map<String, Object> dict = new LinkedHashMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            dict.put("k" + text(random), value(random, depth));
        }
        return dict;
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder("t");
        for (int i = random.nextInt(random.nextInt(20) == 0 ? 300 : 12); i > 0; i--) {
            int code = random.nextInt(random.nextInt(4) == 0 ? 0x1ffff : 0x80);
            text.appendCodePoint(code >= 0xd800 && code < 0xe000 ? 'x' : code);
        }
        return text.toString();
    }

    private static byte[] binary(Random random) {
        byte[] bytes = new byte[random.nextInt(40)];
        random.nextBytes(bytes);
        return bytes;
    }
}
