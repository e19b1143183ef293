package io.millwright.worker.router.options;

import static io.millwright.controller.api.worker.OptionDefinition.option;

import io.millwright.controller.api.worker.OptionDefinition;
import io.millwright.controller.api.worker.OptionType;
import java.util.List;

/** The options that a router has beside those of every native worker. All changes of them are applied in place. Stateless. */
public final class RouterOptions {
    /** The realms, by name. */
    public static final String REALMS = "realms";

    /** The roles of a realm, by name. */
    public static final String ROLES = "roles";

    /** What a role may do. */
    public static final String PERMISSIONS = "permissions";

    /** The transports, by name. */
    public static final String TRANSPORTS = "transports";

    /** The most sessions of a realm. */
    public static final String SESSIONS = "limits.sessions";

    /** The most sessions of one host in a realm. */
    public static final String SESSIONS_PER_PEER = "limits.sessions_per_peer";

    /** The most unanswered calls of a session. */
    public static final String CALLS = "limits.calls";

    /** The most subscriptions of a session. */
    public static final String SUBSCRIPTIONS = "limits.subscriptions";

    /** The most registrations of a session. */
    public static final String REGISTRATIONS = "limits.registrations";

    /** The most testaments of a session. */
    public static final String TESTAMENTS = "limits.testaments";

    /** The most topics of a realm with a retained event. */
    public static final String RETAINED = "limits.retained";

    /** How much may wait to be read by a session. */
    public static final String QUEUED = "limits.queued";

    /** The most connections of a transport. */
    public static final String CONNECTIONS = "limits.connections";

    /** The most of them whose session has not joined. */
    public static final String WAITING = "limits.waiting";

    /** How long these may be there. */
    public static final String JOIN = "limits.join";

    /** The longest message of a transport. */
    public static final String MESSAGE = "limits.message";

    /** The longest message of a session that has not joined. */
    public static final String HELLO = "limits.hello";

    /** The role of sessions that do not say who they are. */
    public static final String ANONYMOUS = "auth.anonymous.role";

    /** Who may come in by a ticket. */
    public static final String TICKET = "auth.ticket.principals";

    /** Who may come in by a secret that is not sent. */
    public static final String WAMPCRA = "auth.wampcra.principals";

    /** Who may come in by a key. */
    public static final String CRYPTOSIGN = "auth.cryptosign.principals";

    private static final OptionDefinition AUTHID = text("authid", "Its name in the protocol; default its name here.");
    private static final OptionDefinition ROLE = option(
                    "role", OptionType.STRING, "The role it has; a realm that has no such role does not let it in.")
            .required()
            .inPlace()
            .build();
    private static final OptionDefinition REALM =
            text("realm", "The only realm it may join, by its URI; default any that has its role.");

    private static final OptionDefinition ROLES_OF_REALM = option(
                    ROLES, OptionType.OBJECTS, "The roles of sessions, and what they may do.")
            .inPlace()
            .members(
                    option(
                                    PERMISSIONS,
                                    OptionType.OBJECT_LIST,
                                    "What the role may do; what none of them allows is refused.")
                            .inPlace()
                            .members(
                                    option("uri", OptionType.STRING, "A URI, or a pattern of URIs; '*' stands for all.")
                                            .required()
                                            .inPlace()
                                            .build(),
                                    option(
                                                    "match",
                                                    OptionType.STRING,
                                                    "How it matches: the URI itself; it and what is below it, by whole"
                                                            + " components; or one with as many components, any where it has none.")
                                            .oneOf("exact", "prefix", "wildcard")
                                            .byDefault("exact")
                                            .inPlace()
                                            .build(),
                                    option("allow", OptionType.STRINGS, "What is allowed with these URIs.")
                                            .oneOf("call", "register", "publish", "subscribe")
                                            .required()
                                            .inPlace()
                                            .build(),
                                    option(
                                                    "disclose",
                                                    OptionType.BOOLEAN,
                                                    "Whether callers and publishers are told to callees and subscribers.")
                                            .byDefault(false)
                                            .inPlace()
                                            .build())
                            .build(),
                    option(
                                    "meta",
                                    OptionType.STRING,
                                    "What it may do with the router's own procedures and topics, wamp.*.")
                            .oneOf("none", "testaments", "read", "all")
                            .byDefault("testaments")
                            .inPlace()
                            .build())
            .build();

    private static final List<OptionDefinition> ALL = List.of(
            option(REALMS, OptionType.OBJECTS, "The realms.")
                    .inPlace()
                    .members(realm())
                    .build(),
            option(TRANSPORTS, OptionType.OBJECTS, "Where applications reach the router.")
                    .inPlace()
                    .members(transport())
                    .build());

    private RouterOptions() {}

    private static OptionDefinition[] realm() {
        return new OptionDefinition[] {
            text("name", "The realm's URI; default its name here."),
            ROLES_OF_REALM,
            most(SESSIONS, "The most sessions.", 10_000, 1_000_000),
            most(SESSIONS_PER_PEER, "The most sessions of one host, by TCP.", 1_000, 1_000_000),
            most(CALLS, "The most calls without an answer of a session.", 10_000, 1_000_000),
            most(SUBSCRIPTIONS, "The most subscriptions of a session.", 10_000, 1_000_000),
            most(REGISTRATIONS, "The most registrations of a session.", 10_000, 1_000_000),
            most(TESTAMENTS, "The most testaments of a session.", 100, 10_000),
            most(RETAINED, "The most topics with a retained event.", 1_000, 1_000_000),
            size(QUEUED, "How much may wait to be read by a session before it is ended as too slow.", 1 << 30, "4MiB")
        };
    }

    private static OptionDefinition most(String key, String description, long byDefault, long most) {
        return option(key, OptionType.INTEGER, description)
                .atLeast(1)
                .atMost(most)
                .byDefault(byDefault)
                .inPlace()
                .build();
    }

    private static OptionDefinition size(String key, String description, long most, String byDefault) {
        return option(key, OptionType.SIZE, description)
                .atLeast(512)
                .atMost(most)
                .byDefault(byDefault)
                .inPlace()
                .build();
    }

    private static OptionDefinition text(String key, String description) {
        return option(key, OptionType.STRING, description).inPlace().build();
    }

    private static OptionDefinition texts(String key, String description) {
        return option(key, OptionType.STRINGS, description)
                .byDefault(List.of())
                .inPlace()
                .build();
    }

    private static OptionDefinition secret(String key, String description) {
        return option(key, OptionType.STRING, description).secret().inPlace().build();
    }

    private static OptionDefinition[] transport() {
        return new OptionDefinition[] {
            option("type", OptionType.STRING, "What is spoken.")
                    .oneOf("rawsocket", "websocket")
                    .byDefault("websocket")
                    .inPlace()
                    .build(),
            text("address", "HOST:PORT to listen on; one that others reach needs TLS, or 'insecure'. This or 'path'."),
            text("path", "A Unix socket, relative to the node directory. This or 'address'."),
            text(
                    "tls.cert",
                    "A PEM file with the certificate and its chain, relative to the node directory; read again when it changes."),
            text("tls.key", "A PEM file with its private key, or a store (*.p12, *.pfx) with both."),
            text("tls.password_file", "A file with the password of the store."),
            texts(
                    "origins",
                    "Origins of web pages that may connect by WebSocket, as https://app.example.com; * for all."),
            texts("hosts", "Names beside the address by which browsers may call the router."),
            option("insecure", OptionType.BOOLEAN, "Allows an address that others reach without TLS.")
                    .byDefault(false)
                    .inPlace()
                    .build(),
            most(CONNECTIONS, "The most connections at one time.", 10_000, 1_000_000),
            most(
                    WAITING,
                    "The most connections whose session has not joined; for one more the oldest has to go.",
                    64,
                    1_000_000),
            option(JOIN, OptionType.DURATION, "How long a connection may be without a session that has joined.")
                    .atLeast(100)
                    .byDefault("5s")
                    .inPlace()
                    .build(),
            size(MESSAGE, "The longest message.", 16 << 20, "16MiB"),
            size(HELLO, "The longest message of a session that has not joined.", 64 << 10, "64KiB"),
            option(
                            ANONYMOUS,
                            OptionType.STRING,
                            "The role of sessions that do not say who they are; default: none gets in so.")
                    .shortForm("auth.anonymous")
                    .inPlace()
                    .build(),
            principals(
                    TICKET,
                    "Who may come in by a ticket, on loopback, a Unix socket or under TLS.",
                    secret("ticket", "The ticket; this or 'ticket_file'."),
                    text(
                            "ticket_file",
                            "A file with the ticket, relative to the node directory; read again when it changes.")),
            principals(
                    WAMPCRA,
                    "Who may come in by WAMP-CRA: a secret that is not sent.",
                    secret("secret", "The secret, or with a salt the key made of the password; this or 'secret_file'."),
                    text(
                            "secret_file",
                            "A file with the secret, relative to the node directory; read again when it changes."),
                    text("salt", "The salt, if the secret is a key made of a password."),
                    option("iterations", OptionType.INTEGER, "How often the password was hashed.")
                            .atLeast(1)
                            .byDefault(1000L)
                            .inPlace()
                            .build(),
                    option("keylen", OptionType.INTEGER, "The length of the key, in bytes.")
                            .atLeast(1)
                            .byDefault(32L)
                            .inPlace()
                            .build()),
            principals(
                    CRYPTOSIGN,
                    "Who may come in by a key (Ed25519).",
                    option("public_keys", OptionType.STRINGS, "Its public keys, 64 hexadecimal digits each.")
                            .required()
                            .inPlace()
                            .build())
        };
    }

    private static OptionDefinition principals(String key, String description, OptionDefinition... own) {
        OptionDefinition[] members = new OptionDefinition[own.length + 3];
        members[0] = AUTHID;
        members[1] = ROLE;
        members[2] = REALM;
        System.arraycopy(own, 0, members, 3, own.length);
        return option(key, OptionType.OBJECTS, description)
                .inPlace()
                .members(members)
                .build();
    }

    /** All of them. */
    public static List<OptionDefinition> definitions() {
        return ALL;
    }
}
