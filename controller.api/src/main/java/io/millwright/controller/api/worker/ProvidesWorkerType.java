package io.millwright.controller.api.worker;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.osgi.annotation.bundle.Attribute;
import org.osgi.annotation.bundle.Capability;

/**
 * Put on the class of a {@link WorkerType}: the bundle then declares the capability
 * {@code io.millwright.worker.type; worker.type=<name>}, so that a deployment that needs the type names it when it is missing. The
 * requirement is {@code io.millwright.worker.type; filter:="(worker.type=<name>)"}. Read by bnd; gone at run time.
 */
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
@Capability(namespace = ProvidesWorkerType.NAMESPACE)
public @interface ProvidesWorkerType {
    /** The capability's namespace. */
    String NAMESPACE = "io.millwright.worker.type";

    /**
     * The type's name.
     *
     * @return the value of the capability's attribute {@code worker.type}
     */
    @Attribute("worker.type")
    String value();
}
