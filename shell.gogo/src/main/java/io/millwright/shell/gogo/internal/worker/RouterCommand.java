package io.millwright.shell.gogo.internal.worker;

import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.text.Json;
import io.millwright.shell.gogo.internal.Command;
import io.millwright.shell.gogo.internal.Invocation;
import io.millwright.shell.gogo.internal.NodeAccess;
import io.millwright.shell.gogo.internal.Usage;
import io.millwright.shell.gogo.internal.UsageError;
import io.millwright.shell.gogo.internal.complete.Operand;
import io.millwright.shell.gogo.internal.text.RouterViews;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.felix.service.command.Function;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;

/** {@code worker:router}. Thread-safe. */
@Component(
        configurationPolicy = ConfigurationPolicy.IGNORE,
        service = Function.class,
        property = {Command.SCOPE + "=worker", "osgi.command.function=router", Command.OWN_STREAMS})
public final class RouterCommand extends Command {
    private static final String REALM = "realm_id";
    private static final String ROLE = "role_id";
    private static final String TRANSPORT = "transport_id";

    /** An operation of a router, and the names of its arguments, which are the words after the id. */
    private record Action(String operation, int needed, String... names) {}

    private static final Map<String, Action> ACTIONS = actions();

    /** What is asked of each id that an action answers. */
    private static final Map<String, String> EACH =
            Map.of("realms", "get_router_realm", "transports", "get_router_transport");

    private static Map<String, Action> actions() {
        Map<String, Action> all = new LinkedHashMap<>();
        all.put("info", new Action("get_router", 0));
        all.put("realms", new Action("get_router_realms", 0));
        all.put("realm", new Action("get_router_realm", 1, REALM));
        all.put("start-realm", new Action("start_router_realm", 2, REALM, "realm_config"));
        all.put("stop-realm", new Action("stop_router_realm", 1, REALM));
        all.put("roles", new Action("get_router_realm_roles", 1, REALM));
        all.put("start-role", new Action("start_router_realm_role", 3, REALM, ROLE, "role_config"));
        all.put("stop-role", new Action("stop_router_realm_role", 2, REALM, ROLE));
        all.put("transports", new Action("get_router_transports", 0));
        all.put("transport", new Action("get_router_transport", 1, TRANSPORT));
        all.put("start-transport", new Action("start_router_transport", 2, TRANSPORT, "config"));
        all.put("stop-transport", new Action("stop_router_transport", 1, TRANSPORT));
        all.put("sessions", new Action("get_sessions", 0, REALM));
        all.put("kill", new Action("kill_by_authid", 2, REALM, "authid", "reason", "message"));
        return all;
    }

    /**
     * Called by Declarative Services.
     *
     * @param node where the controller is found
     */
    @Activate
    public RouterCommand(@Reference NodeAccess node) {
        super(
                Usage.of(
                                "worker:router",
                                "ACTION ID [WORD...] [--json]",
                                """
                        The realms, transports and sessions of an application router. A CONFIG is JSON, as in node.json.
                        What is started or stopped so lasts until the router is restarted.
                          info ID                             counts
                          realms ID                           lists its realms
                          realm ID REALM                      shows one, with its roles
                          start-realm ID REALM CONFIG         stop-realm ID REALM
                          roles ID REALM                      lists its roles
                          start-role ID REALM ROLE CONFIG     stop-role ID REALM ROLE
                          transports ID                       lists its transports
                          transport ID TRANSPORT              shows one
                          start-transport ID TRANSPORT CONFIG  stop-transport ID TRANSPORT
                          sessions ID [REALM]                 shows its sessions
                          kill ID REALM AUTHID                ends the sessions of that name""")
                        .wordsFrom(2)
                        .takes(Operand.ROUTER_ACTION, Operand.LIVE, Operand.OTHER),
                node);
    }

    @Override
    protected @Nullable Object run(Invocation call) throws InterruptedException {
        List<String> words = call.arguments().words();
        Action action = ACTIONS.get(words.get(0));
        if (action == null) {
            throw new UsageError("'" + words.get(0) + "' is none of " + String.join(", ", ACTIONS.keySet()));
        }
        List<String> given = words.subList(2, words.size());
        if (given.size() < action.needed() || given.size() > action.names().length) {
            throw new UsageError("'" + words.get(0) + "' takes ID"
                    + Stream.of(action.names())
                            .map(name -> " " + name.replace("_id", "").toUpperCase(Locale.ROOT))
                            .collect(Collectors.joining()));
        }
        Map<String, @Nullable Object> arguments = new LinkedHashMap<>();
        for (int i = 0; i < given.size(); i++) {
            String name = action.names()[i];
            arguments.put(name, name.endsWith("config") ? CallCommand.value(given.get(i)) : given.get(i));
        }
        WorkerId id = new WorkerId(words.get(1));
        Object value = ask(call, id, action.operation(), arguments);
        String each = EACH.get(words.get(0));
        if (each != null && value instanceof List<?> ids) {
            value = each(call, id, action.operation(), ids, each);
        }
        return call.json() ? Json.write(value) : RouterViews.of(words.get(0), value, call.screen());
    }

    /** What is said of each; without those that were stopped after they were listed. */
    private List<@Nullable Object> each(Invocation call, WorkerId id, String list, List<?> ids, String operation)
            throws InterruptedException {
        List<@Nullable Object> all = new ArrayList<>();
        for (Object one : ids) {
            try {
                all.add(ask(call, id, operation, Map.of(operation.replace("get_router_", "") + "_id", one)));
            } catch (NodeException e) {
                if (!(ask(call, id, list, Map.of()) instanceof List<?> left) || left.contains(one)) {
                    throw e;
                }
            }
        }
        return all;
    }

    private @Nullable Object ask(
            Invocation call, WorkerId id, String operation, Map<String, ? extends @Nullable Object> arguments)
            throws InterruptedException {
        return await(node(call).callWorker(id, operation, arguments, call.caller()))
                .value();
    }
}
