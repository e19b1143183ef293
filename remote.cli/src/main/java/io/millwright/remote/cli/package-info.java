/** {@code millwright --url}: the commands of a node, over its remote management. */
@NullMarked
package io.millwright.remote.cli;

import org.jspecify.annotations.NullMarked;
