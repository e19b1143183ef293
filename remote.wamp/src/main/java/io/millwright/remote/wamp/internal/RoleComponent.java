package io.millwright.remote.wamp.internal;

import io.millwright.wamp.MatchPolicy;
import io.millwright.wamp.WampProtocolException;
import io.millwright.wamp.router.Action;
import io.millwright.wamp.router.MetaRights;
import io.millwright.wamp.router.Role;
import io.millwright.wamp.router.Rule;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One role for each configuration {@code io.millwright.remote.role~NAME}; when it goes, its sessions are ended. One that is wrong is an error in the
 * log, and there is no such role then. Called by Declarative Services only.
 */
@Component(
        service = {},
        configurationPid = RoleComponent.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        immediate = true)
@Designate(ocd = RoleOptions.class, factory = true)
public final class RoleComponent {
    static final String PID = "io.millwright.remote.role";
    private static final Logger LOG = LoggerFactory.getLogger(RoleComponent.class);

    private final RemoteComponent remote;
    private final String name;
    private final boolean there;

    /**
     * Adds the role.
     *
     * @param remote has the realm
     * @param options what the configuration says
     * @param properties has its PID
     */
    @Activate
    public RoleComponent(@Reference RemoteComponent remote, RoleOptions options, Map<String, Object> properties) {
        this.remote = remote;
        this.name = RemoteListener.name(PID, String.valueOf(properties.get("service.pid")));
        this.there = add(options, properties);
    }

    private boolean add(RoleOptions options, Map<String, Object> properties) {
        try {
            Form.check(RoleOptions.class, properties);
            Role role = role(name, RemoteListener.texts(options.rules()));
            remote.access().put(name, options.operations());
            remote.realm().roles().put(role);
            return true;
        } catch (IllegalArgumentException | WampProtocolException e) {
            LOG.error("There is no remote role {} (configuration {}~{}): {}", name, PID, name, e.getMessage());
            remote.findings().refused(PID + "~" + name, "remote role " + name, "is not there: " + e.getMessage());
            return false;
        }
    }

    /**
     * Reads the rules of a role.
     *
     * @throws IllegalArgumentException with a sentence, if one is none
     * @throws WampProtocolException if a URI is none
     */
    static Role role(String name, List<String> lines) {
        if (Access.isReserved(name)) {
            throw new IllegalArgumentException("the node has a role of that name; choose another one");
        }
        List<Rule> rules = new ArrayList<>();
        for (String line : lines) {
            String[] words = line.strip().split("\\s+");
            if (words.length != 3) {
                throw new IllegalArgumentException(
                        "a rule must be 'ACTIONS exact|prefix|wildcard URI', is '" + line + "'");
            }
            rules.add(Rule.of(words[2], match(words[1]), actions(words[0])));
        }
        return Role.of(name, rules).withMeta(MetaRights.TESTAMENTS);
    }

    private static MatchPolicy match(String word) {
        for (MatchPolicy policy : MatchPolicy.values()) {
            if (policy.name().toLowerCase(Locale.ROOT).equals(word)) {
                return policy;
            }
        }
        throw new IllegalArgumentException("a rule matches exact, prefix or wildcard, not '" + word + "'");
    }

    private static Set<Action> actions(String text) {
        EnumSet<Action> actions = EnumSet.noneOf(Action.class);
        for (String word : text.split(",")) {
            Action found = null;
            for (Action action : Action.values()) {
                found = action.name().toLowerCase(Locale.ROOT).equals(word) ? action : found;
            }
            if (found == null) {
                throw new IllegalArgumentException(
                        "a rule allows call, register, publish, subscribe, not '" + word + "'");
            }
            actions.add(found);
        }
        return actions;
    }

    /** Takes the role away. */
    @Deactivate
    public void close() {
        remote.findings().gone(PID + "~" + name);
        if (there) {
            remote.realm().roles().remove(name);
            remote.access().remove(name);
        }
    }
}
