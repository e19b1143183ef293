package io.millwright.controller.internal.worker;

import java.util.concurrent.CompletableFuture;

/**
 * A result that only a task of the loop waits for, as one of many: it is completed in the loop, without the way over the events
 * and a callback thread that results for others take. A caller gets what is made of it by this way.
 *
 * @param <T> the result
 */
public final class LoopResult<T> extends CompletableFuture<T> {}
