@NullMarked
package io.millwright.config.file.internal;

import org.jspecify.annotations.NullMarked;
