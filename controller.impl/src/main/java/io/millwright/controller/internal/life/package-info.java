@NullMarked
package io.millwright.controller.internal.life;

import org.jspecify.annotations.NullMarked;
