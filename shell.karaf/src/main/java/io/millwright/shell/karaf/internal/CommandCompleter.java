package io.millwright.shell.karaf.internal;

import io.millwright.controller.api.NodeController;
import io.millwright.controller.api.NodeException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.apache.karaf.shell.api.console.Candidate;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Session;
import org.jspecify.annotations.Nullable;

/** Completes one command, its name and what it takes. Called by Karaf's consoles, on their threads. Thread-safe. */
final class CommandCompleter implements Completer {
    private final String command;
    private final List<String> names;
    private final Grammar grammar;
    private final Supplier<@Nullable NodeController> node;

    /**
     * A completer.
     *
     * @param command scope and name
     * @param names what the command may be called where the completer is used
     * @param grammar what it takes
     * @param node where the controller is found
     */
    CommandCompleter(String command, List<String> names, Grammar grammar, Supplier<@Nullable NodeController> node) {
        this.command = command;
        this.names = names;
        this.grammar = grammar;
        this.node = node;
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
                    .map(name -> Suggestion.whole(name, ""))
                    .toList();
        }
        NodeController controller = node.get();
        if (controller == null || !command.equals(session.resolveCommand(words.get(0)))) {
            return List.of();
        }
        try {
            return new Suggestions(controller).find(grammar, words.subList(1, index), word);
        } catch (NodeException | IllegalStateException goingAway) {
            return List.of();
        }
    }
}
