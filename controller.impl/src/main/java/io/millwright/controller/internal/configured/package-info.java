/** What configurations ask for: decisions, their application, saved workers, previews of changes. */
@org.jspecify.annotations.NullMarked
package io.millwright.controller.internal.configured;
