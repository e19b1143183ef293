package io.millwright.shell.local.internal;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Function;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/**
 * The commands that need nothing of Gogo's but the session they are given: services with {@value #PROPERTY}{@code =}{@value
 * #SESSION}. They are called in the connection's own thread; a Gogo line would be two threads and a pipe more. Thread-safe.
 */
final class SessionCommands {
    /** The service property that says where a command reads and writes. */
    static final String PROPERTY = "millwright.streams";

    /** Its value: at the session's keyboard and console, never at the JVM's streams or a pipe. */
    static final String SESSION = "session";

    private static final String SCOPE = "osgi.command.scope";
    private static final String FUNCTION = "osgi.command.function";

    private final BundleContext context;
    private final Map<String, ConcurrentSkipListSet<ServiceReference<Function>>> byName = new ConcurrentHashMap<>();
    /** Those that were called: a service that is let go is made anew for the next call. */
    private final Map<ServiceReference<Function>, Function> called = new ConcurrentHashMap<>();

    /**
     * None yet.
     *
     * @param context gets the services
     */
    SessionCommands(BundleContext context) {
        this.context = context;
    }

    void add(ServiceReference<Function> command) {
        for (String name : names(command)) {
            byName.computeIfAbsent(name, unknown -> new ConcurrentSkipListSet<>())
                    .add(command);
        }
    }

    void remove(ServiceReference<Function> command) {
        byName.values().forEach(offers -> offers.remove(command));
        if (called.remove(command) != null) {
            context.ungetService(command);
        }
    }

    /**
     * A call of a command.
     *
     * @param name {@code scope:command}
     * @return what calls it, {@code null} if there is no such command or it needs Gogo
     */
    @Nullable
    Callable<@Nullable Object> call(String name, CommandSession session, List<Object> arguments) {
        ConcurrentSkipListSet<ServiceReference<Function>> offers = byName.get(name);
        ServiceReference<Function> best = last(offers);
        Function command = best == null ? null : called.computeIfAbsent(best, context::getService);
        return command == null ? null : () -> command.execute(session, arguments);
    }

    private static @Nullable ServiceReference<Function> last(
            @Nullable ConcurrentSkipListSet<ServiceReference<Function>> offers) {
        // one that is empty by now has no last
        Iterator<ServiceReference<Function>> best =
                offers == null ? Collections.emptyIterator() : offers.descendingIterator();
        return best.hasNext() ? best.next() : null;
    }

    private static List<String> names(ServiceReference<Function> command) {
        Object scope = command.getProperty(SCOPE);
        Object functions = command.getProperty(FUNCTION);
        List<String> names = new ArrayList<>();
        if (functions instanceof Object[] several) {
            for (Object function : several) {
                names.add(scope + ":" + function);
            }
        } else if (functions instanceof Collection<?> several) {
            several.forEach(function -> names.add(scope + ":" + function));
        } else if (functions != null) {
            names.add(scope + ":" + functions);
        }
        return names;
    }
}
