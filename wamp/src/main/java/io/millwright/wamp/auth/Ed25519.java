package io.millwright.wamp.auth;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.NamedParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;

/** Ed25519 keys and signatures as WAMP cryptosign writes them: raw bytes, in hexadecimal. Thread-safe. */
public final class Ed25519 {
    private static final String NAME = "Ed25519";
    private static final int KEY_BYTES = 32;
    /** What X.509 has before the 32 bytes of a public key. */
    private static final byte[] X509 = HexFormat.of().parseHex("302a300506032b6570032100");

    private Ed25519() {}

    /** A new pair. */
    public static KeyPair generate() {
        return pair(new SecureRandom());
    }

    /**
     * The pair of a seed of 32 bytes, the private key as other implementations keep it.
     *
     * @throws IllegalArgumentException if it has another length
     */
    public static KeyPair ofSeed(byte[] seed) {
        if (seed.length != KEY_BYTES) {
            throw new IllegalArgumentException("a seed of Ed25519 has 32 bytes, not " + seed.length);
        }
        return pair(new Seed(seed));
    }

    private static KeyPair pair(SecureRandom random) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(NAME);
            generator.initialize(NamedParameterSpec.ED25519, random);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JVM has no Ed25519", e);
        }
    }

    /** Chance that is none: the generator takes the private key from it. */
    private static final class Seed extends SecureRandom {
        private static final long serialVersionUID = 1;

        private final byte[] seed;

        Seed(byte[] seed) {
            this.seed = seed.clone();
        }

        @Override
        public void nextBytes(byte[] bytes) {
            System.arraycopy(seed, 0, bytes, 0, bytes.length);
        }
    }

    /** The 32 bytes of a public key in hexadecimal. */
    public static String hex(PublicKey key) {
        byte[] encoded = key.getEncoded();
        return HexFormat.of().formatHex(encoded, encoded.length - KEY_BYTES, encoded.length);
    }

    /**
     * The public key of 64 hexadecimal digits.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static PublicKey publicKey(String hex) {
        try {
            byte[] raw = HexFormat.of().parseHex(hex);
            if (raw.length != KEY_BYTES) {
                throw new IllegalArgumentException("a public key of Ed25519 has 64 hexadecimal digits");
            }
            byte[] encoded = Arrays.copyOf(X509, X509.length + KEY_BYTES);
            System.arraycopy(raw, 0, encoded, X509.length, KEY_BYTES);
            return KeyFactory.getInstance(NAME).generatePublic(new X509EncodedKeySpec(encoded));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("this is no public key of Ed25519", e);
        }
    }

    /**
     * The answer to a challenge of cryptosign: the signature and the challenge, in hexadecimal.
     *
     * @throws IllegalArgumentException if the challenge is not hexadecimal or the key is another's
     */
    public static String sign(PrivateKey key, String challenge) {
        byte[] message = HexFormat.of().parseHex(challenge);
        try {
            Signature signature = Signature.getInstance(NAME);
            signature.initSign(key);
            signature.update(message);
            return HexFormat.of().formatHex(signature.sign()) + HexFormat.of().formatHex(message);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("this is no private key of Ed25519", e);
        }
    }

    /** Whether an answer to a challenge is right; {@code false} for whatever is no answer. */
    public static boolean verify(PublicKey key, String challenge, String answer) {
        try {
            byte[] message = HexFormat.of().parseHex(challenge);
            byte[] signed = HexFormat.of().parseHex(answer);
            int split = signed.length - message.length;
            if (split <= 0 || !Arrays.equals(message, Arrays.copyOfRange(signed, split, signed.length))) {
                return false;
            }
            Signature signature = Signature.getInstance(NAME);
            signature.initVerify(key);
            signature.update(message);
            return signature.verify(signed, 0, split);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return false;
        }
    }
}
