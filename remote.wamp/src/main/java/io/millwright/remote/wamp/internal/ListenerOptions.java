package io.millwright.remote.wamp.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The options of {@code io.millwright.remote.listener~NAME}. */
@ObjectClassDefinition(name = "Millwright remote listener", description = "Where remote sessions reach the node.")
@interface ListenerOptions {
    /** What is spoken. */
    @AttributeDefinition(name = "Type", description = "What is spoken: rawsocket or websocket.")
    String type() default "rawsocket";

    /** Host and port. */
    @AttributeDefinition(
            name = "Address",
            description = "HOST:PORT to listen on; one that is not loopback needs TLS. This or a path.",
            required = false)
    String address() default "";

    /** A Unix socket. */
    @AttributeDefinition(
            name = "Path",
            description = "A Unix socket, relative to the node directory. This or an address.",
            required = false)
    String path() default "";

    /** A certificate. */
    @AttributeDefinition(
            name = "TLS certificate",
            description = "A PEM file with the certificate and its chain, read again when it changes; with a key.",
            required = false)
    String tls_cert() default "";

    /** Its key. */
    @AttributeDefinition(
            name = "TLS key",
            description =
                    "A PEM file with the certificate's private key, or a store (*.p12, *.pfx) with both; read again when it changes.",
            required = false)
    String tls_key() default "";

    /** The password of a store. */
    @AttributeDefinition(
            name = "TLS password file",
            description = "A file that only the node's user can read, with the password of the store.",
            required = false)
    String tls_passwordFile() default "";

    /** Origins of web pages. */
    @AttributeDefinition(
            name = "Origins",
            description =
                    "Origins of the web pages that may connect by WebSocket, for example https://ops.example.com.",
            required = false)
    String[] origins() default {};

    /** Names of the node. */
    @AttributeDefinition(
            name = "Hosts",
            description = "Names beside the address by which WebSocket clients may call the node.",
            required = false)
    String[] hosts() default {};

    /** Whether it may be open to others without encryption. */
    @AttributeDefinition(name = "Insecure", description = "Allows an address that others reach without TLS.")
    boolean insecure() default false;

    /** Methods of authentication. */
    @AttributeDefinition(
            name = "Authentication",
            description = "Methods that are offered: ticket, wampcra, cryptosign, anonymous (an observer).")
    String[] auth() default {"cryptosign", "wampcra", "ticket"};

    /** The most connections. */
    @AttributeDefinition(name = "Connections", description = "The most connections at one time.")
    int limits_connections() default 10_000;

    /** The longest message. */
    @AttributeDefinition(name = "Message size", description = "The longest message, in bytes.")
    int limits_message() default 16 << 20;

    /** The most connections whose session has not joined. */
    @AttributeDefinition(
            name = "Waiting",
            description = "The most connections whose session has not joined; for one more the oldest has to go.")
    int limits_waiting() default 64;

    /** How long such a connection may be there. */
    @AttributeDefinition(
            name = "Time to join",
            description = "How long a connection may be without a session that has joined, in seconds.")
    int limits_join() default 5;

    /** The longest message before a session has joined. */
    @AttributeDefinition(
            name = "Message size before joining",
            description = "The longest message of a session that has not joined, in bytes; 65536 at most.")
    int limits_hello() default 64 << 10;

    /** How long a connection may be silent. */
    @AttributeDefinition(
            name = "Ping",
            description = "After how many silent seconds a connection is asked whether it is there; 0 never asks.")
    int ping() default 0;
}
