package io.millwright.wamp.client;

import io.millwright.wamp.WampProtocolException;
import io.millwright.wamp.auth.Ed25519;
import io.millwright.wamp.auth.WampCra;
import io.millwright.wamp.message.Challenge;
import io.millwright.wamp.message.Options;
import java.security.KeyPair;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;

/** How a client shows who it is. Asked at each connect, so it may answer differently the next time. Called by the client's thread; must not block. */
@ConsumerType
public interface Authentication {
    /** The name of the method in HELLO. */
    String method();

    /** The id that is claimed, {@code null} for none. */
    @Nullable
    String authid();

    /** What HELLO carries as {@code authextra}; empty for nothing. */
    default Map<String, Object> extra() {
        return Map.of();
    }

    /**
     * The signature for a challenge of the method.
     *
     * @throws WampProtocolException if it cannot be answered, with a sentence
     */
    String answer(Challenge challenge);

    /** The client was let in, before anything else is told of it: what the next time needs ({@code authextra} of WELCOME) can be kept. */
    default void joined(SessionInfo session) {}

    /** Shows nothing. */
    static Authentication anonymous() {
        return new Of("anonymous", null, Map.of()) {
            @Override
            public String answer(Challenge challenge) {
                throw new WampProtocolException("the router asks an anonymous client for a proof");
            }
        };
    }

    /** Shows a ticket, a secret that is sent as it is. */
    static Authentication ticket(String authid, String ticket) {
        return new Of("ticket", authid, Map.of()) {
            @Override
            public String answer(Challenge challenge) {
                return ticket;
            }
        };
    }

    /** Signs with a shared secret, which may be kept salted by the router. */
    static Authentication wampCra(String authid, String secret) {
        return new Of("wampcra", authid, Map.of()) {
            private static final int MOST_ITERATIONS = 1_000_000;
            private static final int LONGEST_KEY = 1024;

            @Override
            public String answer(Challenge challenge) {
                Map<String, Object> extra = challenge.extra();
                String text = Options.text(extra, "challenge");
                if (text == null) {
                    throw new WampProtocolException("the router's challenge for wampcra has no text");
                }
                String salt = Options.text(extra, "salt");
                long iterations = Options.number(extra, "iterations", 1000);
                long bytes = Options.number(extra, "keylen", 32);
                if (iterations < 1 || iterations > MOST_ITERATIONS || bytes < 1 || bytes > LONGEST_KEY) {
                    throw new WampProtocolException("the router's challenge for wampcra asks for too much");
                }
                return WampCra.sign(
                        salt == null || salt.isEmpty()
                                ? secret
                                : WampCra.deriveKey(secret, salt, (int) iterations, (int) bytes),
                        text);
            }
        };
    }

    /** Signs with an Ed25519 key ({@link Ed25519#ofSeed}); the router knows the public one. */
    static Authentication cryptosign(@Nullable String authid, KeyPair key) {
        return new Of("cryptosign", authid, Map.of("pubkey", Ed25519.hex(key.getPublic()))) {
            @Override
            public String answer(Challenge challenge) {
                String text = Options.text(challenge.extra(), "challenge");
                if (text == null || !text.matches("([0-9a-fA-F]{2}){16,128}")) {
                    throw new WampProtocolException("the router's challenge for cryptosign is not hexadecimal");
                }
                return Ed25519.sign(key.getPrivate(), text);
            }
        };
    }

    /** What the methods here share. */
    abstract class Of implements Authentication {
        private final String method;
        private final @Nullable String authid;
        private final Map<String, Object> extra;

        Of(String method, @Nullable String authid, Map<String, Object> extra) {
            this.method = method;
            this.authid = authid;
            this.extra = extra;
        }

        @Override
        public String method() {
            return method;
        }

        @Override
        public @Nullable String authid() {
            return authid;
        }

        @Override
        public Map<String, Object> extra() {
            return extra;
        }

        @Override
        public String toString() {
            return method;
        }
    }
}
