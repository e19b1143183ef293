package io.millwright.controller.api.worker;

import io.millwright.controller.api.WorkerSpec;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Whiteboard service that may change the launch plan of any worker before it is forked, for example to add arguments or
 * environment. Customizers are called in order of service ranking, highest first, by threads of the controller's plug-in
 * pool with a time limit of five seconds; one that throws or is late fails that start and is named.
 */
@ConsumerType
public interface LaunchCustomizer {
    /** Service property ({@code String}, required): the name shown in the worker's information. */
    String CUSTOMIZER_NAME = "customizer.name";

    /**
     * Looks at a plan.
     *
     * @param spec what was asked for
     * @param plan what the type, and customizers before this one, made of it
     * @return the plan to use: the same, or a changed copy
     */
    LaunchPlan customize(WorkerSpec spec, LaunchPlan plan);
}
