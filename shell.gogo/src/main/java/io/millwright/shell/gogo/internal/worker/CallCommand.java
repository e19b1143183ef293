package io.millwright.shell.gogo.internal.worker;

import io.millwright.controller.api.WorkerAnswer;
import io.millwright.controller.api.text.Json;
import io.millwright.shell.gogo.internal.Command;
import io.millwright.shell.gogo.internal.Invocation;
import io.millwright.shell.gogo.internal.NodeAccess;
import io.millwright.shell.gogo.internal.Usage;
import io.millwright.shell.gogo.internal.UsageError;
import io.millwright.shell.gogo.internal.complete.Operand;
import io.millwright.shell.gogo.internal.json.JsonInput;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.felix.service.command.Function;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;

/** {@code worker:call}. Thread-safe. */
@Component(
        configurationPolicy = ConfigurationPolicy.IGNORE,
        service = Function.class,
        property = {Command.SCOPE + "=worker", "osgi.command.function=call", Command.OWN_STREAMS})
public final class CallCommand extends Command {
    /**
     * Called by Declarative Services.
     *
     * @param node where the controller is found
     */
    @Activate
    public CallCommand(@Reference NodeAccess node) {
        super(
                Usage.of(
                                "worker:call",
                                "ID OPERATION [KEY=VALUE...] [--json]",
                                """
                        Calls an operation that a native worker offers itself, and prints its answer: text as it is, anything
                        else as JSON. A value is JSON, or else a text. worker:info ID names the operations.""")
                        .wordsFrom(2)
                        .takes(Operand.LIVE, Operand.OPERATION, Operand.OTHER),
                node);
    }

    @Override
    protected @Nullable Object run(Invocation call) throws InterruptedException {
        List<String> words = call.arguments().words();
        WorkerAnswer answer = await(node(call)
                .callWorker(call.id(), words.get(1), arguments(words.subList(2, words.size())), call.caller()));
        if (call.json()) {
            return Json.write(answer.toMap());
        }
        Object value = answer.value();
        return value == null || value instanceof String ? value : Json.write(value);
    }

    private static Map<String, @Nullable Object> arguments(List<String> words) {
        Map<String, @Nullable Object> arguments = new LinkedHashMap<>();
        for (String word : words) {
            int equals = word.indexOf('=');
            if (equals <= 0) {
                throw new UsageError("'" + word + "' must be KEY=VALUE");
            }
            String key = word.substring(0, equals);
            if (arguments.containsKey(key)) {
                throw new UsageError("'" + key + "' is given twice");
            }
            arguments.put(key, value(word.substring(equals + 1)));
        }
        return arguments;
    }

    /** What is JSON is that value, anything else a text: {@code name=web} needs no quotes. */
    static @Nullable Object value(String text) {
        try {
            return JsonInput.value(text);
        } catch (JsonInput.Invalid e) {
            return text;
        }
    }
}
