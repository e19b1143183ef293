package io.millwright.remote.wamp.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The options of {@code io.millwright.remote.role~NAME}. */
@ObjectClassDefinition(name = "Millwright remote role", description = "What principals of this role may do.")
@interface RoleOptions {
    /** What it may do with the node. */
    @AttributeDefinition(
            name = "Operations",
            description =
                    "The operations it may ask for, where its rules allow the call: observer, log_observer or operator.")
    String operations() default "observer";

    /** Its rules. */
    @AttributeDefinition(
            name = "Rules",
            description = "What it may do with which URIs, for example 'call exact millwright.get_status' or"
                    + " 'call,register,publish,subscribe prefix com.example'; by whole segments.")
    String[] rules() default {};
}
