package io.millwright.wamp.net.internal;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A listener's certificate and key, as two files of PEM had them at one moment. Immutable.
 *
 * @param context makes engines
 * @param ends when the certificate ends
 * @param stamp of the files; another one when they have changed
 */
record TlsIdentity(SSLContext context, Instant ends, String stamp) {
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN ([A-Z ]*)PRIVATE KEY-----(.*?)-----END", Pattern.DOTALL);
    private static final char[] NO_PASSWORD = {};

    /**
     * Reads the files; blocks.
     *
     * @throws IOException if they cannot be used, with a sentence
     */
    static TlsIdentity read(Path certificates, Path key) throws IOException {
        String stamp = stamp(certificates, key);
        X509Certificate[] chain = chain(certificates);
        PrivateKey secret = key(key, chain[0].getPublicKey());
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("listener", secret, NO_PASSWORD, chain);
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, NO_PASSWORD);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return new TlsIdentity(context, chain[0].getNotAfter().toInstant(), stamp);
        } catch (GeneralSecurityException e) {
            throw new IOException(certificates + " and " + key + " cannot be used for TLS: " + e.getMessage(), e);
        }
    }

    /** What changes when the files do. */
    static String stamp(Path certificates, Path key) throws IOException {
        return Files.getLastModifiedTime(certificates) + " " + Files.size(certificates) + " "
                + Files.getLastModifiedTime(key) + " " + Files.size(key);
    }

    private static X509Certificate[] chain(Path file) throws IOException {
        try {
            Collection<? extends Certificate> all = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(file)));
            if (all.isEmpty()) {
                throw new IOException(file + " has no certificate in it");
            }
            return all.toArray(new X509Certificate[0]);
        } catch (GeneralSecurityException e) {
            throw new IOException(file + " is no file of certificates in PEM: " + e.getMessage(), e);
        }
    }

    private static PrivateKey key(Path file, PublicKey known) throws IOException {
        Matcher block = KEY.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
        if (!block.find()) {
            throw new IOException(file + " has no private key in PEM in it");
        }
        if (!block.group(1).isEmpty()) {
            throw new IOException(
                    file + " has a key of the form '" + block.group(1).strip()
                            + "'; only plain PKCS #8 is read, which 'openssl pkcs8 -topk8 -nocrypt' makes of it");
        }
        try {
            byte[] encoded = Base64.getMimeDecoder().decode(block.group(2));
            PrivateKey key =
                    KeyFactory.getInstance(known.getAlgorithm()).generatePrivate(new PKCS8EncodedKeySpec(encoded));
            if (!isOf(key, known)) {
                throw new IOException(file + " has a key that is not the certificate's");
            }
            return key;
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException(
                    file + " has no key of the certificate's kind (" + known.getAlgorithm() + "): " + e.getMessage(),
                    e);
        }
    }

    private static boolean isOf(PrivateKey key, PublicKey known) throws GeneralSecurityException {
        String algorithm = List.of("RSA", "EC").contains(known.getAlgorithm())
                ? "SHA256with" + (known.getAlgorithm().equals("EC") ? "ECDSA" : "RSA")
                : known.getAlgorithm();
        byte[] text = "whose key is it".getBytes(StandardCharsets.US_ASCII);
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(key);
        signature.update(text);
        byte[] signed = signature.sign();
        signature.initVerify(known);
        signature.update(text);
        return signature.verify(signed);
    }
}
