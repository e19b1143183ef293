package io.millwright.wamp.router;

/** What a rule allows. */
public enum Action {
    /** To call a procedure. */
    CALL,
    /** To register a procedure, or a pattern of procedures. */
    REGISTER,
    /** To publish to a topic. */
    PUBLISH,
    /** To subscribe to a topic, or to a pattern of topics. */
    SUBSCRIBE
}
