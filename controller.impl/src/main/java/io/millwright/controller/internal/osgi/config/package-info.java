@NullMarked
package io.millwright.controller.internal.osgi.config;

import org.jspecify.annotations.NullMarked;
