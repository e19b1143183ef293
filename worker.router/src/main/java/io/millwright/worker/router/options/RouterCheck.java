package io.millwright.worker.router.options;

import io.millwright.controller.api.Problem;
import io.millwright.controller.api.worker.OptionValues;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What can be wrong with a router's options beside their types. Stateless. */
public final class RouterCheck {
    private static final String COMPONENT = "[^\\s#.]+";
    private static final Pattern URI = Pattern.compile(COMPONENT + "(\\." + COMPONENT + ")*");
    private static final Pattern PREFIX = Pattern.compile("(" + COMPONENT + "\\.)*(" + COMPONENT + ")?");
    private static final Pattern WILDCARD = Pattern.compile("[^\\s#]+");
    private static final Pattern PUBLIC_KEY = Pattern.compile("[0-9a-f]{64}");
    private static final int LAST_PORT = 65_535;

    private final List<Problem> problems = new ArrayList<>();

    private RouterCheck() {}

    /**
     * Looks at all options of a router.
     *
     * @param options checked by {@link RouterOptions#definitions}
     * @return all problems, each with the path of its key; empty if there are none
     */
    public static List<Problem> of(OptionValues options) {
        RouterCheck check = new RouterCheck();
        Map<String, OptionValues> realms = options.objects(RouterOptions.REALMS);
        Map<String, String> names = new HashMap<>();
        realms.forEach((id, realm) -> {
            check.realm(RouterOptions.REALMS + "." + id, id, realm);
            String other = names.putIfAbsent(realm.string("name").orElse(id), id);
            if (other != null) {
                check.problem(RouterOptions.REALMS + "." + id + ".name", "is the name of realm '" + other + "' too");
            }
        });
        Map<String, String> places = new HashMap<>();
        options.objects(RouterOptions.TRANSPORTS).forEach((id, transport) -> {
            String path = RouterOptions.TRANSPORTS + "." + id;
            check.transport(path, transport);
            String place =
                    transport.string("address").orElse(transport.string("path").orElse(id));
            String other = place.endsWith(":0") ? null : places.putIfAbsent(place, id);
            if (other != null) {
                check.problem(path, "'" + place + "' is where transport '" + other + "' listens");
            }
            if (!realms.isEmpty()) {
                check.roles(path, transport, realms);
            }
        });
        return check.problems;
    }

    private void problem(String path, String sentence) {
        problems.add(Problem.definition(path, sentence));
    }

    private void realm(String path, String id, OptionValues realm) {
        String name = realm.string("name").orElse(id);
        if (!URI.matcher(name).matches()) {
            problem(
                    path + ".name",
                    "'" + name + "' is no URI: components with dots between them, without white space and '#'");
        }
        realm.objects(RouterOptions.ROLES).forEach((role, values) -> {
            int place = 0;
            for (OptionValues permission : values.objectList(RouterOptions.PERMISSIONS)) {
                permission(path + ".roles." + role + ".permissions." + place++, permission);
            }
        });
    }

    private void permission(String path, OptionValues permission) {
        String uri = permission.string("uri").orElse("");
        String match = permission.string("match").orElse("exact");
        if (uri.equals("*")) {
            return;
        }
        Pattern pattern =
                switch (match) {
                    case "prefix" -> PREFIX;
                    case "wildcard" -> WILDCARD;
                    default -> URI;
                };
        if (!pattern.matcher(uri).matches()) {
            problem(
                    path + ".uri",
                    "'" + uri + "' is no URI" + (match.equals("exact") ? "" : " pattern for match '" + match + "'"));
        } else if (uri.endsWith("*")) {
            problem(
                    path + ".uri",
                    "'" + uri + "' would match that name alone; write it without '*' and with match 'prefix'");
        }
    }

    private void transport(String path, OptionValues transport) {
        if (transport.has("address") == transport.has("path")) {
            problem(
                    path,
                    "give 'address' (HOST:PORT) or 'path' (a Unix socket), and not both: one of them says where it listens");
        }
        transport.string("address").ifPresent(address -> {
            if (!isAddress(address)) {
                problem(path + ".address", "'" + address + "' must be HOST:PORT, as 127.0.0.1:8080");
            }
        });
        tls(path, transport);
        if (transport.string("type").filter("rawsocket"::equals).isPresent()) {
            for (String key : new String[] {"origins", "hosts"}) {
                if (!transport.strings(key).isEmpty()) {
                    problem(path + "." + key, "is for browsers, which speak websocket only");
                }
            }
        }
        principals(path, transport, RouterOptions.TICKET, "ticket");
        principals(path, transport, RouterOptions.WAMPCRA, "secret");
        principals(path, transport, RouterOptions.CRYPTOSIGN, null);
        if (!transport.has(RouterOptions.ANONYMOUS) && methods(transport).isEmpty()) {
            problem(path + ".auth", "lets nobody in: give 'anonymous', 'ticket', 'wampcra' or 'cryptosign'");
        }
    }

    private static List<String> methods(OptionValues transport) {
        List<String> methods = new ArrayList<>();
        for (String key : new String[] {RouterOptions.TICKET, RouterOptions.WAMPCRA, RouterOptions.CRYPTOSIGN}) {
            if (!transport.objects(key).isEmpty()) {
                methods.add(key);
            }
        }
        return methods;
    }

    private void tls(String path, OptionValues transport) {
        boolean store = transport.string("tls.key").filter(RouterCheck::isStore).isPresent();
        if (transport.has("tls.key") ? transport.has("tls.cert") == store : transport.has("tls.cert")) {
            problem(
                    path + ".tls",
                    "'tls.cert' and 'tls.key' belong together, unless 'tls.key' is a store (*.p12, *.pfx), which has both");
        }
        if (transport.has("tls.password_file") && !store) {
            problem(path + ".tls.password_file", "is for a store (*.p12, *.pfx), which 'tls.key' would name");
        }
        if (transport.has("path") && transport.has("tls.key")) {
            problem(path + ".tls", "is for addresses; nobody else reads what goes through a Unix socket");
        }
    }

    /** Whether a file is a store of PKCS #12, by its name. */
    public static boolean isStore(String file) {
        return file.endsWith(".p12") || file.endsWith(".pfx");
    }

    private static boolean isAddress(String address) {
        int colon = address.lastIndexOf(':');
        try {
            int port = Integer.parseInt(address.substring(colon + 1));
            return colon > 0 && port >= 0 && port <= LAST_PORT;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private void principals(String path, OptionValues transport, String key, @Nullable String secret) {
        Set<String> names = new HashSet<>();
        transport.objects(key).forEach((name, principal) -> {
            String at = path + "." + key + "." + name;
            String authid = principal.string("authid").orElse(name);
            if (!names.add(authid)) {
                problem(at + ".authid", "'" + authid + "' is the name of another one too");
            }
            if (secret != null && principal.has(secret) == principal.has(secret + "_file")) {
                problem(at, "give '" + secret + "' or '" + secret + "_file', and not both");
            }
            for (String one : principal.strings("public_keys")) {
                if (!PUBLIC_KEY.matcher(one).matches()) {
                    problem(at + ".public_keys", "'" + one + "' is no Ed25519 public key: 64 digits of 0-9 and a-f");
                }
            }
        });
    }

    /** Roles and realms of principals are those that there are. */
    private void roles(String path, OptionValues transport, Map<String, OptionValues> realms) {
        transport
                .string(RouterOptions.ANONYMOUS)
                .ifPresent(role -> role(path + "." + RouterOptions.ANONYMOUS, role, null, realms));
        for (String key : methods(transport)) {
            transport.objects(key).forEach((name, principal) -> {
                String at = path + "." + key + "." + name;
                role(
                        at,
                        principal.string("role").orElse(""),
                        principal.string("realm").orElse(null),
                        realms);
            });
        }
    }

    private void role(String path, String role, @Nullable String realm, Map<String, OptionValues> realms) {
        Set<String> known = new TreeSet<>();
        boolean thereIs = false;
        for (Map.Entry<String, OptionValues> one : realms.entrySet()) {
            if (realm == null
                    || one.getValue().string("name").orElse(one.getKey()).equals(realm)) {
                thereIs = true;
                known.addAll(one.getValue().objects(RouterOptions.ROLES).keySet());
            }
        }
        if (!thereIs) {
            problem(path, "there is no realm '" + realm + "'");
        } else if (!known.contains(role)) {
            problem(path, "no realm that it may join has a role '" + role + "'; there are " + String.join(", ", known));
        }
    }
}
