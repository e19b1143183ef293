package io.millwright.controller.internal.worker;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.StopMode;
import io.millwright.controller.api.StopOptions;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A stop that was asked for. Belongs to the controller loop. */
final class StopRequest {
    final Caller caller;
    final Moment when;
    /** The main process had ended by itself before. */
    final boolean exitedByItself;

    StopMode mode;
    /** Its timeout and its signal, where they are not the worker's own. */
    StopOptions options;

    /** How long was waited before the kill; null while there was none. */
    @Nullable
    Duration timedOut;

    StopRequest(StopOptions options, Caller caller, Moment when, boolean exitedByItself) {
        this.mode = options.mode();
        this.options = options;
        this.caller = caller;
        this.when = when;
        this.exitedByItself = exitedByItself;
    }
}
