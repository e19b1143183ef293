/**
 * The file watcher of the local filesystem. Notifications only say where to look; a snapshot of every watched tree says
 * what has changed, so that lost, doubled and reordered notifications do no harm, and polling is the same without them.
 */
@NullMarked
package io.millwright.watcher.fs.internal;

import org.jspecify.annotations.NullMarked;
