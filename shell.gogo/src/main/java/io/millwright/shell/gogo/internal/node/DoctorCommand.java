package io.millwright.shell.gogo.internal.node;

import io.millwright.controller.api.Finding;
import io.millwright.shell.gogo.internal.Command;
import io.millwright.shell.gogo.internal.Invocation;
import io.millwright.shell.gogo.internal.NodeAccess;
import io.millwright.shell.gogo.internal.Usage;
import io.millwright.shell.gogo.internal.doctor.Doctor;
import io.millwright.shell.gogo.internal.text.Listing;
import java.util.List;
import java.util.function.Supplier;
import org.apache.felix.service.command.Function;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;

/** {@code node:doctor}. Thread-safe. */
@Component(
        configurationPolicy = ConfigurationPolicy.IGNORE,
        service = Function.class,
        property = {Command.SCOPE + "=node", "osgi.command.function=doctor", Command.OWN_STREAMS})
public final class DoctorCommand extends Command {
    private final Supplier<List<Finding>> doctor;

    /**
     * Called by Declarative Services.
     *
     * @param node where the controller is found
     * @param doctor who examines
     */
    @Activate
    public DoctorCommand(@Reference NodeAccess node, @Reference Doctor doctor) {
        this(node, doctor::examine);
    }

    /**
     * One for somewhere else than in the node's framework.
     *
     * @param node where the controller is found
     * @param doctor finds what is wrong
     */
    public DoctorCommand(NodeAccess node, Supplier<List<Finding>> doctor) {
        super(
                Usage.of(
                        "node:doctor",
                        "[--json]",
                        """
                        Explains what is missing or wrong in the framework and the node, the worst first, and what to do.
                        Exit code 1 if there is an error among it."""),
                node);
        this.doctor = doctor;
    }

    @Override
    protected @Nullable Object run(Invocation call) {
        List<Finding> findings = doctor.get();
        if (findings.stream().anyMatch(finding -> finding.severity() == Finding.Severity.ERROR)) {
            call.exitCode(1);
        }
        return call.result(new Listing<>(findings, Doctor::text));
    }
}
