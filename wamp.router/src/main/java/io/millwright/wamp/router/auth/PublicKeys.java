package io.millwright.wamp.router.auth;

import io.millwright.wamp.router.Principal;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;

/** Whose public keys are known. Called in the router's turns: must not block. */
@ConsumerType
@FunctionalInterface
public interface PublicKeys {
    /**
     * The principal of a key.
     *
     * @param key the Ed25519 key, 64 lower-case hexadecimal digits
     * @param authid the name that the session asks for, {@code null} if none: then the key alone decides
     * @return {@code null} if the key is not known, or not that name's
     */
    @Nullable
    Principal find(String key, @Nullable String authid);
}
