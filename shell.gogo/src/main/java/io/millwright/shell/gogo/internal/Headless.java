package io.millwright.shell.gogo.internal;

import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;
import org.apache.felix.service.command.Process;
import org.jspecify.annotations.Nullable;

/**
 * A session of Karaf's without a console: one command over ssh, a script. Such a session prints no result and takes a number
 * that is returned for the exit code. Stateless.
 */
public final class Headless {
    private Headless() {}

    /**
     * Whether a session is one.
     *
     * @param session the session
     * @return true if it belongs to a Karaf and has no terminal; a remote one may be at the other end
     */
    public static boolean is(CommandSession session) {
        Object karaf = session.get(".session");
        if (karaf == null) {
            return false;
        }
        try {
            // its type is none of ours to import
            return karaf.getClass().getMethod("getTerminal").invoke(karaf) == null;
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }

    /** Prints a result as a console would, unless it goes into a pipe, which prints it; returns what Karaf needs. */
    static @Nullable Object finish(CommandSession session, @Nullable Object result) {
        Process process = Process.Utils.current();
        if (process != null && !process.isTty(1)) {
            return result;
        }
        if (result != null) {
            session.getConsole().println(session.format(result, Converter.INSPECT));
        }
        return exitCode(session) == 0 ? result : (Object) exitCode(session);
    }

    /** Lets a failure be told by Karaf, which ends with 1 then, or tells it where the code is another one. */
    static int failed(CommandSession session, CommandFailed failure) throws CommandFailed {
        int code = exitCode(session);
        if (code == Command.FAILED) {
            throw failure;
        }
        // where Karaf prints failures too
        session.getConsole().println(failure.getMessage());
        return code;
    }

    private static int exitCode(CommandSession session) {
        return session.get(Command.EXIT_CODE) instanceof Integer code ? code : 0;
    }
}
