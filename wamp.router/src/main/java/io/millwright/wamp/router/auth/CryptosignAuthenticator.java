package io.millwright.wamp.router.auth;

import io.millwright.wamp.message.Options;
import io.millwright.wamp.router.AuthRequest;
import io.millwright.wamp.router.AuthStep;
import io.millwright.wamp.router.Authenticator;
import io.millwright.wamp.router.Principal;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Cryptosign: lets in sessions that sign a challenge with an Ed25519 key whose public half is known. Without channel binding. */
public final class CryptosignAuthenticator implements Authenticator {
    private static final Pattern KEY = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern SIGNATURE = Pattern.compile("[0-9a-f]{128}([0-9a-f]{64})?");
    /** What an X.509 form of a key has before the 32 bytes. */
    private static final byte[] PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

    private final PublicKeys keys;

    /** Asks for keys. */
    public CryptosignAuthenticator(PublicKeys keys) {
        this.keys = keys;
    }

    @Override
    public String method() {
        return "cryptosign";
    }

    @Override
    public CompletionStage<AuthStep> begin(AuthRequest request) {
        return CompletableFuture.completedFuture(ask(request));
    }

    private AuthStep ask(AuthRequest request) {
        String given = Options.text(request.extra(), "pubkey");
        String key = given == null ? "" : given.toLowerCase(Locale.ROOT);
        if (!KEY.matcher(key).matches()) {
            return AuthStep.refuse("'pubkey' in 'authextra' of HELLO is no Ed25519 key of 64 hexadecimal digits");
        }
        byte[] challenge = Secrets.random(32);
        Map<String, Object> extra = new LinkedHashMap<>();
        extra.put("challenge", HexFormat.of().formatHex(challenge));
        extra.put("channel_binding", null);
        Principal principal = keys.find(key, request.authid());
        return AuthStep.challenge(
                extra,
                answer -> CompletableFuture.completedFuture(check(key, challenge, answer.signature(), principal)));
    }

    /** The signature stands before the challenge that was signed; some clients leave the challenge out. */
    private static AuthStep check(String key, byte[] challenge, String answer, @Nullable Principal principal) {
        String signature = answer.toLowerCase(Locale.ROOT);
        if (!SIGNATURE.matcher(signature).matches()) {
            return AuthStep.refuse("the signature is none of 64 bytes in hexadecimal digits");
        }
        byte[] bytes = HexFormat.of().parseHex(signature);
        boolean same = bytes.length == 64 || MessageDigest.isEqual(challenge, Arrays.copyOfRange(bytes, 64, 96));
        boolean right = verify(key, challenge, Arrays.copyOf(bytes, 64)) && same;
        return principal != null && right
                ? AuthStep.accept(principal)
                : AuthStep.refuse(principal == null ? "a key that is not known" : "a wrong signature");
    }

    private static boolean verify(String key, byte[] challenge, byte[] signature) {
        try {
            Signature verifier = Signature.getInstance("Ed25519");
            verifier.initVerify(publicKey(HexFormat.of().parseHex(key)));
            verifier.update(challenge);
            return verifier.verify(signature);
        } catch (GeneralSecurityException e) {
            // A key or a signature that is none.
            return false;
        }
    }

    private static PublicKey publicKey(byte[] raw) throws GeneralSecurityException {
        byte[] encoded = Arrays.copyOf(PREFIX, PREFIX.length + raw.length);
        System.arraycopy(raw, 0, encoded, PREFIX.length, raw.length);
        return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
    }
}
