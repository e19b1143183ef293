package io.millwright.controller.internal.process.tree;

/**
 * The second mark of a launch: a number in its soft limit of file locks, which the kernel has not looked at since 2.4.25. Children
 * inherit it whatever becomes of their environment, session, group and user, and anybody may read it in {@code /proc}. Nineteen
 * digits: a one, ten of the node, eight of the launch. Immutable.
 */
public final class LimitMark {
    private static final long FIRST = 1_000_000_000_000_000_000L;
    private static final long NODES = 10_000_000_000L;
    private static final long LAUNCHES = 100_000_000L;

    private final long base;

    /**
     * Makes the marks of a node.
     *
     * @param nonce the node's nonce
     */
    public LimitMark(String nonce) {
        long hash = 1;
        for (int i = 0; i < nonce.length(); i++) {
            hash = 1_000_003 * hash + nonce.charAt(i);
        }
        base = FIRST + Long.remainderUnsigned(hash, NODES) * LAUNCHES;
    }

    /**
     * The soft limit of a launch.
     *
     * @param launch the value of {@link Tag#LAUNCH}
     * @return the limit
     */
    public long of(String launch) {
        return base + Long.parseLong(launch) % LAUNCHES;
    }

    /**
     * The launch a limit was made for.
     *
     * @param limit a soft limit of file locks
     * @return the launch, empty if it is none of this node
     */
    String launch(long limit) {
        long number = limit - base;
        return number > 0 && number < LAUNCHES ? Long.toString(number) : "";
    }

    /** Whether a limit is the mark of some node. */
    static boolean isMark(long limit) {
        return limit >= FIRST && limit < FIRST + NODES * LAUNCHES;
    }

    /**
     * What all marks of the node begin with; eight digits follow.
     *
     * @return eleven digits
     */
    public String digits() {
        return Long.toString(base / LAUNCHES);
    }
}
