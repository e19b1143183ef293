package io.millwright.shell.gogo.internal;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.Document;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.text.Json;
import io.millwright.shell.gogo.internal.text.Listing;
import io.millwright.shell.gogo.internal.text.Screen;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Process;
import org.jspecify.annotations.Nullable;

/** One call of one command: its arguments, its streams and who calls. For the command's thread only. */
public final class Invocation {
    private static final String ERROR_STREAM = "millwright.err";

    private final CommandSession session;
    private final Usage usage;
    private final @Nullable Process process;
    private @Nullable WorkerId subject;
    private Usage.Arguments arguments = new Usage.Arguments(Map.of(), List.of(), null);

    Invocation(CommandSession session, Usage usage) {
        this.session = session;
        this.usage = usage;
        this.process = Process.Utils.current();
    }

    void arguments(Usage.Arguments parsed) {
        this.arguments = parsed;
    }

    /**
     * The arguments.
     *
     * @return as they were read
     */
    public Usage.Arguments arguments() {
        return arguments;
    }

    /**
     * The word at a place.
     *
     * @param index from 0
     * @return the word
     */
    public String word(int index) {
        return arguments.words().get(index);
    }

    /**
     * The worker named by the first word.
     *
     * @return its id
     */
    public WorkerId id() {
        WorkerId id = new WorkerId(word(0));
        about(id);
        return id;
    }

    /**
     * Notes which single worker the call is about.
     *
     * @param worker its id, part of an error as JSON
     */
    public void about(WorkerId worker) {
        subject = worker;
    }

    /** An error as JSON has it, with the worker it is about. */
    Map<String, @Nullable Object> error(NodeException error) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        if (subject != null) {
            map.put("id", subject.value());
        }
        map.putAll(error.toMap());
        return map;
    }

    /**
     * The usage line, for messages.
     *
     * @return the line
     */
    public String usageLine() {
        return usage.line();
    }

    /**
     * Whether JSON is wanted.
     *
     * @return true if it is
     */
    public boolean json() {
        return arguments.has("--json");
    }

    /**
     * A value in the form that is wanted.
     *
     * @param value the value
     * @return the value itself, or its JSON
     */
    public Object result(Document value) {
        return json() ? Json.write(value.toMap()) : value;
    }

    /**
     * A list in the form that is wanted.
     *
     * @param listing the list
     * @return the list itself, or its JSON
     */
    public Object result(Listing<?> listing) {
        return json() ? Json.write(listing) : listing;
    }

    /**
     * Where the output goes.
     *
     * @return the session's terminal, or a pipe
     */
    public Screen screen() {
        return Screen.of(session);
    }

    /**
     * Prints a line now; for commands that print while they run.
     *
     * @param line without its end
     * @return whether anybody still reads; false once the output has failed
     */
    public boolean print(CharSequence line) {
        PrintStream out = out();
        out.println(line);
        return !out.checkError();
    }

    /**
     * Writes bytes as they are, at once.
     *
     * @param data what to write
     * @param error whether it goes to the caller's error stream
     * @return whether anybody still reads; false once that stream has failed
     */
    public boolean write(byte[] data, boolean error) {
        PrintStream stream = error ? err() : out();
        stream.write(data, 0, data.length);
        return !stream.checkError();
    }

    /**
     * Whether anybody still reads the output, as far as can be told without writing.
     *
     * @return false once it has failed
     */
    public boolean isRead() {
        return !out().checkError();
    }

    /** The stream itself where it is not redirected: Gogo's channel around it closes for good when a writer is interrupted. */
    private PrintStream out() {
        return process == null || process.isTty(1) ? session.getConsole() : process.out();
    }

    /** Gogo's where a line of its runs; a shell that calls a command by itself says in a variable which it is. */
    private PrintStream err() {
        if (process != null) {
            return process.err();
        }
        return session.get(ERROR_STREAM) instanceof PrintStream own ? own : session.getConsole();
    }

    /**
     * What the user types, or what is piped into the command.
     *
     * @return the stream; not to be closed
     */
    public InputStream keyboard() {
        return process == null || process.isTty(0) ? session.getKeyboard() : process.in();
    }

    /**
     * A file the user named.
     *
     * @param name absolute, or relative to the session's current directory
     * @return the path
     * @throws java.nio.file.InvalidPathException if it cannot be a path
     */
    public Path file(String name) {
        Path directory = session.currentDir();
        return directory == null ? Path.of(name) : directory.resolve(name);
    }

    /**
     * Sets the exit code of the command.
     *
     * @param code the code
     */
    public void exitCode(int code) {
        session.put(Command.EXIT_CODE, code);
    }

    /**
     * Who calls: the session's {@code millwright.user}, else its {@code USER} (Karaf), else the user of this process.
     *
     * @return the caller
     */
    public Caller caller() {
        String user = variable("millwright.user");
        if (user == null) {
            user = variable("USER");
        }
        if (user == null) {
            user = clean(System.getProperty("user.name", ""));
        }
        return Caller.shell(user == null ? "unknown" : user);
    }

    private @Nullable String variable(String name) {
        return session.get(name) instanceof CharSequence text ? clean(text.toString()) : null;
    }

    private static @Nullable String clean(String text) {
        return text.isBlank() ? null : text;
    }
}
