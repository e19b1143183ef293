@NullMarked
package io.millwright.controller.internal;

import org.jspecify.annotations.NullMarked;
