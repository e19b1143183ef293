package io.millwright.wamp.net.internal;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A listener's certificate and key, as its files had them at one moment. Immutable.
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
    static TlsIdentity read(TlsFiles files) throws IOException {
        String stamp = files.stamp();
        Path certificates = files.certificates();
        return certificates == null ? ofStore(files, stamp) : ofPem(certificates, files.key(), stamp);
    }

    private static TlsIdentity ofPem(Path certificates, Path key, String stamp) throws IOException {
        X509Certificate[] chain = chain(certificates);
        PrivateKey secret = key(key, chain[0].getPublicKey());
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("listener", secret, NO_PASSWORD, chain);
            return of(store, NO_PASSWORD, chain[0], stamp);
        } catch (GeneralSecurityException e) {
            throw new IOException(certificates + " and " + key + " cannot be used for TLS: " + e.getMessage(), e);
        }
    }

    private static TlsIdentity ofStore(TlsFiles files, String stamp) throws IOException {
        Path file = files.key();
        char[] password = files.password();
        try {
            KeyStore store = store(file, password);
            List<String> keys = new ArrayList<>();
            for (String alias : Collections.list(store.aliases())) {
                if (store.isKeyEntry(alias)) {
                    keys.add(alias);
                }
            }
            if (keys.size() != 1) {
                throw new IOException(file + " has " + keys.size() + " private keys in it; it must have one");
            }
            return of(store, password, (X509Certificate) store.getCertificate(keys.get(0)), stamp);
        } catch (GeneralSecurityException e) {
            throw new IOException(file + " cannot be used for TLS: " + e.getMessage(), e);
        } finally {
            Arrays.fill(password, ' ');
        }
    }

    private static KeyStore store(Path file, char[] password) throws IOException, GeneralSecurityException {
        byte[] content = TlsFiles.content(file);
        KeyStore store = KeyStore.getInstance("PKCS12");
        try {
            store.load(new ByteArrayInputStream(content), password);
            return store;
        } catch (IOException e) {
            String why = e.getCause() instanceof UnrecoverableKeyException
                    ? " is not of the password that was given for it"
                    : " is no store of PKCS #12: " + e.getMessage();
            throw new IOException(file + why, e);
        }
    }

    private static TlsIdentity of(KeyStore store, char[] password, X509Certificate certificate, String stamp)
            throws GeneralSecurityException {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, password);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return new TlsIdentity(context, certificate.getNotAfter().toInstant(), stamp);
    }

    private static X509Certificate[] chain(Path file) throws IOException {
        try {
            Collection<? extends Certificate> all = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(TlsFiles.content(file)));
            if (all.isEmpty()) {
                throw new IOException(file + " has no certificate in it");
            }
            return all.toArray(new X509Certificate[0]);
        } catch (GeneralSecurityException e) {
            throw new IOException(file + " is no file of certificates in PEM: " + e.getMessage(), e);
        }
    }

    private static PrivateKey key(Path file, PublicKey known) throws IOException {
        Matcher block = KEY.matcher(new String(TlsFiles.content(file), StandardCharsets.ISO_8859_1));
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
