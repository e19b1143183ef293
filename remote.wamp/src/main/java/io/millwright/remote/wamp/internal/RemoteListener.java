package io.millwright.remote.wamp.internal;

import io.millwright.options.TextArray;
import io.millwright.wamp.net.ListenerConfig;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** One listener as a configuration asks for it: {@code io.millwright.remote.listener~NAME}. Stateless. */
final class RemoteListener {
    private static final Pattern STORE = Pattern.compile("\\.(p12|pfx)$", Pattern.CASE_INSENSITIVE);

    private static final int MOST_PORTS = 65_535;

    private RemoteListener() {}

    /**
     * Reads a configuration.
     *
     * @param name the listener's name
     * @param directory what relative paths begin at
     * @param options what it says
     * @return the listener
     * @throws IllegalArgumentException with a sentence, if it says something wrong
     */
    static ListenerConfig of(String name, Path directory, ListenerOptions options) {
        if (options.path().isEmpty() == options.address().isEmpty()) {
            throw new IllegalArgumentException("it needs either 'path', for a Unix socket, or 'address' (HOST:PORT)");
        }
        ListenerConfig config = options.path().isEmpty()
                ? ListenerConfig.tcp(name, address(options.address()))
                : ListenerConfig.unix(name, directory.resolve(options.path()));
        if (!options.tls_cert().isEmpty() || !options.tls_key().isEmpty()) {
            config = encrypted(config, directory, options);
        } else if (!options.tls_passwordFile().isEmpty()) {
            throw new IllegalArgumentException("'tls.passwordFile' is for a store, which 'tls.key' would name");
        }
        return config.withType(type(options.type()))
                .withOrigins(texts(options.origins()))
                .withHosts(texts(options.hosts()))
                .withInsecure(options.insecure())
                .withHelloBytes(hello(options.limits_hello()))
                .withConnections(options.limits_connections())
                .withMessageBytes(options.limits_message())
                .withWaiting(options.limits_waiting())
                .withHelloTimeout(seconds("limits.join", options.limits_join(), 1))
                .withPingInterval(seconds("ping", options.ping(), 0));
    }

    private static int hello(int bytes) {
        if (bytes < 512 || bytes > 64 << 10) {
            throw new IllegalArgumentException("'limits.hello' is a number of bytes, 512 to 65536, and is " + bytes);
        }
        return bytes;
    }

    private static Duration seconds(String what, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(
                    "'" + what + "' is a number of seconds, " + least + " or more, and is " + value);
        }
        return Duration.ofSeconds(value);
    }

    private static ListenerConfig encrypted(ListenerConfig config, Path directory, ListenerOptions options) {
        if (options.tls_key().isEmpty()) {
            throw new IllegalArgumentException("'tls.cert' and 'tls.key' belong together");
        }
        Path key = directory.resolve(options.tls_key());
        boolean isStore = STORE.matcher(options.tls_key()).find();
        if (isStore && !options.tls_cert().isEmpty()) {
            throw new IllegalArgumentException("'tls.key' is a store, which has the certificate: leave out 'tls.cert'");
        } else if (isStore) {
            String password = options.tls_passwordFile();
            return config.withTlsStore(key, password.isEmpty() ? null : directory.resolve(password));
        } else if (options.tls_cert().isEmpty()) {
            throw new IllegalArgumentException(
                    "'tls.cert' and 'tls.key' belong together, unless 'tls.key' is a store, *.p12 or *.pfx");
        } else if (!options.tls_passwordFile().isEmpty()) {
            throw new IllegalArgumentException("'tls.passwordFile' is for a store, *.p12 or *.pfx");
        }
        return config.withTls(directory.resolve(options.tls_cert()), key);
    }

    /** What follows the tilde of a PID, or the whole PID where there is none. */
    static String name(String factory, String pid) {
        return pid.startsWith(factory + "~") ? pid.substring(factory.length() + 1) : pid;
    }

    /** The values of an option; in files that know only text a list stands in one text, as of workers. */
    static List<String> texts(String[] values) {
        List<String> list = values.length == 1 ? TextArray.read(values[0]) : null;
        return list == null ? List.of(values) : List.copyOf(list);
    }

    private static ListenerConfig.Type type(String name) {
        for (ListenerConfig.Type type : ListenerConfig.Type.values()) {
            if (type.name().toLowerCase(Locale.ROOT).equals(name)) {
                return type;
            }
        }
        throw new IllegalArgumentException("'type' must be rawsocket or websocket, is '" + name + "'");
    }

    private static InetSocketAddress address(String text) {
        int colon = text.lastIndexOf(':');
        try {
            int port = Integer.parseInt(text.substring(colon + 1));
            if (port < 0 || port > MOST_PORTS) {
                throw new IllegalArgumentException(
                        "'address': the port is " + port + "; it must be between 0 and " + MOST_PORTS);
            }
            String host = colon < 0 ? "127.0.0.1" : text.substring(0, colon);
            String bare = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
            // One that is unknown now is refused when it is to listen, and tried again.
            return new InetSocketAddress(bare, port);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'address' must be HOST:PORT, is '" + text + "'", e);
        }
    }
}
