@NullMarked
package io.millwright.controller.internal.config;

import org.jspecify.annotations.NullMarked;
