package io.millwright.wamp.router.auth;

import io.millwright.wamp.message.Authenticate;
import io.millwright.wamp.router.AuthRequest;
import io.millwright.wamp.router.AuthStep;
import io.millwright.wamp.router.Authenticator;
import io.millwright.wamp.router.Peer;
import io.millwright.wamp.router.Principal;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Lets in sessions that show a ticket: a secret that is sent as it is, so only where nobody else can read it. */
public final class TicketAuthenticator implements Authenticator {
    private final TicketCheck tickets;

    /** Asks for tickets. */
    public TicketAuthenticator(TicketCheck tickets) {
        this.tickets = tickets;
    }

    @Override
    public String method() {
        return "ticket";
    }

    @Override
    public boolean isOffered(Peer peer) {
        return peer.isConfidential();
    }

    @Override
    public CompletionStage<AuthStep> begin(AuthRequest request) {
        String authid = request.authid();
        return CompletableFuture.completedFuture(
                authid == null
                        ? AuthStep.refuse("HELLO has no 'authid'")
                        : AuthStep.challenge(Map.of(), answer -> check(authid, answer, request.peer())));
    }

    private CompletionStage<AuthStep> check(String authid, Authenticate answer, Peer peer) {
        Principal principal = tickets.check(authid, answer.signature(), peer);
        return CompletableFuture.completedFuture(
                principal == null ? AuthStep.refuse("no such name, or a wrong ticket") : AuthStep.accept(principal));
    }
}
