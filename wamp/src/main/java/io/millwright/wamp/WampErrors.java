package io.millwright.wamp;

/** The protocol's own URIs of errors and of reasons to close. */
public final class WampErrors {
    /** A text that is no URI, or not one for this use. */
    public static final String INVALID_URI = "wamp.error.invalid_uri";
    /** Nobody has registered the procedure. */
    public static final String NO_SUCH_PROCEDURE = "wamp.error.no_such_procedure";
    /** The procedure is registered already, and cannot be shared so. */
    public static final String PROCEDURE_ALREADY_EXISTS = "wamp.error.procedure_already_exists";
    /** The session has no such registration. */
    public static final String NO_SUCH_REGISTRATION = "wamp.error.no_such_registration";
    /** The session has no such subscription. */
    public static final String NO_SUCH_SUBSCRIPTION = "wamp.error.no_such_subscription";
    /** There is no such session. */
    public static final String NO_SUCH_SESSION = "wamp.error.no_such_session";
    /** There is no such realm. */
    public static final String NO_SUCH_REALM = "wamp.error.no_such_realm";
    /** There is no such role, or nobody may have it. */
    public static final String NO_SUCH_ROLE = "wamp.error.no_such_role";
    /** There is no such principal. */
    public static final String NO_SUCH_PRINCIPAL = "wamp.error.no_such_principal";
    /** An argument is wrong. */
    public static final String INVALID_ARGUMENT = "wamp.error.invalid_argument";
    /** A payload has no form in the receiver's serializer. */
    public static final String INVALID_PAYLOAD = "wamp.error.invalid_payload";
    /** A message is larger than its receiver takes. */
    public static final String PAYLOAD_SIZE_EXCEEDED = "wamp.error.payload_size_exceeded";
    /** The session's role does not allow it. */
    public static final String NOT_AUTHORIZED = "wamp.error.not_authorized";
    /** Whether it is allowed could not be found out. */
    public static final String AUTHORIZATION_FAILED = "wamp.error.authorization_failed";
    /** The proof of who somebody is was wrong. */
    public static final String AUTHENTICATION_FAILED = "wamp.error.authentication_failed";
    /** No method of authentication is offered by both. */
    public static final String NO_AUTH_METHOD = "wamp.error.no_auth_method";
    /** A message that the protocol does not have at that point. */
    public static final String PROTOCOL_VIOLATION = "wamp.error.protocol_violation";
    /** A call was cancelled. */
    public static final String CANCELED = "wamp.error.canceled";
    /** A call took longer than its caller gave it. */
    public static final String TIMEOUT = "wamp.error.timeout";
    /** An option that is not known, or not allowed here. */
    public static final String OPTION_NOT_ALLOWED = "wamp.error.option_not_allowed";
    /** A caller or publisher may not ask to be disclosed. */
    public static final String DISCLOSE_ME_NOT_ALLOWED = "wamp.error.option_disallowed.disclose_me";
    /** Each callee of a shared procedure refused the call. */
    public static final String NO_AVAILABLE_CALLEE = "wamp.error.no_available_callee";
    /** The callee cannot take a call now. */
    public static final String UNAVAILABLE = "wamp.error.unavailable";
    /** The other side does not have the feature. */
    public static final String FEATURE_NOT_SUPPORTED = "wamp.error.feature_not_supported";
    /** The connection was lost. */
    public static final String NETWORK_FAILURE = "wamp.error.network_failure";
    /** A procedure failed in a way it does not name. */
    public static final String RUNTIME_ERROR = "wamp.error.runtime_error";
    /** A session leaves, all is well. */
    public static final String CLOSE_REALM = "wamp.close.close_realm";
    /** A session leaves, all is well; the usual reason of a client. */
    public static final String CLOSE_NORMAL = "wamp.close.normal";
    /** The answer to a GOODBYE. */
    public static final String GOODBYE_AND_OUT = "wamp.close.goodbye_and_out";
    /** The whole peer ends. */
    public static final String SYSTEM_SHUTDOWN = "wamp.close.system_shutdown";
    /** A session was ended by another. */
    public static final String CLOSE_KILLED = "wamp.close.killed";

    private WampErrors() {}
}
