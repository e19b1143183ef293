package io.millwright.wamp.net.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Certificates for 127.0.0.1 in a folder, made by keytool. */
public final class Certificates {
    static final char[] PASSWORD = "password".toCharArray();

    private final Path dir;

    /** Those of a folder. */
    public Certificates(Path dir) {
        this.dir = dir;
    }

    /** A key and its certificate, as files of PEM and as a store for clients. */
    public void make(String name, String algorithm) throws Exception {
        Path store = dir.resolve(name + ".p12");
        Process tool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keyalg",
                        algorithm,
                        "-alias",
                        "a",
                        "-dname",
                        "CN=" + name,
                        "-ext",
                        "SAN=IP:127.0.0.1",
                        "-validity",
                        "10",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        "password")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(tool.waitFor()).isZero();
        KeyStore keys = store(name);
        pem(dir.resolve(name + ".crt"), "CERTIFICATE", keys.getCertificate("a").getEncoded());
        pem(
                dir.resolve(name + ".key"),
                "PRIVATE KEY",
                keys.getKey("a", PASSWORD).getEncoded());
    }

    private static void pem(Path file, String what, byte[] encoded) throws IOException {
        Base64.Encoder base64 = Base64.getMimeEncoder(64, new byte[] {'\n'});
        Files.writeString(
                file,
                "some words before\n-----BEGIN " + what + "-----\n" + base64.encodeToString(encoded) + "\n-----END "
                        + what + "-----\n");
    }

    KeyStore store(String name) throws Exception {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(dir.resolve(name + ".p12"))) {
            keys.load(in, PASSWORD);
        }
        return keys;
    }

    /** What a client trusts. */
    public SSLContext trusting(String... names) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        for (String name : names) {
            trusted.setCertificateEntry(name, store(name).getCertificate("a"));
        }
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context;
    }

    /** What a server of one shows. */
    public SSLContext serving(String name) throws Exception {
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store(name), PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }
}
