package io.millwright.wamp.router.auth;

import io.millwright.wamp.router.AuthRequest;
import io.millwright.wamp.router.AuthStep;
import io.millwright.wamp.router.Authenticator;
import io.millwright.wamp.router.Peer;
import io.millwright.wamp.router.Principal;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Lets in users of this machine, whose number the transport has from the kernel. */
public final class LocalAuthenticator implements Authenticator {
    private final String method;
    private final LocalUsers users;

    /**
     * Asks for the principals of users.
     *
     * @param method {@code local}; or {@code anonymous}, so that clients can be used that know no method: put before {@link
     *     AnonymousAuthenticator}, it is asked where the user is known
     */
    public LocalAuthenticator(String method, LocalUsers users) {
        this.method = method;
        this.users = users;
    }

    @Override
    public String method() {
        return method;
    }

    @Override
    public boolean isOffered(Peer peer) {
        return peer.uid() >= 0;
    }

    @Override
    public CompletionStage<AuthStep> begin(AuthRequest request) {
        long uid = request.peer().uid();
        Principal principal = users.find(uid, request.authid(), request.peer());
        return CompletableFuture.completedFuture(
                principal == null
                        ? AuthStep.refuse("user " + uid + " of this machine may not come in")
                        : AuthStep.accept(principal));
    }
}
