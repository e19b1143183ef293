/** Whether a run is ready, and whether a worker is healthy: what is asked, by which thread, and what the answers mean. */
@org.jspecify.annotations.NullMarked
package io.millwright.controller.internal.worker.ready;
