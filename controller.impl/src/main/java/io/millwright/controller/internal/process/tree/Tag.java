package io.millwright.controller.internal.process.tree;

/**
 * The marks every launch carries in its environment and hands to its descendants. Immutable.
 *
 * @param node the value of {@link #NODE}, empty if absent
 * @param launch the value of {@link #LAUNCH}, empty if absent
 * @param readable false if the environment came out empty, as it does for an instant while a process executes another
 *     program: ask again
 */
public record Tag(String node, String launch, boolean readable) {
    /** The variable with the nonce of the node. */
    public static final String NODE = "MILLWRIGHT_NODE";
    /** The value of {@link #NODE} for the watchdog of a node, which ends by itself and is not to be ended. */
    public static final String WATCHDOG = "watchdog";
    /** The variable with the id of the worker. */
    public static final String WORKER = "MILLWRIGHT_WORKER";
    /** The variable with the number of the launch within its node. */
    public static final String LAUNCH = "MILLWRIGHT_LAUNCH";

    /** No tag. */
    public static final Tag NONE = new Tag("", "", true);
    /** Nothing to be read at the moment. */
    public static final Tag UNREADABLE = new Tag("", "", false);

    /**
     * Whether it is that of a watchdog.
     *
     * @return true if the process is to be left to its work
     */
    public boolean isWatchdog() {
        return node.equals(WATCHDOG);
    }
}
