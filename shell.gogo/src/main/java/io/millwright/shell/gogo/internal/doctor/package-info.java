/** What is missing or wrong in the framework and the node, and what to do about it. */
@NullMarked
package io.millwright.shell.gogo.internal.doctor;

import org.jspecify.annotations.NullMarked;
