package io.millwright.controller.internal.worker;

/** What is done on a transition, in the order the table lists it. */
public enum LifeAction {
    /** Publish the event of the new state. */
    PUBLISH,
    /** Have the process made by a spawn thread. */
    SPAWN,
    /** Begin to wait for readiness; ready at once where none is configured. */
    AWAIT_READY,
    /** Complete the start. */
    COMPLETE_START,
    /** Publish that a stop was asked for. */
    PUBLISH_STOP_REQUESTED,
    /** Send the stop signal to the group and arm the stop timeout; nothing while there is no process yet. */
    SIGNAL_STOP,
    /** Kill whatever is left of the tree; nothing while there is no process yet. */
    END_TREE,
    /** Wait until the group is gone, then end what fled. */
    AWAIT_GROUP,
    /** Cancel the timer of the next start. */
    CANCEL_WAIT,
    /** Report that the processes cannot be ended. */
    REPORT_STUCK,
    /** Settle the end: record, answer the callers that wait, and decide what follows. */
    SETTLE
}
