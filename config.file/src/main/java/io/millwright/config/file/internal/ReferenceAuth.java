package io.millwright.config.file.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The authentication of a transport of the reference system's router as ours. For one thread. */
final class ReferenceAuth {
    private static final Map<String, String> OTHERS = Map.of(
            "tls", "certificates of clients are not asked for; use 'cryptosign'",
            "cookie", "cookies are not there; each session says anew who it is",
            "scram", "is not there; use 'wampcra' or 'cryptosign'",
            "anonymous-proxy", "is not there",
            "cryptosign-proxy", "is not there");

    private final ReferenceReport report;

    ReferenceAuth(ReferenceReport report) {
        this.report = report;
    }

    /** Our authentication; {@code null} if nothing is left of it but what was refused. */
    @Nullable
    Node translated(String path, Node origin, @Nullable Node auth) {
        Map<String, Node> ours = ReferenceReport.members();
        if (auth == null) {
            // As there.
            ours.put("anonymous.role", ReferenceReport.node(origin, "anonymous"));
            return ReferenceReport.node(origin, ours);
        }
        Map<String, Node> members = report.object(path, auth);
        report.others(path, members, List.of("anonymous", "ticket", "wampcra", "cryptosign"), OTHERS);
        members.forEach((method, node) -> {
            String at = path + "." + method;
            switch (method) {
                case "anonymous" -> {
                    Map<String, Node> said = fixed(at, node, "role");
                    if (said != null) {
                        ours.put("anonymous.role", said.getOrDefault("role", ReferenceReport.node(node, "anonymous")));
                    }
                }
                case "ticket" -> principals(at, node, ours, method, "principals", "ticket", "ticket");
                case "wampcra" -> principals(at, node, ours, method, "users", "secret", "secret");
                case "cryptosign" -> principals(at, node, ours, method, "principals", "authorized_keys", "public_keys");
                default -> {
                    // Reported above.
                }
            }
        });
        return ours.isEmpty() && !members.isEmpty() ? null : ReferenceReport.node(auth, ours);
    }

    /** What a method says, which must be all there is to it; {@code null} if the method is refused. */
    private @Nullable Map<String, Node> fixed(String path, Node node, String... known) {
        Map<String, Node> members = report.object(path, node);
        Node type = members.get("type");
        if (type != null && !"static".equals(type.value())) {
            report.refuse(
                    path + ".type",
                    type,
                    "authenticators that are procedures or functions are not there; use \"type\": \"static\" and list who may come in");
            return null;
        }
        List<String> all = new ArrayList<>(List.of(known));
        all.add("type");
        report.others(path, members, all, Map.of());
        return members;
    }

    private void principals(
            String path,
            Node node,
            Map<String, Node> ours,
            String method,
            String group,
            String secret,
            String ourSecret) {
        Map<String, Node> said = fixed(path, node, group);
        Node listed = said == null ? null : said.get(group);
        Map<String, Node> made = ReferenceReport.members();
        int number = 0;
        for (Map.Entry<String, Node> one :
                report.object(path + "." + group, listed).entrySet()) {
            number++;
            String at = path + "." + group + "." + one.getKey();
            Map<String, Node> principal = ReferenceReport.members();
            boolean named = ReferenceTransport.isName(one.getKey());
            if (!named) {
                principal.put("authid", ReferenceReport.node(one.getValue(), one.getKey()));
            }
            report.object(at, one.getValue()).forEach((key, value) -> {
                switch (key) {
                    case "role", "realm", "authid", "salt", "iterations", "keylen" -> principal.put(key, value);
                    default -> {
                        if (key.equals(secret)) {
                            principal.put(ourSecret, value);
                        } else {
                            report.refuse(
                                    at + "." + key, value, "is not known here; there are role, realm and " + secret);
                        }
                    }
                }
            });
            String name = named ? one.getKey() : "principal%03d".formatted(number);
            made.put(name, ReferenceReport.node(one.getValue(), principal));
        }
        if (listed != null) {
            ours.put(method + ".principals", ReferenceReport.node(listed, made));
        }
    }
}
