/** The worker type {@code guest}. */
@NullMarked
package io.millwright.worker.guest.internal;

import org.jspecify.annotations.NullMarked;
