package io.millwright.remote.wamp.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The options of {@code io.millwright.remote}. */
@ObjectClassDefinition(
        name = "Millwright remote management",
        description = "What all remote sessions together, and each of them, may have. Workers are not limited by it.")
@interface LimitsOptions {
    /** The most sessions. */
    @AttributeDefinition(name = "Sessions", description = "The most sessions.")
    int limits_sessions() default 10_000;

    /** The most sessions of one host. */
    @AttributeDefinition(
            name = "Sessions of a peer",
            description = "The most sessions of one host, by TCP; users of the machine itself are not counted.")
    int limits_sessionsPerPeer() default 1_000;

    /** The most unanswered calls. */
    @AttributeDefinition(name = "Calls", description = "The most calls without an answer of a session.")
    int limits_calls() default 10_000;

    /** The most subscriptions. */
    @AttributeDefinition(name = "Subscriptions", description = "The most subscriptions of a session.")
    int limits_subscriptions() default 10_000;

    /** The most registrations. */
    @AttributeDefinition(name = "Registrations", description = "The most registrations of a session.")
    int limits_registrations() default 10_000;

    /** The most testaments. */
    @AttributeDefinition(name = "Testaments", description = "The most testaments of a session.")
    int limits_testaments() default 100;

    /** The most retained events. */
    @AttributeDefinition(name = "Retained events", description = "The most topics with a retained event.")
    int limits_retained() default 1_000;

    /** How much may wait to be read. */
    @AttributeDefinition(
            name = "Queued bytes",
            description = "How many bytes may wait to be read by a session before it is ended as too slow.")
    int limits_queued() default 4 << 20;
}
