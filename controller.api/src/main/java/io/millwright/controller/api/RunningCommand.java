package io.millwright.controller.api;

import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/** A command that was taken and has not ended. Thread-safe; nothing blocks. */
@ProviderType
public interface RunningCommand {
    /**
     * Writes to its standard input, after what was written before.
     *
     * @param data must not be changed until the stage completes
     * @return completed when all is in its pipe; exceptionally if its input is not open, or it has ended
     */
    CompletionStage<Void> write(byte[] data);

    /** Ends its standard input after what was written before. */
    void closeInput();

    /**
     * Ends it with all its processes: SIGTERM, and SIGKILL two seconds later. Its output is not wanted any more. No effect on one that
     * has ended.
     */
    void cancel();
}
