package io.millwright.controller.api.channel;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a run proves itself with. Nothing but {@link #reveal} gives it away: it is in no text, no document and no event, and comparing
 * takes the same time whatever is different. Immutable.
 */
public final class Credentials {
    private final String token;

    private Credentials(String token) {
        this.token = token;
    }

    /**
     * Makes one.
     *
     * @param token the secret, not empty
     * @return the value
     * @throws IllegalArgumentException if it is empty
     */
    public static Credentials of(String token) {
        if (Objects.requireNonNull(token, "token").isEmpty()) {
            throw new IllegalArgumentException("credentials must not be empty");
        }
        return new Credentials(token);
    }

    /**
     * The secret itself, for the birth line of its run and for nothing else.
     *
     * @return the token
     */
    public String reveal() {
        return token;
    }

    /**
     * Whether somebody has the right secret.
     *
     * @param offered what it was asked with; {@code null} is never right
     * @return true if it is the same
     */
    public boolean accepts(@Nullable String offered) {
        return offered != null && MessageDigest.isEqual(bytes(token), bytes(offered));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other == this || other instanceof Credentials that && accepts(that.token);
    }

    @Override
    public int hashCode() {
        return Credentials.class.hashCode();
    }

    /** Never the secret. */
    @Override
    public String toString() {
        return "Credentials[hidden]";
    }
}
