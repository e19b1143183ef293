/** The system's processes: who is in a group, who fled from it, and ending them; shared by the backends. */
@NullMarked
package io.millwright.controller.internal.process.tree;

import org.jspecify.annotations.NullMarked;
