package io.millwright.wamp.router.auth;

import io.millwright.wamp.router.Principal;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/** A principal, and the secret that it shares with the router. Immutable. */
public final class CraSecret {
    private final Principal principal;
    private final String key;
    private final Map<String, Object> salting;

    private CraSecret(Principal principal, String key, Map<String, Object> salting) {
        this.principal = principal;
        this.key = key;
        this.salting = salting;
    }

    /** A secret that is the key itself. */
    public static CraSecret of(Principal principal, String secret) {
        return new CraSecret(principal, secret, Map.of());
    }

    /** A key that was made of a password by {@link #derive}, so that the password need not be kept. */
    public static CraSecret salted(Principal principal, String key, String salt, int iterations, int keyBytes) {
        Map<String, Object> salting = new LinkedHashMap<>();
        salting.put("salt", salt);
        salting.put("iterations", iterations);
        salting.put("keylen", keyBytes);
        return new CraSecret(principal, key, salting);
    }

    /** The key of a password: PBKDF2 with HMAC-SHA256, in Base64. Slow on purpose. */
    public static String derive(String password, String salt, int iterations, int keyBytes) {
        byte[] salted = salt.getBytes(StandardCharsets.UTF_8);
        PBEKeySpec spec = new PBEKeySpec(password.toCharArray(), salted, iterations, keyBytes * 8);
        try {
            byte[] key = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(spec)
                    .getEncoded();
            return Base64.getEncoder().encodeToString(key);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("no key can be made of this password and salt", e);
        }
    }

    Principal principal() {
        return principal;
    }

    String key() {
        return key;
    }

    Map<String, Object> salting() {
        return salting;
    }

    @Override
    public String toString() {
        return "CraSecret[" + principal.authid() + "]";
    }
}
