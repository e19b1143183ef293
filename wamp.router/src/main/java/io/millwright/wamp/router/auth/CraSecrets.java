package io.millwright.wamp.router.auth;

import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;

/** The secrets of principals. Called in the router's turns: must not block. */
@ConsumerType
@FunctionalInterface
public interface CraSecrets {
    /** The secret of a name, {@code null} if the name is not known. */
    @Nullable
    CraSecret find(String authid);
}
