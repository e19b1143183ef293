package io.millwright.testkit;

import io.millwright.controller.api.worker.WorkerType;
import java.util.ArrayList;
import java.util.List;

/**
 * The conformance kit: checks that a worker type keeps what {@link WorkerType} promises. {@link #checks()} needs nothing but
 * the type; {@link #liveChecks} drives it through the life cycle on a real node. Immutable; its checks are run by one thread.
 */
public final class WorkerTypeConformance {
    private final TypeUnderTest subject;

    private WorkerTypeConformance(TypeUnderTest subject) {
        this.subject = subject;
    }

    /**
     * A kit for one type.
     *
     * @param name the type's name, as its service property {@value WorkerType#WORKER_TYPE} has it
     * @param type an instance
     * @param samples options to try it with
     * @return the kit
     */
    public static WorkerTypeConformance of(String name, WorkerType type, Samples samples) {
        return new WorkerTypeConformance(new TypeUnderTest(name, type, samples));
    }

    /**
     * The checks that need no node: definitions, bad options, pure and quick planning.
     *
     * @return in the order they should be run; what an earlier one finds may be why a later one fails
     */
    public List<Check> checks() {
        List<Check> all = new ArrayList<>(new DefinitionChecks(subject).all());
        all.addAll(new ProblemChecks(subject).all());
        all.addAll(new PlanChecks(subject).all());
        all.addAll(new PurityChecks(subject).all());
        return List.copyOf(all);
    }

    /**
     * The checks on a node: life cycle, order of events, cancelled starts, and the type's going while workers run. They
     * start workers named {@code conformance-...} and leave none behind.
     *
     * @param node a node that offers the type
     * @return in the order they should be run
     */
    public List<Check> liveChecks(LiveNode node) {
        return List.copyOf(new LiveChecks(subject, node).all());
    }

    /**
     * Runs the checks that need no node.
     *
     * @return one result for each
     */
    public List<CheckResult> run() {
        return checks().stream().map(Check::run).toList();
    }

    /**
     * Runs the checks on a node.
     *
     * @param node a node that offers the type
     * @return one result for each
     */
    public List<CheckResult> runLive(LiveNode node) {
        return liveChecks(node).stream().map(Check::run).toList();
    }
}
