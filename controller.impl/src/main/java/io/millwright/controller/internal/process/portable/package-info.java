/** The process backend on {@link java.lang.ProcessBuilder}. */
@NullMarked
package io.millwright.controller.internal.process.portable;

import org.jspecify.annotations.NullMarked;
