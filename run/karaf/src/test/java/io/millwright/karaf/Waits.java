package io.millwright.karaf;

/** A program of a worker, and a component of a container: waits for its end. */
public final class Waits implements Runnable {
    public static void main(String[] args) {
        new Waits().run();
    }

    @Override
    public void run() {
        try {
            Thread.sleep(Long.MAX_VALUE);
        } catch (InterruptedException e) {
            // This is its end.
        }
    }
}
