/**
 * The node's files in {@code etc/}, beside File Install: which configuration a file becomes, what it says whatever its encoding,
 * what has become of files while the node was down, and when to look.
 */
@NullMarked
package io.millwright.config.etc.internal;

import org.jspecify.annotations.NullMarked;
