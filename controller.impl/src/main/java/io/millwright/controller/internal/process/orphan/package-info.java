/** What ends the workers of a node that died: the watchdog, the run records and the sweep at the next start. */
@NullMarked
package io.millwright.controller.internal.process.orphan;

import org.jspecify.annotations.NullMarked;
