/** A component of a container that loses its temper; the container starts it again, and nothing happens to the others. */
public class Moody implements Runnable {
    @Override
    public void run() {
        try {
            Thread.sleep(4000);
        } catch (InterruptedException e) {
            return;
        }
        throw new IllegalStateException("not in the mood");
    }
}
