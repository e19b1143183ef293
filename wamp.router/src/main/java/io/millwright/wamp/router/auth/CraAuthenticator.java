package io.millwright.wamp.router.auth;

import io.millwright.wamp.message.EncodedPayload;
import io.millwright.wamp.message.Payload;
import io.millwright.wamp.router.AuthRequest;
import io.millwright.wamp.router.AuthStep;
import io.millwright.wamp.router.Authenticator;
import io.millwright.wamp.router.Principal;
import io.millwright.wamp.serial.Serializers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** WAMP-CRA: lets in sessions that sign a challenge with a secret that the router has too; the secret itself is not sent. */
public final class CraAuthenticator implements Authenticator {
    private final CraSecrets secrets;

    /** Asks for secrets. */
    public CraAuthenticator(CraSecrets secrets) {
        this.secrets = secrets;
    }

    @Override
    public String method() {
        return "wampcra";
    }

    @Override
    public CompletionStage<AuthStep> begin(AuthRequest request) {
        String authid = request.authid();
        if (authid == null) {
            return CompletableFuture.completedFuture(AuthStep.refuse("HELLO has no 'authid'"));
        }
        CraSecret secret = secrets.find(authid);
        String challenge = challenge(request, authid, secret);
        Map<String, Object> extra = new LinkedHashMap<>();
        extra.put("challenge", challenge);
        if (secret != null) {
            extra.putAll(secret.salting());
        }
        return CompletableFuture.completedFuture(AuthStep.challenge(
                extra, answer -> CompletableFuture.completedFuture(check(challenge, answer.signature(), secret))));
    }

    private static AuthStep check(String challenge, String signature, @Nullable CraSecret secret) {
        String key = secret == null ? Secrets.randomHex(32) : secret.key();
        boolean right = Secrets.equal(sign(challenge, key), signature);
        return secret != null && right
                ? AuthStep.accept(secret.principal())
                : AuthStep.refuse("no such name, or a wrong signature");
    }

    private static String challenge(AuthRequest request, String authid, @Nullable CraSecret secret) {
        Map<String, Object> challenge = new LinkedHashMap<>();
        Principal principal = secret == null ? Principal.of(authid, "user") : secret.principal();
        challenge.put("authid", authid);
        challenge.put("authrole", principal.role());
        challenge.put("authmethod", "wampcra");
        challenge.put("authprovider", principal.provider());
        challenge.put("session", request.session());
        challenge.put("nonce", Secrets.randomHex(32));
        challenge.put("timestamp", Instant.now().toString());
        EncodedPayload list = Payload.args(challenge).in(Serializers.JSON);
        // Without the brackets of the list.
        return new String(list.bytes(), list.offset() + 1, list.length() - 2, StandardCharsets.UTF_8);
    }

    /** The signature of a challenge: HMAC-SHA256, in Base64. */
    static String sign(String challenge, String key) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            // A key must have a byte; a secret of none is good for nobody.
            byte[] bytes = key.isEmpty() ? Secrets.random(32) : key.getBytes(StandardCharsets.UTF_8);
            mac.init(new SecretKeySpec(bytes, "HmacSHA256"));
            return Base64.getEncoder().encodeToString(mac.doFinal(challenge.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("each Java has HMAC-SHA256", e);
        }
    }
}
