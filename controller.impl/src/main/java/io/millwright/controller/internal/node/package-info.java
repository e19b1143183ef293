@NullMarked
package io.millwright.controller.internal.node;

import org.jspecify.annotations.NullMarked;
