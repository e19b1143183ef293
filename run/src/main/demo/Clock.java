import java.time.LocalTime;
import java.util.Map;

/** A component of a container: says now and then what time it is. */
public class Clock implements Runnable {
    private final long seconds;

    public Clock(Map<String, Object> config) {
        seconds = ((Number) config.getOrDefault("seconds", 10)).longValue();
    }

    @Override
    public void run() {
        try {
            while (true) {
                System.out.println("it is " + LocalTime.now().withNano(0));
                Thread.sleep(1000 * seconds);
            }
        } catch (InterruptedException e) {
            System.out.println("the clock stops");
        }
    }
}
