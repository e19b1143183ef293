package io.millwright.launcher;

import java.util.function.Consumer;
import sun.misc.Signal;

/** INT, TERM and HUP of this process. An ignored HUP (nohup) stays ignored, as the JVM leaves it. */
final class Signals {
    private Signals() {}

    /** @param handler gets the name without SIG, in a thread of the JVM's, and must not block */
    static void handle(Consumer<String> handler) {
        for (String name : new String[] {"INT", "TERM", "HUP"}) {
            try {
                Signal.handle(new Signal(name), signal -> handler.accept(signal.getName()));
            } catch (IllegalArgumentException e) {
                Console.error(
                        "the signal " + name + " cannot be handled here and ends the node at once: " + Reason.of(e));
            }
        }
    }
}
