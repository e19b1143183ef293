package io.millwright.controller.internal.process;

/**
 * A process that a main process left behind, and that was ended after it. Immutable.
 *
 * @param pid what its pid was
 * @param program its name, as the system's list of processes shows it
 * @param background whether it had left the session of its worker, as a program does that puts itself into the background
 */
public record Leftover(long pid, String program, boolean background) {
    @Override
    public String toString() {
        return pid + " (" + program + ")";
    }
}
