package io.millwright.remote.cli;

import io.millwright.wamp.auth.Ed25519;
import io.millwright.wamp.client.Authentication;
import io.millwright.wamp.client.Transport;
import io.millwright.wamp.client.Transports;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * What a command line says: where the node is, how the caller proves itself, and the command. Immutable.
 *
 * @param url as it was given, for messages
 * @param transport the way there
 * @param authentication how the caller proves itself
 * @param realm the node's
 * @param words the command and its words, at least one
 */
record CommandLine(String url, Transport transport, Authentication authentication, String realm, List<String> words) {
    /** A command line, or a file it names, that cannot be used. */
    static final class Wrong extends Exception {
        private static final long serialVersionUID = 1;

        Wrong(String sentence) {
            super(sentence);
        }
    }

    private static final Map<String, String> VARIABLES = Map.of(
            "--url", "MILLWRIGHT_URL",
            "--user", "MILLWRIGHT_USER",
            "--ticket", "MILLWRIGHT_TICKET",
            "--key", "MILLWRIGHT_KEY",
            "--ca", "MILLWRIGHT_CA",
            "--realm", "MILLWRIGHT_REALM");

    /**
     * Reads one. Files that it names are read.
     *
     * @param arguments options first, then the command
     * @param environment has what options do not say
     * @throws Wrong if something is wrong with it, with a sentence
     */
    static CommandLine of(List<String> arguments, Map<String, String> environment) throws Wrong {
        Map<String, String> options = new HashMap<>();
        VARIABLES.forEach((option, variable) -> {
            String value = environment.get(variable);
            if (value != null && !value.isEmpty()) {
                options.put(option, value);
            }
        });
        Deque<String> words = new ArrayDeque<>(arguments);
        while (!words.isEmpty() && words.peek().startsWith("-")) {
            String option = words.remove();
            if (!VARIABLES.containsKey(option)) {
                throw new Wrong(
                        "there is no option '" + option + "' beside --url, --user, --ticket, --key, --ca, --realm");
            }
            if (words.isEmpty() || words.peek().isEmpty()) {
                throw new Wrong(option + " needs a value");
            }
            options.put(option, words.remove());
        }
        if (words.isEmpty()) {
            throw new Wrong("no command given");
        }
        String url = options.get("--url");
        if (url == null) {
            throw new Wrong("--url (or MILLWRIGHT_URL) says where the node is");
        }
        return new CommandLine(
                url,
                transport(url, options.get("--ca")),
                authentication(options),
                options.getOrDefault("--realm", "millwright"),
                List.copyOf(words));
    }

    private static Transport transport(String url, @Nullable String authority) throws Wrong {
        if (url.startsWith("unix:")) {
            return Transports.unix(Path.of(url.substring("unix:".length())).toAbsolutePath());
        }
        URI uri;
        try {
            uri = URI.create(url);
        } catch (IllegalArgumentException e) {
            throw new Wrong("'" + url + "' is no URL: " + e.getMessage());
        }
        String scheme = String.valueOf(uri.getScheme());
        if (uri.getHost() == null || (scheme.matches("rss?") && uri.getPort() < 0)) {
            throw new Wrong(form(url));
        }
        String host = uri.getHost().replaceAll("[\\[\\]]", "");
        return switch (scheme) {
            case "rs" -> Transports.tcp(host, uri.getPort());
            case "rss" -> Transports.tls(host, uri.getPort(), authority == null ? null : trusting(Path.of(authority)));
            case "ws" -> Transports.webSocket(uri);
            case "wss" ->
                authority == null ? Transports.webSocket(uri) : Transports.webSocket(uri, trusting(Path.of(authority)));
            default -> throw new Wrong(form(url));
        };
    }

    private static String form(String url) {
        return "--url must be wss://HOST[:PORT], ws://HOST[:PORT], rss://HOST:PORT, rs://HOST:PORT or unix:PATH, is '"
                + url + "'";
    }

    /** A context that trusts the certificates of a file and no others. */
    private static SSLContext trusting(Path file) throws Wrong {
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("ca" + store.size(), certificate);
            }
            if (store.size() == 0) {
                throw new Wrong("--ca: " + file + " has no certificate in it");
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new Wrong("--ca: " + file + " cannot be read as certificates in PEM: " + e);
        }
    }

    private static Authentication authentication(Map<String, String> options) throws Wrong {
        String user = options.get("--user");
        String ticket = options.get("--ticket");
        String key = options.get("--key");
        if (ticket != null && key != null) {
            throw new Wrong("--ticket and --key exclude each other");
        }
        if ((ticket != null || key != null) && user == null) {
            throw new Wrong("--user says whose " + (ticket == null ? "key" : "ticket") + " it is");
        }
        if (ticket != null) {
            return Authentication.ticket(String.valueOf(user), text("--ticket", ticket));
        } else if (key == null) {
            return Authentication.anonymous();
        }
        try {
            return Authentication.cryptosign(user, Ed25519.ofSeed(HexFormat.of().parseHex(text("--key", key))));
        } catch (IllegalArgumentException e) {
            throw new Wrong("--key: " + key + " has no key as 'millwright remote keygen' writes it");
        }
    }

    private static String text(String option, String file) throws Wrong {
        try {
            return Files.readString(Path.of(file)).strip();
        } catch (IOException e) {
            throw new Wrong(option + ": the file " + file + " cannot be read: " + e);
        }
    }
}
