package io.millwright.controller.api.worker;

import java.util.Locale;

/** What workers of a type can do. More will come: a {@code switch} over it needs a default branch. */
public enum WorkerCapability {
    /** They take arguments of the options. */
    ARGUMENTS,
    /** They get the environment the options ask for. */
    ENVIRONMENT,
    /** Their standard input can be written to. */
    STDIN,
    /** They can be sent signals. */
    SIGNALS,
    /** They have a control channel to the controller, and offer operations of their own. */
    CHANNEL,
    /** They run a Java virtual machine that answers questions on itself. */
    JVM,
    /** They host components that can be started and stopped one by one. */
    COMPONENTS;

    /**
     * The capability as it stands in documents.
     *
     * @return lower case, for example {@code stdin}
     */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
