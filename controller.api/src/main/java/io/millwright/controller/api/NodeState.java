package io.millwright.controller.api;

/** Where a node stands. */
public enum NodeState {
    /** The workers of the boot configuration are being started. */
    BOOTING,
    /** Every worker of the boot configuration is started, failed or waiting. */
    READY,
    /** The node is shutting down. */
    STOPPING
}
