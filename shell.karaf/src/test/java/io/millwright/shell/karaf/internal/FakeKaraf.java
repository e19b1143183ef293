package io.millwright.shell.karaf.internal;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Session;

/** As much of Karaf's shell as a completer sees. */
final class FakeKaraf {
    /** A session in which every command has its full name, and bare ones are of the scope {@code worker}. */
    final Session session = proxy(Session.class, (proxy, method, arguments) -> {
        if (method.getName().equals("resolveCommand")) {
            String name = (String) arguments[0];
            return name.indexOf(':') < 0 ? "worker:" + name : name;
        }
        throw new UnsupportedOperationException(method.getName());
    });

    /** A line whose cursor stands at {@code ^}, or at its end. */
    static CommandLine line(String text) {
        int cursor = text.indexOf('^') < 0 ? text.length() : text.indexOf('^');
        String buffer = text.replace("^", "");
        String[] words = buffer.split(" ", -1);
        int begin = buffer.lastIndexOf(' ', cursor - 1) + 1;
        int index =
                (int) buffer.substring(0, begin).chars().filter(c -> c == ' ').count();
        return proxy(CommandLine.class, (proxy, method, arguments) -> switch (method.getName()) {
            case "getCursorArgumentIndex" -> index;
            case "getCursorArgument" -> words[index];
            case "getArgumentPosition" -> cursor - begin;
            case "getArguments" -> words;
            case "getBufferPosition" -> cursor;
            case "getBuffer" -> buffer;
            default -> throw new UnsupportedOperationException(method.getName());
        });
    }

    static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
