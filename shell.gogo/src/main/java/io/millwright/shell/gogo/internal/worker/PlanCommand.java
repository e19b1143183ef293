package io.millwright.shell.gogo.internal.worker;

import io.millwright.controller.api.ChangePlanner;
import io.millwright.controller.api.ConfigurationChange;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.shell.gogo.internal.Command;
import io.millwright.shell.gogo.internal.Invocation;
import io.millwright.shell.gogo.internal.NodeAccess;
import io.millwright.shell.gogo.internal.Usage;
import io.millwright.shell.gogo.internal.UsageError;
import io.millwright.shell.gogo.internal.complete.Operand;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.felix.service.command.Function;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;

/** {@code worker:plan}. Thread-safe. */
@Component(
        configurationPolicy = ConfigurationPolicy.IGNORE,
        service = Function.class,
        property = {Command.SCOPE + "=worker", "osgi.command.function=plan", Command.OWN_STREAMS})
public final class PlanCommand extends Command {
    private static final String NODE = "--node";

    /**
     * Called by Declarative Services.
     *
     * @param node where the controller is found
     */
    @Activate
    public PlanCommand(@Reference NodeAccess node) {
        super(
                Usage.of(
                                "worker:plan",
                                "ID [TYPE] [KEY=VALUE...] [--json FILE|-] [-- EXECUTABLE [ARG...]] | --node FILE",
                                """
                        Says what a change of configuration would do, and does nothing: start, restart or in place
                        (and which options do it), stop, nothing, or refused and why; of a group of instances for each of them. Exit code 1
                        if something is refused.
                          ID KEY=VALUE... some options of a worker there is; the others stay as they are
                          ID TYPE ...     a configuration with these options and no others
                          --node FILE     node.json (or .yaml) replaced by FILE, for each worker; what would stay the
                                          same is only counted
                        """
                                        + StartRequest.HELP
                                        + """

                        With --json as the last word the result is printed as JSON.""")
                        .options(NODE)
                        .jsonMayTakeFile()
                        .wordsFrom(0)
                        .takes(Operand.KNOWN, Operand.TYPE, Operand.OPTION),
                node);
    }

    @Override
    protected @Nullable Object run(Invocation call) throws InterruptedException {
        List<String> words = call.arguments().words();
        String file = call.arguments().value(NODE);
        if (file != null && !words.isEmpty()) {
            throw new UsageError("--node and '" + words.get(0) + "' exclude each other");
        } else if (file == null && words.isEmpty()) {
            throw new UsageError("a worker's id, or --node FILE, is missing");
        }
        ChangePlanner planner = node(call).getPlanner();
        if (file != null) {
            return Plan.result(call, await(planner.file(call.file(file))));
        } else if (words.size() > 1 && words.get(1).indexOf('=') < 0) {
            return Plan.result(call, await(planner.configurations(List.of(configuration(StartRequest.of(call))))));
        }
        return Plan.result(call, await(planner.options(call.id(), StartRequest.options(call, 1))));
    }

    /** The configuration that would start a worker of that specification. */
    private static ConfigurationChange configuration(WorkerSpec spec) {
        Map<String, Object> properties = new LinkedHashMap<>();
        spec.options().forEach((key, value) -> {
            if (value == null) {
                throw new UsageError("option '" + key + "' has no value (null)");
            }
            properties.put(key, value);
        });
        return ConfigurationChange.of("io.millwright.worker." + spec.type() + "~" + spec.id(), properties);
    }
}
