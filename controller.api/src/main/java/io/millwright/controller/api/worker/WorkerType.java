package io.millwright.controller.api.worker;

import io.millwright.controller.api.Problem;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A kind of worker. Register one as a service with the property {@value #WORKER_TYPE} and its type is startable at once; it only
 * plans, the controller forks, reads, signals, restarts and records, so its bundle may go at any time.
 *
 * <p>Every method is called by threads of the controller's plug-in pool, several at once, without locks and with a time
 * limit of five seconds; it must be quick and have no side effects. What it throws is reported as the worker's failure.
 */
@ConsumerType
public interface WorkerType {
    /** Service property ({@code String}, required): the type's name, matching {@value #NAME_PATTERN}. */
    String WORKER_TYPE = "worker.type";

    /** What a type's name looks like. */
    String NAME_PATTERN = "[a-z][a-z0-9_]{0,31}";

    /**
     * The options workers of this type take beside those of every type. A key of its own hides none of the shared ones. Asked
     * once each time the service is bound; a type that throws, is late or answers nonsense is not available until its service
     * is registered anew.
     *
     * @return the definitions
     */
    List<OptionDefinition> options();

    /**
     * Whether its workers are native: each run gets a control channel, is told on its standard input how to join (one line of JSON,
     * the birth line), and has started when it says that it is ready. Such workers also take the options {@code start.timeout}, {@code
     * channel.timeout}, {@code expose_controller}, {@code title}, {@code extra} and {@code log.level}, and no {@code stdin}. Asked with
     * {@link #options}.
     *
     * @return false unless overridden
     */
    default boolean isNative() {
        return false;
    }

    /**
     * Finds what only the type can see, after the controller has checked keys and types.
     *
     * @param options the checked options
     * @return all problems at once, empty if there are none
     */
    default List<Problem> check(OptionValues options) {
        return List.of();
    }

    /**
     * Plans the launch. Asked again for every start and restart; the same request gives an equal plan.
     *
     * @param request what to plan from
     * @return the plan; {@link PlanRequest#plan} makes one with all that the shared options ask for
     */
    LaunchPlan plan(PlanRequest request);

    /**
     * Whether the type can be used on this machine.
     *
     * @return usable unless overridden
     */
    default Fingerprint fingerprint() {
        return Fingerprint.ok();
    }
}
