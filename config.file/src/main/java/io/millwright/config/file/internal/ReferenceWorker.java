package io.millwright.config.file.internal;

import io.millwright.controller.api.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A worker as the reference system writes it in its {@code config.json}, version 2, as one of ours: realms, roles and transports that are lists,
 * components with a type. What has no meaning here is refused by name, with what to write instead. Stateless.
 */
final class ReferenceWorker {
    private static final Map<String, String> OPTIONS = Map.of(
            "pythonpath", "there is no Python in the worker; Java classes are found by 'classpath'",
            "reactor", "has no meaning here; leave it out",
            "expose_shared", "has no meaning here; leave it out");
    private static final List<String> TYPES =
            List.of("websocket-testee", "hostmonitor", "proxy", "marketplace", "xbrmm", "hostmon");
    /** Other types are not the reference system's, and may give any key a meaning. */
    private static final List<String> KNOWN = List.of("guest", "container", "router");

    private static final String ALLOW = "is written within 'allow': {\"call\": true, …}";
    private static final List<String> ACTIONS = List.of("call", "register", "publish", "subscribe");

    private final ReferenceReport report;

    private ReferenceWorker(ReferenceReport report) {
        this.report = report;
    }

    /** The worker's members, those that need no translation as they are; what is wrong is reported. {@code null} if the worker is refused as a whole. */
    static @Nullable Map<String, Node> translated(String path, Map<String, Node> members, List<Problem> problems) {
        return new ReferenceWorker(new ReferenceReport(problems)).worker(path, members);
    }

    private @Nullable Map<String, Node> worker(String path, Map<String, Node> members) {
        Node type = members.get("type");
        String name = type != null && type.value() instanceof String text ? text : "";
        if (type != null && TYPES.contains(name)) {
            report.refuse(
                    path + ".type", type, "the reference system's '" + name + "' is not there; take the worker out");
            return null;
        }
        if (!KNOWN.contains(name)) {
            return members;
        }
        Map<String, Node> ours = ReferenceReport.members();
        members.forEach((key, node) -> {
            String at = path + "." + key;
            boolean list = node.elements() != null;
            switch (key) {
                case "manhole" ->
                    report.refuse(
                            at,
                            node,
                            "there is none; 'millwright -d DIR worker:call ID get_thread_dump' and the shell look into workers");
                case "connections" ->
                    report.refuse(at, node, "there are none; say options.connect {router, realm, role}");
                case "options" -> ours.put(key, options(at, node, name));
                case "realms" -> ours.put(key, name.equals("router") && list ? realms(at, node) : node);
                case "transports" -> ours.put(key, name.equals("router") && list ? transports(at, node) : node);
                case "components" -> {
                    if (name.equals("router")) {
                        report.refuse(
                                at,
                                node,
                                "a router runs no components; put them into a worker of type 'container', with options.connect {router, realm, role}");
                    } else {
                        ours.put(key, list ? components(at, node) : node);
                    }
                }
                default -> ours.put(key, node);
            }
        });
        return ours;
    }

    private Node options(String path, Node options, String type) {
        Map<String, Node> members = options.members();
        if (members == null) {
            return options;
        }
        Map<String, Node> ours = ReferenceReport.members();
        members.forEach((key, node) -> {
            String sentence = OPTIONS.get(key);
            if (sentence != null) {
                report.refuse(path + "." + key, node, sentence);
            } else if (key.equals("cpu_affinity") && node.elements() != null) {
                ours.put(key, processors(node));
            } else {
                ours.put(key.equals("shutdown") && type.equals("container") ? "components_exit" : key, node);
            }
        });
        return ReferenceReport.node(options, ours);
    }

    /** A list of numbers there, a text here. */
    private static Node processors(Node list) {
        List<Node> numbers = list.elements() == null ? List.of() : list.elements();
        return ReferenceReport.node(
                list, numbers.stream().map(one -> String.valueOf(one.value())).collect(Collectors.joining(",")));
    }

    /** The id that an element says, or one by its place, as there. */
    private static String id(Node element, String kind, int number) {
        Node id = element.members() == null ? null : element.members().get("id");
        return id != null && id.value() instanceof String text ? text : kind + "%03d".formatted(number);
    }

    private Node realms(String path, Node list) {
        Map<String, Node> ours = ReferenceReport.members();
        int number = 0;
        for (Node realm : report.list(path, list)) {
            String at = path + "[" + number++ + "]";
            Map<String, Node> members = report.object(at, realm);
            report.others(
                    at,
                    members,
                    List.of("id", "name", "roles"),
                    Map.of(
                            "store", "event history is not there; leave it out",
                            "options", "cannot be tuned here; leave it out",
                            "rlinks", "routers are not linked; leave it out"));
            Map<String, Node> made = ReferenceReport.members();
            String name = report.text(at, realm, members, "name");
            if (name != null) {
                made.put("name", ReferenceReport.node(realm, name));
            }
            Node roles = members.get("roles");
            if (roles != null) {
                made.put("roles", roles.elements() == null ? roles : roles(at + ".roles", roles));
            }
            add(
                    at,
                    ours,
                    name != null && ReferenceTransport.isName(name) ? name : id(realm, "realm", number),
                    ReferenceReport.node(realm, made));
        }
        return ReferenceReport.node(list, ours);
    }

    private void add(String path, Map<String, Node> all, String name, Node node) {
        if (all.putIfAbsent(name, node) != null) {
            report.refuse(path, node, "'" + name + "' is there already; give each its own name or id");
        }
    }

    private Node roles(String path, Node list) {
        Map<String, Node> ours = ReferenceReport.members();
        int number = 0;
        for (Node role : report.list(path, list)) {
            String at = path + "[" + number++ + "]";
            Map<String, Node> members = report.object(at, role);
            report.others(
                    at,
                    members,
                    List.of("id", "name", "permissions", "meta"),
                    Map.of(
                            "authorizer", "authorizers that are procedures are not there; list 'permissions'",
                            "authorizer-options", "authorizers that are procedures are not there; list 'permissions'"));
            String name = report.text(at, role, members, "name");
            List<Node> permissions = new ArrayList<>();
            int place = 0;
            for (Node permission : report.list(at + ".permissions", members.get("permissions"))) {
                permission(at + ".permissions[" + place++ + "]", permission, permissions);
            }
            Map<String, Node> made = ReferenceReport.members();
            // An empty list says no more than none, and is told from it.
            if (!permissions.isEmpty()) {
                made.put("permissions", ReferenceReport.node(role, permissions));
            }
            made.put("meta", members.getOrDefault("meta", ReferenceReport.node(role, "testaments")));
            if (name != null) {
                add(at, ours, name, ReferenceReport.node(role, made));
            }
        }
        return ReferenceReport.node(list, ours);
    }

    /** One permission is two here if callers and publishers are not disclosed alike. */
    private void permission(String path, Node permission, List<Node> made) {
        Map<String, Node> members = report.object(path, permission);
        report.others(
                path,
                members,
                List.of("uri", "match", "allow", "disclose", "cache"),
                Map.of(
                        "call", ALLOW,
                        "register", ALLOW,
                        "publish", ALLOW,
                        "subscribe", ALLOW,
                        "validate", "payloads are not validated; leave it out",
                        "meta", "has no meaning here; leave it out"));
        List<String> allowed = actions(path + ".allow", members.get("allow"));
        Map<String, Node> disclose = report.object(path + ".disclose", members.get("disclose"));
        boolean caller = isTrue(disclose.get("caller"));
        boolean publisher = isTrue(disclose.get("publisher"));
        if (caller == publisher) {
            add(path, permission, members, allowed, caller, made);
        } else {
            add(
                    path,
                    permission,
                    members,
                    allowed.stream().filter(a -> ACTIONS.indexOf(a) < 2).toList(),
                    caller,
                    made);
            add(
                    path,
                    permission,
                    members,
                    allowed.stream().filter(a -> ACTIONS.indexOf(a) >= 2).toList(),
                    publisher,
                    made);
        }
    }

    private static boolean isTrue(@Nullable Node node) {
        return node != null && Boolean.TRUE.equals(node.value());
    }

    private List<String> actions(String path, @Nullable Node allow) {
        Map<String, Node> members = report.object(path, allow);
        report.others(path, members, ACTIONS, Map.of());
        return ACTIONS.stream().filter(action -> isTrue(members.get(action))).toList();
    }

    private void add(
            String path,
            Node permission,
            Map<String, Node> members,
            List<String> allowed,
            boolean disclose,
            List<Node> made) {
        String uri = report.text(path, permission, members, "uri");
        if (uri == null || allowed.isEmpty()) {
            return;
        }
        Node given = members.get("match");
        boolean star = uri.endsWith("*");
        String match = given != null
                ? String.valueOf(given.value())
                : star ? "prefix" : uri.contains("..") ? "wildcard" : "exact";
        String bare = star ? uri.substring(0, uri.length() - 1) : uri;
        boolean all = bare.isEmpty() && match.equals("prefix");
        Map<String, Node> ours = ReferenceReport.members();
        ours.put("uri", ReferenceReport.node(permission, all ? "*" : bare));
        ours.put("match", ReferenceReport.node(permission, all ? "exact" : match));
        List<Node> words = allowed.stream()
                .map(word -> ReferenceReport.node(permission, word))
                .toList();
        ours.put("allow", ReferenceReport.node(permission, words));
        ours.put("disclose", ReferenceReport.node(permission, disclose));
        made.add(ReferenceReport.node(permission, ours));
    }

    private Node transports(String path, Node list) {
        Map<String, Node> ours = ReferenceReport.members();
        ReferenceTransport transports = new ReferenceTransport(report);
        int number = 0;
        for (Node transport : report.list(path, list)) {
            String at = path + "[" + number++ + "]";
            Node made = transports.translated(at, transport);
            if (made != null) {
                add(at, ours, id(transport, "transport", number), made);
            }
        }
        return ReferenceReport.node(list, ours);
    }

    /** Those with a type of the reference system; ours stay as they are. */
    private Node components(String path, Node list) {
        List<Node> ours = new ArrayList<>();
        int number = 0;
        for (Node component : report.list(path, list)) {
            String at = path + "[" + number++ + "]";
            boolean theirs = component.members() != null && component.members().containsKey("type");
            ours.add(theirs ? component(at, component, number) : component);
        }
        return ReferenceReport.node(list, ours);
    }

    private Node component(String path, Node component, int number) {
        Map<String, Node> members = report.object(path, component);
        String type = report.text(path, component, members, "type");
        if (type != null && !type.equals("class")) {
            report.refuse(
                    path + ".type",
                    component,
                    "'" + type + "' is not there; a component is a class of Java, or a 'bundle'");
        }
        String connect = "say it once for the worker: options.connect {router, realm, role}";
        report.others(
                path,
                members,
                List.of("id", "type", "classname", "extra"),
                Map.of("realm", connect, "role", connect, "transport", connect, "auth", connect));
        Map<String, Node> made = ReferenceReport.members();
        made.put("id", ReferenceReport.node(component, id(component, "component", number)));
        Node name = members.get("classname");
        if (name != null) {
            made.put("class", name);
        }
        Node extra = members.get("extra");
        if (extra != null) {
            made.put("config", extra);
        }
        return ReferenceReport.node(component, made);
    }
}
