package io.millwright.karaf;

/** A program of a worker: waits for its end. */
final class Waits {
    private Waits() {}

    public static void main(String[] args) throws InterruptedException {
        Thread.sleep(Long.MAX_VALUE);
    }
}
