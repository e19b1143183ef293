package io.millwright.wamp.auth;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/** WAMP-CRA: a challenge is signed with a shared secret (HMAC-SHA256), which may be kept salted (PBKDF2). Thread-safe. */
public final class WampCra {
    private WampCra() {}

    /** The signature of a challenge by a secret or a derived key, in Base64. */
    public static String sign(String key, String challenge) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return Base64.getEncoder().encodeToString(mac.doFinal(challenge.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JVM has no HMAC-SHA256, or the secret is empty", e);
        }
    }

    /** Whether a signature is right; takes as long for a wrong one. */
    public static boolean verify(String key, String challenge, String signature) {
        return MessageDigest.isEqual(
                sign(key, challenge).getBytes(StandardCharsets.UTF_8), signature.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The key derived from a secret, in Base64, as it is used for signing.
     *
     * @param salt a text, not empty
     * @param iterations how often, 1 or more
     * @param bytes how long the key is before Base64
     */
    public static String deriveKey(String secret, String salt, int iterations, int bytes) {
        PBEKeySpec spec =
                new PBEKeySpec(secret.toCharArray(), salt.getBytes(StandardCharsets.UTF_8), iterations, bytes * 8);
        try {
            byte[] key = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(spec)
                    .getEncoded();
            return Base64.getEncoder().encodeToString(key);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JVM has no PBKDF2 with HMAC-SHA256", e);
        }
    }
}
