package io.millwright.worker.router;

import io.millwright.worker.runtime.internal.Program;
import io.millwright.worker.runtime.internal.Rehearsal;
import java.io.IOException;

/** As {@link Rehearsal}, of a router with a realm and a transport, on a port of loopback that is free: paths of sockets may be too long. */
final class RouterRehearsal {
    private static final String OPTIONS =
            "{\"realms\":{\"r\":{\"roles\":{\"a\":{\"permissions\":[{\"uri\":\"a\",\"match\":\"prefix\",\"allow\":[\"call\"]}]}}}},"
                    + "\"transports\":{\"t\":{\"address\":\"127.0.0.1:0\",\"auth.anonymous.role\":\"a\"}}}";

    private RouterRehearsal() {}

    /** Plays it. */
    public static void main(String[] args) throws IOException {
        Rehearsal.play(OPTIONS, member -> {
            Program.configureLogging();
            RouterMain.main(args);
        });
        System.exit(0);
    }
}
