package io.millwright.controller.internal.worker.ready;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Asks a program once how it is. Thread-safe. */
public interface Probe {
    /**
     * Asks. Blocks for the given time at most.
     *
     * @param limit how long the answer may take
     * @return why the answer is bad, for people; {@code null} if it is good
     * @throws InterruptedException if the calling thread was interrupted, because nobody wants the answer any more
     */
    @Nullable
    String ask(Duration limit) throws InterruptedException;

    /**
     * Asks without blocking, so that nobody has to be woken for it.
     *
     * @return {@code null} if only {@link #ask} can tell
     */
    default @Nullable Answer askAtOnce() {
        return null;
    }

    /**
     * An answer.
     *
     * @param bad why it is bad, for people; {@code null} if it is good
     */
    record Answer(@Nullable String bad) {}

    /** What is asked, for people: "a connection to 127.0.0.1:80". */
    String what();
}
