package io.millwright.controller.internal.process.tree;

/** Reads the marks of one node's launches: the tag in the environment, or the {@link LimitMark}. Thread-safe; reading blocks. */
public final class Marks {
    private final ProcessTable table;
    private final String node;
    private final LimitMark limits;

    /**
     * Makes a reader.
     *
     * @param table where to read
     * @param node the nonce of the node
     */
    public Marks(ProcessTable table, String node) {
        this.table = table;
        this.node = node;
        this.limits = new LimitMark(node);
    }

    /**
     * What the marks of a process say.
     *
     * @param pid the process
     * @return the tag it was born with or, if that is not this node's, the one its limit stands for
     */
    public Tag of(long pid) {
        Tag tag = table.tag(pid);
        if (isOurs(tag) || tag.isWatchdog()) {
            return tag;
        }
        long limit = table.lockLimit(pid);
        String launch = limits.launch(limit);
        if (!launch.isEmpty()) {
            return new Tag(node, launch, true);
        }
        return tag.node().isEmpty() && LimitMark.isMark(limit) ? new Tag("another", "", true) : tag;
    }

    /**
     * Whether a tag is this node's.
     *
     * @param tag a tag
     * @return true if it marks a launch of this node
     */
    public boolean isOurs(Tag tag) {
        return tag.node().equals(node);
    }
}
