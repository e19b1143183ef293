/** From a specification to a launch: worker types, the plug-in pool, options, environment, directory, program and input. */
@org.jspecify.annotations.NullMarked
package io.millwright.controller.internal.launch;
