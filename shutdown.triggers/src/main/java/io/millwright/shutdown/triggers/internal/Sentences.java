package io.millwright.shutdown.triggers.internal;

import io.millwright.controller.api.WorkerExit;
import io.millwright.controller.api.WorkerExit.ExitClass;
import io.millwright.controller.api.WorkerRun;

/** Says for people how a worker ended; used by every trigger, so that all say it alike. */
final class Sentences {
    private Sentences() {}

    /** The worker and its exit, for example {@code worker 'web' (guest) exited with code 3}. */
    static String of(WorkerRun run) {
        return "worker '" + run.id() + "' (" + run.type() + ") " + end(run);
    }

    private static String end(WorkerRun run) {
        WorkerExit exit = run.exit();
        if (run.started() == null && exit.exitClass() == ExitClass.ERROR) {
            return "could not be started: " + exit.reason();
        }
        String asked = exit.exitClass() == ExitClass.REQUESTED ? " as requested" : "";
        if (exit.signal() != null) {
            return "was ended by SIG" + exit.signal() + asked;
        }
        if (exit.code() != null) {
            return "exited with code " + exit.code() + asked;
        }
        return "ended" + asked + ": " + exit.reason();
    }
}
