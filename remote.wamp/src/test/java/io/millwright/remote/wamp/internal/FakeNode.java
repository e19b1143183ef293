package io.millwright.remote.wamp.internal;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.EventListener;
import io.millwright.controller.api.EventPage;
import io.millwright.controller.api.NodeController;
import io.millwright.controller.api.NodeEvent;
import io.millwright.controller.api.Role;
import io.millwright.controller.api.Subscription;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** A node of which a test says what each operation answers; it notes who asked for what in which role. */
final class FakeNode {
    /** What was asked: the method's name, who, the role. */
    record Asked(String what, String who, Role role) {}

    final List<Asked> asked = new CopyOnWriteArrayList<>();
    final List<EventListener> listeners = new CopyOnWriteArrayList<>();
    private final Map<String, Function<Object[], Object>> answers = new ConcurrentHashMap<>();

    FakeNode() {
        answer("getEvents", arguments -> EventPage.of(List.of(), 0, "life"));
        answer("listWorkers", arguments -> List.of());
        answer("followEvents", arguments -> {
            EventListener listener = (EventListener) arguments[arguments.length - 1];
            listeners.add(listener);
            return (Subscription) () -> listeners.remove(listener);
        });
    }

    /** The answer of a method, by its name. */
    FakeNode answer(String method, Function<Object[], Object> answer) {
        answers.put(method, answer);
        return this;
    }

    /** Something has happened. */
    void happens(NodeEvent event) {
        listeners.forEach(listener -> listener.onEvent(event, 0));
    }

    /** The node itself. */
    NodeController node() {
        return view("", Role.OPERATOR);
    }

    private NodeController view(String who, Role role) {
        return (NodeController) Proxy.newProxyInstance(
                NodeController.class.getClassLoader(),
                new Class<?>[] {NodeController.class},
                (proxy, method, arguments) ->
                        call(proxy, method, arguments == null ? new Object[0] : arguments, who, role));
    }

    private Object call(Object proxy, Method method, Object[] arguments, String who, Role role) throws Throwable {
        if (method.getName().equals("as")) {
            return view(((Caller) arguments[0]).who(), (Role) arguments[1]);
        }
        if (!who.isEmpty()) {
            asked.add(new Asked(method.getName(), who, role));
        }
        Function<Object[], Object> answer = answers.get(method.getName());
        if (answer != null) {
            return answer.apply(arguments);
        }
        if (method.isDefault()) {
            return InvocationHandler.invokeDefault(proxy, method, arguments);
        }
        throw new IllegalStateException("the test says nothing of " + method.getName());
    }
}
