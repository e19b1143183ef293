/** The backend on the system calls of Linux. */
@NullMarked
package io.millwright.controller.internal.process.linux;

import org.jspecify.annotations.NullMarked;
