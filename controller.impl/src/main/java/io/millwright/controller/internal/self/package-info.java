@NullMarked
package io.millwright.controller.internal.self;

import org.jspecify.annotations.NullMarked;
