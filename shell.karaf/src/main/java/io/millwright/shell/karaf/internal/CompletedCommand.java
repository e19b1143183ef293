package io.millwright.shell.karaf.internal;

import java.util.List;
import org.apache.karaf.shell.api.console.Command;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Parser;
import org.apache.karaf.shell.api.console.Session;
import org.jspecify.annotations.Nullable;

/** Stands beside Karaf's wrapper of a Gogo command and adds completion to it; the wrapper executes. Thread-safe. */
final class CompletedCommand implements Command {
    private final String scope;
    private final String name;
    private final Completer global;
    private final Completer scoped;

    CompletedCommand(String scope, String name, Completion completion) {
        this.scope = scope;
        this.name = name;
        String full = scope + ":" + name;
        this.global = new CommandCompleter(full, List.of(full, name), completion);
        this.scoped = new CommandCompleter(full, List.of(name), completion);
    }

    @Override
    public String getScope() {
        return scope;
    }

    @Override
    public String getName() {
        return name;
    }

    @Override
    public String getDescription() {
        return name;
    }

    @Override
    public Completer getCompleter(boolean isScoped) {
        return isScoped ? scoped : global;
    }

    @Override
    public @Nullable Parser getParser() {
        return null;
    }

    @Override
    public @Nullable Object execute(Session session, List<Object> arguments) throws Exception {
        Command real = session.getRegistry().getCommand(scope, name);
        if (real == null || real == this) {
            throw new IllegalStateException("there is no command " + scope + ":" + name + " now");
        }
        return real.execute(session, arguments);
    }
}
