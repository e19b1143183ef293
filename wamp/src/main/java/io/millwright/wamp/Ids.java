package io.millwright.wamp;

import java.util.concurrent.ThreadLocalRandom;

/** Ids of sessions, requests, publications, subscriptions and registrations: whole numbers from 1 to 2^53. */
public final class Ids {
    /** The largest id: the largest number up to which a JavaScript number is exact. */
    public static final long MAX = 1L << 53;

    private Ids() {}

    /** Whether the number is an id. */
    public static boolean isId(long id) {
        return id >= 1 && id <= MAX;
    }

    /** An id by chance, for what is of global scope (sessions, publications). Not a secret. */
    public static long random() {
        return ThreadLocalRandom.current().nextLong(1, MAX + 1);
    }

    /** The id after this one in the order of a session's requests: 1 comes after {@link #MAX}. */
    public static long next(long id) {
        return id >= MAX ? 1 : id + 1;
    }
}
