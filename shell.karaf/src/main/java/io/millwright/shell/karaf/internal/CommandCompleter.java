package io.millwright.shell.karaf.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.karaf.shell.api.console.Candidate;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Session;

/** Completes one command, its name and what it takes. Called by Karaf's consoles, on their threads. Thread-safe. */
final class CommandCompleter implements Completer {
    private final String command;
    private final List<String> names;
    private final Completion completion;

    /**
     * A completer.
     *
     * @param command scope and name
     * @param names what the command may be called where the completer is used
     * @param completion says what a word may become
     */
    CommandCompleter(String command, List<String> names, Completion completion) {
        this.command = command;
        this.names = names;
        this.completion = completion;
    }

    @Override
    public int complete(Session session, CommandLine line, List<String> candidates) {
        suggestions(session, line).forEach(one -> candidates.add(one.isWhole() ? one.value() + " " : one.value()));
        return line.getBufferPosition() - line.getArgumentPosition();
    }

    @Override
    public void completeCandidates(Session session, CommandLine line, List<Candidate> candidates) {
        for (Suggestion one : suggestions(session, line)) {
            String description = one.description().isEmpty() ? null : one.description();
            candidates.add(new Candidate(one.value(), one.value(), null, description, null, null, one.isWhole()));
        }
    }

    private List<Suggestion> suggestions(Session session, CommandLine line) {
        List<String> words = new ArrayList<>(Arrays.asList(line.getArguments()));
        int index = line.getCursorArgumentIndex();
        String word = index < words.size() ? words.get(index) : "";
        word = word.substring(0, Math.min(word.length(), line.getArgumentPosition()));
        if (index == 0) {
            String typed = word;
            return names.stream()
                    .filter(name -> name.startsWith(typed))
                    .map(name -> new Suggestion(name, "", true))
                    .toList();
        }
        if (!command.equals(session.resolveCommand(words.get(0)))) {
            return List.of();
        }
        List<String> before = new ArrayList<>(words.subList(0, index));
        before.set(0, command);
        return completion.complete(before, word).stream().map(Suggestion::of).toList();
    }

    /** What a word may become. */
    private record Suggestion(String value, String description, boolean isWhole) {
        static Suggestion of(List<String> answer) {
            return new Suggestion(answer.get(0), answer.get(1), answer.get(2).equals("whole"));
        }
    }
}
