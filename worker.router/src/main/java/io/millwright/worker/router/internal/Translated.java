package io.millwright.worker.router.internal;

import io.millwright.controller.api.worker.OptionValues;
import io.millwright.wamp.MatchPolicy;
import io.millwright.wamp.net.ListenerConfig;
import io.millwright.wamp.router.Action;
import io.millwright.wamp.router.Limits;
import io.millwright.wamp.router.MetaRights;
import io.millwright.wamp.router.Role;
import io.millwright.wamp.router.Rule;
import io.millwright.worker.router.options.RouterCheck;
import io.millwright.worker.router.options.RouterOptions;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;

/** Options of a router as the router and its listeners have them. Stateless. */
final class Translated {
    private Translated() {}

    /**
     * A role.
     *
     * @throws io.millwright.wamp.WampProtocolException if a URI is none
     */
    static Role role(String name, OptionValues options) {
        List<Rule> rules = new ArrayList<>();
        for (OptionValues permission : options.objectList(RouterOptions.PERMISSIONS)) {
            EnumSet<Action> actions = EnumSet.noneOf(Action.class);
            permission.strings("allow").forEach(word -> actions.add(Action.valueOf(word.toUpperCase(Locale.ROOT))));
            String uri = permission.string("uri").orElseThrow();
            MatchPolicy match =
                    MatchPolicy.valueOf(permission.string("match").orElseThrow().toUpperCase(Locale.ROOT));
            Rule rule = uri.equals("*") ? Rule.of("", MatchPolicy.PREFIX, actions) : Rule.of(uri, match, actions);
            rules.add(permission.flag("disclose") ? rule.disclosing() : rule);
        }
        String meta = options.string("meta").orElseThrow();
        return Role.of(name, rules).withMeta(MetaRights.valueOf(meta.toUpperCase(Locale.ROOT)));
    }

    /**
     * A listener.
     *
     * @param directory what relative paths begin at
     * @throws IllegalArgumentException if there is no such host
     */
    static ListenerConfig listener(String name, OptionValues options, Path directory) {
        ListenerConfig config = options.string("address")
                .map(address -> ListenerConfig.tcp(name, address(address)))
                .orElseGet(() -> ListenerConfig.unix(
                        name, directory.resolve(options.string("path").orElseThrow())));
        String key = options.string("tls.key").orElse(null);
        if (key != null && RouterCheck.isStore(key)) {
            Path password =
                    options.string("tls.password_file").map(directory::resolve).orElse(null);
            config = config.withTlsStore(directory.resolve(key), password);
        } else if (key != null) {
            config =
                    config.withTls(directory.resolve(options.string("tls.cert").orElseThrow()), directory.resolve(key));
        }
        return config.withType(ListenerConfig.Type.valueOf(
                        options.string("type").orElseThrow().toUpperCase(Locale.ROOT)))
                .withOrigins(options.strings("origins"))
                .withHosts(options.strings("hosts"))
                .withInsecure(options.flag("insecure"))
                .withConnections(number(options, RouterOptions.CONNECTIONS))
                .withWaiting(number(options, RouterOptions.WAITING))
                .withHelloTimeout(options.duration(RouterOptions.JOIN).orElseThrow())
                .withMessageBytes(number(options, RouterOptions.MESSAGE))
                .withHelloBytes(number(options, RouterOptions.HELLO));
    }

    /** The limits of a realm. */
    static Limits limits(OptionValues realm) {
        return Limits.DEFAULT
                .withSessions(number(realm, RouterOptions.SESSIONS))
                .withSessionsPerPeer(number(realm, RouterOptions.SESSIONS_PER_PEER))
                .withCalls(number(realm, RouterOptions.CALLS))
                .withSubscriptions(number(realm, RouterOptions.SUBSCRIPTIONS))
                .withRegistrations(number(realm, RouterOptions.REGISTRATIONS))
                .withTestaments(number(realm, RouterOptions.TESTAMENTS))
                .withRetained(number(realm, RouterOptions.RETAINED))
                .withQueuedBytes(number(realm, RouterOptions.QUEUED));
    }

    private static int number(OptionValues options, String key) {
        return Math.toIntExact(options.integer(key).orElseThrow());
    }

    private static InetSocketAddress address(String text) {
        int colon = text.lastIndexOf(':');
        String host = text.substring(0, colon);
        String bare = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
        InetSocketAddress address = new InetSocketAddress(bare, Integer.parseInt(text.substring(colon + 1)));
        if (address.isUnresolved()) {
            throw new IllegalArgumentException("'address': there is no host '" + bare + "'");
        }
        return address;
    }
}
