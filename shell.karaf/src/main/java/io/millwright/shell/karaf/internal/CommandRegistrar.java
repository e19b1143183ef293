package io.millwright.shell.karaf.internal;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.karaf.shell.api.console.Command;
import org.apache.karaf.shell.api.console.Registry;

/**
 * Keeps commands registered behind Karaf's own wrappers of the same name: of two, the shell asks the one registered later to
 * complete. Which of the two hears first of a Gogo command is chance, so it looks again until the wrapper is there. They are
 * registered through a factory, which the shell takes for completion but not for execution. Thread-safe.
 */
final class CommandRegistrar implements AutoCloseable {
    private static final long PAUSE_MILLIS = 100;

    private final Registry registry;
    private final Map<Command, Callable<Command>> commands = new LinkedHashMap<>();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "millwright-karaf-shell");
        thread.setDaemon(true);
        return thread;
    });

    CommandRegistrar(Registry registry) {
        this.registry = registry;
    }

    /** Takes a command in. */
    synchronized void add(Command command) {
        Callable<Command> factory = () -> command;
        commands.put(command, factory);
        registry.register(factory, Command.class);
        settle(command);
    }

    /** Lets a command go. */
    synchronized void remove(Command command) {
        Callable<Command> factory = commands.remove(command);
        if (factory != null) {
            registry.unregister(factory);
        }
    }

    private synchronized void settle(Command command) {
        Callable<Command> factory = commands.get(command);
        if (factory == null) {
            return;
        }
        List<Command> all = registry.getCommands();
        int ours = all.indexOf(command);
        int wrapper = -1;
        for (int i = 0; i < all.size(); i++) {
            if (i != ours && isSame(all.get(i), command)) {
                wrapper = i;
            }
        }
        if (wrapper > ours) {
            registry.unregister(factory);
            registry.register(factory, Command.class);
        } else if (wrapper < 0) {
            try {
                timer.schedule(() -> settle(command), PAUSE_MILLIS, TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException closed) {
                // nobody asks any more
            }
        }
    }

    private static boolean isSame(Command one, Command other) {
        return one.getScope().equals(other.getScope()) && one.getName().equals(other.getName());
    }

    @Override
    public void close() {
        timer.shutdownNow();
        synchronized (this) {
            commands.values().forEach(registry::unregister);
            commands.clear();
        }
    }
}
