package io.millwright.karaf.complete;

import java.util.ArrayList;
import java.util.List;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Function;
import org.apache.karaf.shell.api.console.Candidate;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.completers.CommandsCompleter;

/**
 * Asks Karaf's own completer what the tab key would offer: the console of the test is no terminal and has no tab. The test drops it
 * into a running Karaf.
 */
public final class CompleteCommand implements Function {
    @Override
    public Object execute(CommandSession gogo, List<Object> arguments) {
        Session session = (Session) gogo.get(".session");
        String typed = String.valueOf(arguments.get(0));
        String[] words = typed.split(" ", -1);
        List<Candidate> candidates = new ArrayList<>();
        session.getRegistry()
                .getService(CommandsCompleter.class)
                .completeCandidates(session, line(typed, words), candidates);
        StringBuilder answer = new StringBuilder("<");
        // as the console does: Karaf's own completers offer everything
        String word = words[words.length - 1];
        candidates.stream().filter(one -> one.value().startsWith(word)).sorted().forEach(one -> answer.append(
                        one.value())
                .append(one.complete() ? "|" : "..|"));
        return answer.append('>').toString();
    }

    // no class of its own: one class is all there is in the bundle
    private static CommandLine line(String typed, String[] words) {
        return (CommandLine) java.lang.reflect.Proxy.newProxyInstance(
                CompleteCommand.class.getClassLoader(),
                new Class<?>[] {CommandLine.class},
                (proxy, method, none) -> switch (method.getName()) {
                    case "getCursorArgumentIndex" -> words.length - 1;
                    case "getCursorArgument" -> words[words.length - 1];
                    case "getArgumentPosition" -> words[words.length - 1].length();
                    case "getArguments" -> words;
                    case "getBufferPosition" -> typed.length();
                    case "getBuffer" -> typed;
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }
}
