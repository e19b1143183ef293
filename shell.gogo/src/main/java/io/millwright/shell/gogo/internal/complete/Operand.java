package io.millwright.shell.gogo.internal.complete;

/** What a word of a command line is, as far as it can be completed. */
public enum Operand {
    /** Nothing that could be completed. */
    OTHER,
    /** A worker in a live state. */
    LIVE,
    /** A worker that is known and not in a live state. */
    NOT_LIVE,
    /** A worker that is known. */
    KNOWN,
    /** A worker type. */
    TYPE,
    /** A worker type, or another worker to start. */
    TYPE_OR_NOT_LIVE,
    /** {@code KEY=VALUE} of the type before, or another worker to start. */
    OPTION,
    /** A signal's name. */
    SIGNAL,
    /** An operation of the native worker before. */
    OPERATION,
    /** What is done with a component. */
    COMPONENT_ACTION,
    /** A component of the worker before. */
    COMPONENT,
    /** What is done with a router. */
    ROUTER_ACTION,
    /** {@code close}, or after it the number of a remote session. */
    SESSIONS
}
