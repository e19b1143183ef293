/** Groups of the kernel's (cgroup v2) that hold all of a worker. */
@NullMarked
package io.millwright.controller.internal.process.cgroup;

import org.jspecify.annotations.NullMarked;
