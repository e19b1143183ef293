package io.millwright.worker.router.internal;

import io.millwright.controller.api.worker.OptionValues;
import io.millwright.wamp.router.AuthRequest;
import io.millwright.wamp.router.AuthStep;
import io.millwright.wamp.router.Authenticator;
import io.millwright.wamp.router.Peer;
import io.millwright.wamp.router.Principal;
import io.millwright.wamp.router.SessionInfo;
import io.millwright.wamp.router.auth.AnonymousAuthenticator;
import io.millwright.wamp.router.auth.CraAuthenticator;
import io.millwright.wamp.router.auth.CraSecret;
import io.millwright.wamp.router.auth.CryptosignAuthenticator;
import io.millwright.wamp.router.auth.TicketAuthenticator;
import io.millwright.worker.router.options.RouterOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who may come in by one transport to one realm: the transport's methods of authentication and their principals. Immutable and thread-safe.
 */
final class Doors {
    private static final Logger LOG = LoggerFactory.getLogger(Doors.class);

    /** One principal of one method. */
    private record Known(
            Principal principal, @Nullable String secret, @Nullable SecretFile file, OptionValues options) {
        /** Its secret; {@code null} if it cannot be read now. */
        @Nullable
        String revealed() {
            try {
                return file == null ? secret : file.read();
            } catch (IOException e) {
                LOG.warn("'{}' is not let in: {}", principal.authid(), e.getMessage());
                return null;
            }
        }

        /** Never the secret. */
        @Override
        public String toString() {
            return principal.toString();
        }
    }

    private final String transport;
    private final @Nullable String anonymous;
    private final Map<String, Known> byTicket;
    private final Map<String, Known> bySecret;
    private final Map<String, Known> byKey;

    /**
     * Reads them.
     *
     * @param transport the name of the transport
     * @param options what it says
     * @param realm the URI of the realm: principals of other realms are not known in it
     * @param directory what relative paths begin at
     */
    Doors(String transport, OptionValues options, String realm, Path directory) {
        this.transport = transport;
        anonymous = options.string(RouterOptions.ANONYMOUS).orElse(null);
        byTicket = known(options.objects(RouterOptions.TICKET), realm, directory, "ticket");
        bySecret = known(options.objects(RouterOptions.WAMPCRA), realm, directory, "secret");
        byKey = known(options.objects(RouterOptions.CRYPTOSIGN), realm, directory, "");
    }

    private static Map<String, Known> known(
            Map<String, OptionValues> principals, String realm, Path directory, String secret) {
        Map<String, Known> known = new LinkedHashMap<>();
        principals.forEach((name, options) -> {
            if (options.string("realm").filter(only -> !only.equals(realm)).isEmpty()) {
                String authid = options.string("authid").orElse(name);
                Principal principal =
                        Principal.of(authid, options.string("role").orElseThrow());
                SecretFile file = options.string(secret + "_file")
                        .map(path -> new SecretFile(directory.resolve(path)))
                        .orElse(null);
                known.put(authid, new Known(principal, options.string(secret).orElse(null), file, options));
            }
        });
        return known;
    }

    /** The methods that are offered to peers of the transport. */
    List<Authenticator> authenticators() {
        List<Authenticator> all = new ArrayList<>();
        if (!byKey.isEmpty()) {
            all.add(new Door(transport, new CryptosignAuthenticator(this::byKey)));
        }
        if (!bySecret.isEmpty()) {
            all.add(new Door(transport, new CraAuthenticator(this::bySecret)));
        }
        if (!byTicket.isEmpty()) {
            all.add(new Door(transport, new TicketAuthenticator(this::byTicket)));
        }
        if (anonymous != null) {
            all.add(new Door(transport, new AnonymousAuthenticator(anonymous)));
        }
        return all;
    }

    /** Whether a session that came by the transport would be let in now, whatever its proof. */
    boolean admits(SessionInfo session) {
        Map<String, Known> known =
                switch (session.method()) {
                    case "ticket" -> byTicket;
                    case "wampcra" -> bySecret;
                    case "cryptosign" -> byKey;
                    default -> Map.of();
                };
        Known one = known.get(session.authid());
        return session.method().equals("anonymous")
                ? session.role().equals(anonymous)
                : one != null && one.principal().role().equals(session.role());
    }

    private @Nullable Principal byTicket(String authid, String ticket, Peer peer) {
        Known one = byTicket.get(authid);
        String right = one == null ? null : one.revealed();
        boolean equal = MessageDigest.isEqual(bytes(right == null ? "" : right), bytes(ticket));
        return one != null && right != null && equal ? one.principal() : null;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private @Nullable CraSecret bySecret(String authid) {
        Known one = bySecret.get(authid);
        String secret = one == null ? null : one.revealed();
        if (one == null || secret == null) {
            return null;
        }
        String salt = one.options().string("salt").orElse(null);
        return salt == null
                ? CraSecret.of(one.principal(), secret)
                : CraSecret.salted(one.principal(), secret, salt, number(one, "iterations"), number(one, "keylen"));
    }

    private static int number(Known one, String key) {
        return Math.toIntExact(one.options().integer(key).orElseThrow());
    }

    private @Nullable Principal byKey(String key, @Nullable String authid) {
        for (Known one : byKey.values()) {
            boolean named = authid == null || authid.equals(one.principal().authid());
            if (named && one.options().strings("public_keys").contains(key)) {
                return one.principal();
            }
        }
        return null;
    }

    /** A method, for the peers of one transport. */
    record Door(String transport, Authenticator behind) implements Authenticator {
        @Override
        public String method() {
            return behind.method();
        }

        @Override
        public boolean isOffered(Peer peer) {
            return peer.listener().equals(transport) && behind.isOffered(peer);
        }

        @Override
        public CompletionStage<AuthStep> begin(AuthRequest request) {
            return behind.begin(request);
        }
    }
}
