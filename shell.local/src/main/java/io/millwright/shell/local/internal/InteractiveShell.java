package io.millwright.shell.local.internal;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.apache.felix.service.command.CommandSession;
import org.jspecify.annotations.Nullable;

/** Reads Gogo lines and runs them in one session, until the input or the user ends it. For one thread. */
final class InteractiveShell {
    private static final String PROMPT = "millwright> ";
    private static final String CONTINUED = "> ";
    private static final Set<String> ENDS = Set.of("exit", "quit", "logout");

    private final Conversation conversation;
    private final ClientInput input;
    private final PrintStream out;
    private final boolean prompts;
    private CommandSession session;
    private String unfinished = "";
    private int code = Protocol.EXIT_OK;

    /**
     * A shell on a session.
     *
     * @param conversation what it is part of
     * @param session where to begin; the conversation closes it
     * @param input where lines come from
     * @param out where the prompt goes
     * @param prompts whether to print prompts: somebody sits there
     */
    InteractiveShell(
            Conversation conversation, CommandSession session, ClientInput input, PrintStream out, boolean prompts) {
        this.conversation = conversation;
        this.session = session;
        this.input = input;
        this.out = out;
        this.prompts = prompts;
    }

    /** Blocks until the end and returns the exit code of the last line, as a script does. */
    int run() {
        while (!conversation.isCancelled()) {
            prompt(unfinished.isEmpty() ? PROMPT : CONTINUED);
            try {
                String line = readLine();
                if (line == null) {
                    prompt("\n");
                    return code;
                }
                if (unfinished.isEmpty() && ENDS.contains(line.strip())) {
                    return code;
                }
                accept(line);
            } catch (InterruptedIOException e) {
                unfinished = "";
                prompt("\n");
            } catch (IOException e) {
                return Protocol.EXIT_FAILED;
            }
        }
        return Protocol.EXIT_FAILED;
    }

    private void accept(String line) {
        String source = unfinished + line;
        unfinished = "";
        if (source.isBlank()) {
            return;
        }
        try {
            session.put(Conversation.EXIT_CODE, null);
            conversation.print(session, session.execute(source));
            code = Conversation.exitCode(session, Protocol.EXIT_OK);
        } catch (Exception | Error e) {
            if (e instanceof EOFException && e.getCause() instanceof RuntimeException) {
                // Gogo's sign for an open quote or bracket
                unfinished = source + "\n";
                return;
            }
            code = conversation.report("line", e);
        }
        if (conversation.wasInterrupted() && !conversation.isCancelled()) {
            renew();
        }
    }

    /** Continues in a new session with the old one's variables: an interrupt may have closed the old one's channels. */
    private void renew() {
        CommandSession old = session;
        CommandSession next = conversation.open();
        if (next != null) {
            if (old.get(".variables") instanceof Collection<?> names) {
                List.copyOf(names).forEach(name -> next.put(String.valueOf(name), old.get(String.valueOf(name))));
            }
            session = next;
            old.close();
        }
    }

    private @Nullable String readLine() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = input.read(); b >= 0; b = input.read()) {
            if (b == '\n') {
                return line.toString(StandardCharsets.UTF_8);
            }
            if (line.size() >= Protocol.MAX_FRAME) {
                throw new IOException("a line of more than " + Protocol.MAX_FRAME + " bytes");
            }
            line.write(b);
        }
        return line.size() == 0 ? null : line.toString(StandardCharsets.UTF_8);
    }

    private void prompt(String text) {
        if (prompts) {
            out.print(text);
        }
    }
}
