@NullMarked
package io.millwright.controller.internal.log;

import org.jspecify.annotations.NullMarked;
