package io.millwright.controller.internal.osgi;

import io.millwright.controller.internal.process.Launch;
import io.millwright.controller.internal.process.ProcessBackend;
import io.millwright.controller.internal.process.ProcessListener;
import io.millwright.controller.internal.process.WorkerProcess;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Starts nothing: the backend of a node that only checks its configuration. */
enum NoBackend implements ProcessBackend {
    /** The one there is. */
    INSTANCE;

    @Override
    public String description() {
        return "none (check only)";
    }

    @Override
    public WorkerProcess spawn(Launch launch, ProcessListener listener) throws IOException {
        throw new IOException("this node only checks its configuration");
    }

    /** Nothing is wrong with a configuration because it is only checked; the node that starts its workers says what it cannot do. */
    @Override
    public @Nullable String cannotListen() {
        return null;
    }

    /** As of sockets. */
    @Override
    public @Nullable String cannotHear() {
        return null;
    }

    @Override
    public void close() {}
}
