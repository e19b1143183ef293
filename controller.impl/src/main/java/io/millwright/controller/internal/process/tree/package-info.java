/** The system's processes: those in a group, those that fled from it, and how they are ended; shared by the backends. */
@NullMarked
package io.millwright.controller.internal.process.tree;

import org.jspecify.annotations.NullMarked;
