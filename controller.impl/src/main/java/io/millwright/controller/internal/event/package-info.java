@NullMarked
package io.millwright.controller.internal.event;

import org.jspecify.annotations.NullMarked;
