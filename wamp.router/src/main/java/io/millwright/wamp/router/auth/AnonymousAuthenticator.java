package io.millwright.wamp.router.auth;

import io.millwright.wamp.router.AuthRequest;
import io.millwright.wamp.router.AuthStep;
import io.millwright.wamp.router.Authenticator;
import io.millwright.wamp.router.Principal;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Lets everybody in, with one role. A realm has it only if it is put there. */
public final class AnonymousAuthenticator implements Authenticator {
    private final String role;

    /** Gives this role. */
    public AnonymousAuthenticator(String role) {
        this.role = role;
    }

    @Override
    public String method() {
        return "anonymous";
    }

    @Override
    public CompletionStage<AuthStep> begin(AuthRequest request) {
        // The name is not the one that is asked for: it would look like a proven one.
        String authid = "anonymous-" + Long.toHexString(request.session());
        return CompletableFuture.completedFuture(AuthStep.accept(Principal.of(authid, role)));
    }
}
