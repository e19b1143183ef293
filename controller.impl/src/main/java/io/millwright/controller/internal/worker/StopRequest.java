package io.millwright.controller.internal.worker;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.StopMode;

/** A stop that was asked for. Belongs to the controller loop. */
final class StopRequest {
    final Caller caller;
    final Moment when;
    /** The main process had ended by itself before. */
    final boolean exitedByItself;

    StopMode mode;
    boolean timedOut;

    StopRequest(StopMode mode, Caller caller, Moment when, boolean exitedByItself) {
        this.mode = mode;
        this.caller = caller;
        this.when = when;
        this.exitedByItself = exitedByItself;
    }
}
