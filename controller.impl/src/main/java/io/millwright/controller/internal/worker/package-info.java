/** What a worker is and how its runs go: the worker, its life-cycle table, starts, stops, what follows an exit, and its events. */
@org.jspecify.annotations.NullMarked
package io.millwright.controller.internal.worker;
