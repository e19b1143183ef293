/** The only code that sees OSGi services: the component, its bindings, the framework's readiness. */
@org.jspecify.annotations.NullMarked
package io.millwright.controller.internal.osgi;
