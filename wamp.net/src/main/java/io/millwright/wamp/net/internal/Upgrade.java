package io.millwright.wamp.net.internal;

import io.millwright.wamp.net.ListenerConfig;
import io.millwright.wamp.serial.Serializer;
import io.millwright.wamp.serial.Serializers;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The HTTP request that becomes a WebSocket, and what is answered. Immutable. */
final class Upgrade {
    /** How long a request may be, in bytes. */
    static final int MAX_REQUEST = 8192;

    private static final String MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final int KEY_BYTES = 16;
    /** A name and a value, without control characters but tabs. */
    private static final Pattern HEADER = Pattern.compile("([-!#$%&'*+.^_`|~\\w]+):([\\t\\x20-\\x7e\\x80-\\xff]*)");

    private static final Pattern PORT = Pattern.compile(":\\d*$");

    /** A request that is refused: the status and reason of the answer, and a sentence. */
    static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1;

        private final String status;

        RefusedException(String status, String message) {
            super(message);
            this.status = status;
        }

        /** The whole answer. */
        byte[] answer() {
            byte[] text = (getMessage() + "\n").getBytes(StandardCharsets.UTF_8);
            String head = "HTTP/1.1 " + status + "\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: "
                    + text.length + "\r\nConnection: close\r\nSec-WebSocket-Version: 13\r\n\r\n";
            byte[] first = head.getBytes(StandardCharsets.US_ASCII);
            byte[] answer = Arrays.copyOf(first, first.length + text.length);
            System.arraycopy(text, 0, answer, first.length, text.length);
            return answer;
        }
    }

    private final Map<String, String> headers;

    private Upgrade(Map<String, String> headers) {
        this.headers = headers;
    }

    /** The request of these octets, which end with an empty line. */
    static Upgrade parse(byte[] octets) throws RefusedException {
        String[] lines = new String(octets, StandardCharsets.ISO_8859_1).split("\r\n", -1);
        if (!lines[0].startsWith("GET /") || !lines[0].endsWith(" HTTP/1.1")) {
            throw new RefusedException("400 Bad Request", "a WebSocket begins with a request GET /… HTTP/1.1");
        }
        Map<String, String> headers = new HashMap<>();
        for (String line : Arrays.asList(lines).subList(1, lines.length)) {
            if (line.isEmpty()) {
                continue;
            }
            Matcher header = HEADER.matcher(line);
            if (!header.matches()) {
                throw new RefusedException(
                        "400 Bad Request",
                        "a header of the request is not a name, a colon at once and a value in one line");
            }
            String name = header.group(1).toLowerCase(Locale.ROOT);
            if (headers.containsKey(name) && name.equals("host")) {
                throw new RefusedException("400 Bad Request", "the request has more than one Host");
            }
            headers.merge(name, header.group(2).strip(), (one, more) -> one + ", " + more);
        }
        // Somebody between may take what follows for a body, and what is in it for something else.
        if (headers.containsKey("transfer-encoding")
                || !headers.getOrDefault("content-length", "0").equals("0")) {
            throw new RefusedException("400 Bad Request", "the request for a WebSocket has no body");
        }
        return new Upgrade(headers);
    }

    /**
     * Checks all of it.
     *
     * @param local the address of the connection's own side
     * @return what is spoken
     */
    Serializer check(ListenerConfig config, SocketAddress local) throws RefusedException {
        if (!words("upgrade").contains("websocket") || !words("connection").contains("upgrade")) {
            throw new RefusedException("426 Upgrade Required", "this is a WebSocket for WAMP sessions, nothing else");
        }
        if (!header("sec-websocket-version").equals("13")) {
            throw new RefusedException("426 Upgrade Required", "the version of WebSocket spoken here is 13");
        }
        if (!isKey(header("sec-websocket-key"))) {
            throw new RefusedException("400 Bad Request", "Sec-WebSocket-Key is not 16 bytes in Base64");
        }
        if (local instanceof InetSocketAddress own) {
            checkHost(config, own.getAddress());
            checkOrigin(config);
        }
        for (String protocol : header("sec-websocket-protocol").split(",")) {
            Serializer serializer = Serializers.byWebSocketProtocol(protocol.strip());
            if (serializer != null) {
                return serializer;
            }
        }
        throw new RefusedException(
                "400 Bad Request",
                "none of the subprotocols of the request ('" + header("sec-websocket-protocol")
                        + "') is spoken here; there are "
                        + String.join(
                                ", ",
                                Serializers.all().stream()
                                        .map(Serializer::webSocketProtocol)
                                        .toList()));
    }

    private static boolean isKey(String key) {
        try {
            return Base64.getDecoder().decode(key).length == KEY_BYTES;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** A page of anybody's can have a name of its own lead to this address, and is then of the same origin: hence the names are known ones. */
    private void checkHost(ListenerConfig config, InetAddress own) throws RefusedException {
        String host = PORT.matcher(header("host")).replaceFirst("").toLowerCase(Locale.ROOT);
        boolean known = host.equals(literal(own))
                || own.isLoopbackAddress() && host.equals("localhost")
                || config.hosts().stream().anyMatch(host::equalsIgnoreCase);
        if (!known) {
            throw new RefusedException(
                    "421 Misdirected Request",
                    "'" + host + "' is no name of this listener; names other than its address are to be in its hosts");
        }
    }

    private static String literal(InetAddress address) {
        String text = address.getHostAddress();
        int zone = text.indexOf('%');
        String plain = zone < 0 ? text : text.substring(0, zone);
        return plain.equals("0:0:0:0:0:0:0:1") ? "[::1]" : plain.contains(":") ? "[" + plain + "]" : plain;
    }

    /** Only browsers send an origin, and no page but those that are named, or that this very host has sent, may come in. */
    private void checkOrigin(ListenerConfig config) throws RefusedException {
        String origin = headers.get("origin");
        if (origin == null) {
            return;
        }
        String host = header("host");
        boolean same = origin.equalsIgnoreCase("http://" + host) || origin.equalsIgnoreCase("https://" + host);
        if (!same
                && config.origins().stream()
                        .noneMatch(allowed -> allowed.equals("*") || allowed.equalsIgnoreCase(origin))) {
            throw new RefusedException(
                    "403 Forbidden",
                    "pages of '" + origin + "' may not come in; allowed ones are to be in the listener's origins");
        }
    }

    /** The answer that agrees. */
    byte[] accept(Serializer serializer) {
        String accepted;
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1")
                    .digest((header("sec-websocket-key") + MAGIC).getBytes(StandardCharsets.US_ASCII));
            accepted = Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
        return ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
                        + accepted + "\r\nSec-WebSocket-Protocol: " + serializer.webSocketProtocol() + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private String header(String name) {
        String value = headers.get(name);
        return value == null ? "" : value;
    }

    private List<String> words(String name) {
        return List.of(header(name).toLowerCase(Locale.ROOT).split("\\s*,\\s*"));
    }

    /** Where a request ends: behind its empty line, -1 if that has not come. */
    static int end(byte[] octets, int length) {
        for (int i = 3; i < length; i++) {
            if (octets[i] == '\n' && octets[i - 1] == '\r' && octets[i - 2] == '\n' && octets[i - 3] == '\r') {
                return i + 1;
            }
        }
        return -1;
    }

    /** The words why a request that has begun like this will never be one; {@code null} as long as it may become one. */
    static @Nullable String hopeless(byte[] octets, int length) {
        byte[] start = {'G', 'E', 'T', ' '};
        for (int i = 0; i < Math.min(length, start.length); i++) {
            if (octets[i] != start[i]) {
                return octets[0] == 0x16
                        ? "it speaks TLS, the listener does not"
                        : "it does not begin with a request GET /… HTTP/1.1";
            }
        }
        return length >= MAX_REQUEST ? "its request is longer than " + MAX_REQUEST + " bytes" : null;
    }
}
