@NullMarked
package io.millwright.controller.internal.options;

import org.jspecify.annotations.NullMarked;
