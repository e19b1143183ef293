package io.millwright.wamp.router;

import io.millwright.wamp.WampErrors;
import io.millwright.wamp.message.Authenticate;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What an authenticator says next: welcome, prove it, or no. Immutable. */
public final class AuthStep {
    private final @Nullable Principal principal;
    private final Map<String, Object> challenge;
    private final @Nullable Function<Authenticate, CompletionStage<AuthStep>> check;
    private final String error;
    private final String message;

    private AuthStep(
            @Nullable Principal principal,
            Map<String, Object> challenge,
            @Nullable Function<Authenticate, CompletionStage<AuthStep>> check,
            String error,
            String message) {
        this.principal = principal;
        this.challenge = challenge;
        this.check = check;
        this.error = error;
        this.message = message;
    }

    /** Welcome. */
    public static AuthStep accept(Principal principal) {
        return new AuthStep(principal, Map.of(), null, "", "");
    }

    /** Prove it: what the CHALLENGE says beside its method, and what is asked with the answer, in the router's turn. */
    public static AuthStep challenge(Map<String, ?> extra, Function<Authenticate, CompletionStage<AuthStep>> check) {
        return new AuthStep(null, Collections.unmodifiableMap(new LinkedHashMap<>(extra)), check, "", "");
    }

    /** No. The peer gets the same words whatever was wrong; why, a sentence without secrets, is for the log. */
    public static AuthStep refuse(String why) {
        return new AuthStep(null, Map.of(), null, WampErrors.AUTHENTICATION_FAILED, why);
    }

    /** Who it is, {@code null} if this is no welcome. */
    public @Nullable Principal principal() {
        return principal;
    }

    /** What the CHALLENGE says. */
    public Map<String, Object> challenge() {
        return challenge;
    }

    /** What is asked with the answer, {@code null} if this is no challenge. */
    public @Nullable Function<Authenticate, CompletionStage<AuthStep>> check() {
        return check;
    }

    /** The error URI for the peer, empty if this is no refusal. */
    public String error() {
        return error;
    }

    /** Why it is refused, for the log; empty if it is not. */
    public String message() {
        return message;
    }
}
