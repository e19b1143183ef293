package io.millwright.remote.wamp.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The options of {@code io.millwright.remote.principal~NAME}. */
@ObjectClassDefinition(
        name = "Millwright remote principal",
        description = "A user or program that may reach the node from afar.")
@interface PrincipalOptions {
    /** The name of its role. */
    @AttributeDefinition(name = "Role", description = "observer, log_observer or operator, or a role of your own.")
    String role() default "observer";

    /** A file with its ticket. */
    @AttributeDefinition(
            name = "Ticket file",
            description =
                    "A file that only the node's user can read, with the ticket (ticket, wampcra); read at each login.",
            required = false)
    String ticketFile() default "";

    /** Its public keys. */
    @AttributeDefinition(
            name = "Public keys",
            description = "Ed25519 public keys in hex (cryptosign).",
            required = false)
    String[] publicKeys() default {};
}
