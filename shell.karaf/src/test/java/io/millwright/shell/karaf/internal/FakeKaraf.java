package io.millwright.shell.karaf.internal;

import io.millwright.controller.api.NodeController;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerInfo;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.api.WorkerTypeInfo;
import io.millwright.controller.api.worker.OptionDefinition;
import io.millwright.controller.api.worker.OptionType;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Session;

/** A node with some workers, and what of Karaf's shell a completer sees. */
final class FakeKaraf {
    final List<WorkerInfo> workers = new CopyOnWriteArrayList<>(List.of(
            worker("db", WorkerState.STARTED),
            worker("errand", WorkerState.EXITED),
            worker("flaky", WorkerState.BACKOFF),
            worker("off", WorkerState.INACTIVE)));

    final List<WorkerTypeInfo> types = List.of(
            type(
                    "guest",
                    false,
                    option("executable", OptionType.STRING),
                    option("env.vars", OptionType.VARIABLES),
                    option("workdir.create", OptionType.BOOLEAN),
                    option("stop.signal", OptionType.SIGNAL),
                    OptionDefinition.option("restart.policy", OptionType.STRING, "when")
                            .oneOf("never", "on-failure", "always")
                            .build()),
            type("guest", true, option("shadow", OptionType.STRING)),
            type("python", false));

    final NodeController node = proxy(NodeController.class, (proxy, method, arguments) -> switch (method.getName()) {
        case "listWorkers" -> workers;
        case "getWorkerTypes" -> types;
        default -> throw new UnsupportedOperationException(method.getName());
    });

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

    private static OptionDefinition option(String key, OptionType type) {
        return OptionDefinition.option(key, type, "about " + key).build();
    }

    private static WorkerTypeInfo type(String name, boolean shadowed, OptionDefinition... options) {
        return WorkerTypeInfo.builder(name, "bundle", "1.0.0")
                .shadowed(shadowed)
                .options(List.of(options))
                .build();
    }

    static WorkerInfo worker(String id, WorkerState state) {
        return WorkerInfo.builder(new WorkerId(id), "guest", state)
                .origin("call")
                .build();
    }
}
