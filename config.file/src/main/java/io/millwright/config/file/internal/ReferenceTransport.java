package io.millwright.config.file.internal;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A transport of the reference system's router as one of ours. For one thread. */
final class ReferenceTransport {
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,62}");
    private static final String LEAVE = "has no meaning here; leave it out";
    private static final Map<String, String> OTHERS = Map.of(
            "cookie", "cookies are not there; each session says anew who it is",
            "paths", "web services are not there; a transport of type 'websocket' takes any path of the URL",
            "debug", LEAVE,
            "views", "web services are not there; run a web server as a guest");
    private static final Map<String, String> OTHERS_OF_ENDPOINT =
            Map.of("backlog", LEAVE, "shared", LEAVE, "user_timeout", LEAVE, "timeout", LEAVE);
    private static final Map<String, String> OTHERS_OF_TLS = Map.of(
            "chain_certificates", "append them to the file of 'certificate'",
            "ca_certificates", "certificates of clients are not asked for; use 'cryptosign'",
            "dhparam", "is Java's to choose; leave it out",
            "ciphers", "is Java's to choose; leave it out");

    private final ReferenceReport report;

    ReferenceTransport(ReferenceReport report) {
        this.report = report;
    }

    /** The transport; what is wrong with it is reported. {@code null} if it is refused as a whole. */
    @Nullable
    Node translated(String path, Node transport) {
        Map<String, Node> members = report.object(path, transport);
        String type = report.text(path, transport, members, "type");
        if ("web".equals(type) || "universal".equals(type)) {
            return ofWeb(path, transport, members);
        }
        return of(path, transport, members, type, members);
    }

    /** A web server with one place for WebSocket and nothing else is a WebSocket. */
    private @Nullable Node ofWeb(String path, Node transport, Map<String, Node> members) {
        Node only = null;
        String where = path;
        List<String> known = new ArrayList<>(List.of("id", "type", "endpoint", "url"));
        for (String group : new String[] {"paths", "websocket"}) {
            for (Map.Entry<String, Node> one :
                    report.object(path + "." + group, members.get(group)).entrySet()) {
                String at = path + "." + group + "." + one.getKey();
                Node type = report.object(at, one.getValue()).get("type");
                if (type == null || !"websocket".equals(type.value())) {
                    report.refuse(
                            at,
                            one.getValue(),
                            "web services are not there; take it out, and serve it by a web server of your own, as a guest");
                } else if (only != null) {
                    report.refuse(
                            at,
                            one.getValue(),
                            "a transport is one WebSocket; write a transport each, with endpoints of their own");
                } else {
                    only = one.getValue();
                    where = at;
                }
            }
            known.add(group);
        }
        report.others(
                path,
                members,
                known,
                Map.of(
                        "rawsocket",
                        "a port speaks one protocol; write a transport of type 'rawsocket' with an endpoint of its own",
                        "mqtt",
                        "is not there; leave it out",
                        "web",
                        "web services are not there; take it out, and serve it by a web server of your own, as a guest"));
        if (only == null) {
            report.refuse(
                    path + ".type", transport, "has no path of type 'websocket', and nothing else of it is there");
            return null;
        }
        return of(where, only, report.object(where, only), "websocket", members);
    }

    private @Nullable Node of(
            String path, Node origin, Map<String, Node> members, @Nullable String type, Map<String, Node> outer) {
        if (type != null && !type.equals("websocket") && !type.equals("rawsocket")) {
            report.refuse(path + ".type", origin, "'" + type + "' is not there; there are websocket and rawsocket");
            return null;
        }
        report.others(
                path,
                members,
                List.of("id", "type", "endpoint", "url", "auth", "options", "serializers", "max_message_size", "paths"),
                OTHERS);
        Map<String, Node> ours = ReferenceReport.members();
        ours.put("type", ReferenceReport.node(origin, type == null ? "websocket" : type));
        endpoint(path + ".endpoint", origin, outer.get("endpoint"), ours);
        host(outer.get("url"), type, ours);
        limit(members.get("max_message_size"), ours);
        options(path + ".options", members.get("options"), ours);
        Node auth = new ReferenceAuth(report).translated(path + ".auth", origin, members.get("auth"));
        if (auth == null) {
            return null;
        }
        ours.put("auth", auth);
        return ReferenceReport.node(origin, ours);
    }

    private void endpoint(String path, Node origin, @Nullable Node endpoint, Map<String, Node> ours) {
        if (endpoint == null) {
            report.refuse(path, origin, "is missing; it says where the transport listens");
            return;
        }
        Map<String, Node> members = report.object(path, endpoint);
        String type = report.text(path, endpoint, members, "type");
        report.others(
                path,
                members,
                List.of("type", "port", "interface", "version", "path", "tls", "insecure"),
                OTHERS_OF_ENDPOINT);
        if ("unix".equals(type)) {
            String socket = report.text(path, endpoint, members, "path");
            ours.put("path", ReferenceReport.node(endpoint, socket == null ? "run/socket" : socket));
        } else if ("tcp".equals(type)) {
            Node port = members.get("port");
            if (port == null || !(port.value() instanceof Number)) {
                report.refuse(path + ".port", port == null ? endpoint : port, "must be a number");
            }
            Node given = members.get("interface");
            String host = given == null ? "127.0.0.1" : String.valueOf(given.value());
            String shown = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
            ours.put("address", ReferenceReport.node(endpoint, shown + ":" + (port == null ? 0 : port.value())));
        } else if (type != null) {
            report.refuse(path + ".type", endpoint, "'" + type + "' is not there; there are tcp and unix");
        }
        Node insecure = members.get("insecure");
        if (insecure != null) {
            ours.put("insecure", insecure);
        }
        tls(path + ".tls", members.get("tls"), ours);
    }

    private void tls(String path, @Nullable Node tls, Map<String, Node> ours) {
        Map<String, Node> members = report.object(path, tls);
        report.others(path, members, List.of("key", "certificate"), OTHERS_OF_TLS);
        Map<String, Node> made = ReferenceReport.members();
        if (members.get("key") != null) {
            made.put("key", members.get("key"));
        }
        if (members.get("certificate") != null) {
            made.put("cert", members.get("certificate"));
        }
        if (tls != null && !made.isEmpty()) {
            ours.put("tls", ReferenceReport.node(tls, made));
        }
    }

    /** The URL by which others know the transport has a name that browsers may use. */
    private static void host(@Nullable Node url, @Nullable String type, Map<String, Node> ours) {
        if (url == null || !"websocket".equals(type)) {
            return;
        }
        try {
            String host = new URI(String.valueOf(url.value())).getHost();
            if (host != null) {
                ours.put("hosts", ReferenceReport.node(url, List.of(ReferenceReport.node(url, host))));
            }
        } catch (URISyntaxException e) {
            // It is for people only then.
        }
    }

    private static void limit(@Nullable Node bytes, Map<String, Node> ours) {
        if (bytes != null) {
            ours.put("limits.message", bytes);
        }
    }

    private void options(String path, @Nullable Node options, Map<String, Node> ours) {
        report.object(path, options).forEach((key, node) -> {
            if (key.equals("allowed_origins")) {
                for (Node origin : report.list(path + "." + key, node)) {
                    String text = String.valueOf(origin.value());
                    if (text.indexOf('*') >= 0 && !text.equals("*")) {
                        report.refuse(
                                path + "." + key,
                                origin,
                                "'" + text + "' is a pattern; write each origin, or '*' alone");
                    }
                }
                ours.put("origins", node);
            } else if (key.equals("max_message_size")) {
                limit(node, ours);
            } else {
                report.refuse(path + "." + key, node, "cannot be tuned here; leave it out");
            }
        });
    }

    static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }
}
