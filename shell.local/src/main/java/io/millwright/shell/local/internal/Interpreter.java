package io.millwright.shell.local.internal;

import java.util.List;
import java.util.concurrent.Callable;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.jspecify.annotations.Nullable;

/** Where commands are found at the moment. Thread-safe. */
interface Interpreter {
    /** Gogo; {@code null} while it is not there. */
    @Nullable
    CommandProcessor processor();

    /**
     * A command that can be called without a Gogo line, in any thread.
     *
     * @param name {@code scope:command}
     * @return what calls it, {@code null} if there is no such command or it needs Gogo
     */
    @Nullable
    Callable<@Nullable Object> direct(String name, CommandSession session, List<Object> arguments);
}
