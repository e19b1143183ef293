package io.millwright.shell.local.internal;

import io.millwright.options.NearestKey;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Function;
import org.jspecify.annotations.Nullable;

/** Finds commands by name in a session, and the nearest one to a name that is none. Stateless. */
final class Commands {
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][\\w.-]*:[\\w-]+|[A-Za-z_][\\w-]*");

    private Commands() {}

    /** Whether {@code name} may name a command: {@code scope:command} or {@code command}. */
    static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    /** The command of that name, of any scope when it has none; {@code null} when there is none. */
    static @Nullable Function find(CommandSession session, String name) {
        // a name with a colon is never a variable of ours, so that none can hide a command
        Object found = session.get(name.indexOf(':') < 0 ? "*:" + name : name);
        return found instanceof Function function ? function : null;
    }

    /** Names of all commands, sorted. */
    static List<String> names(CommandSession session) {
        TreeSet<String> names = new TreeSet<>();
        if (session.get(".commands") instanceof Collection<?> all) {
            all.forEach(name -> names.add(String.valueOf(name)));
        }
        // a command whose bundle has gone keeps its name in Gogo
        names.removeIf(name -> find(session, name) == null);
        return List.copyOf(names);
    }

    /** What to say about a name that is no command. */
    static String unknown(CommandSession session, String name) {
        String best = null;
        int least = Math.max(2, name.length() / 3) + 1;
        for (String candidate : names(session)) {
            String compared = name.indexOf(':') < 0 ? candidate.substring(candidate.indexOf(':') + 1) : candidate;
            int distance = NearestKey.distance(name, compared);
            if (distance < least) {
                least = distance;
                best = candidate;
            }
        }
        String hint = best == null ? "" : "; the nearest is '" + best + "'";
        return "there is no command '" + name + "' in the node" + hint + "; 'node:help' lists the commands";
    }
}
