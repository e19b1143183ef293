@NullMarked
package io.millwright.controller.internal.process;

import org.jspecify.annotations.NullMarked;
