@NullMarked
package io.millwright.itest;

import org.jspecify.annotations.NullMarked;
