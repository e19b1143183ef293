import io.millwright.wamp.client.TopicEvent;
import io.millwright.wamp.client.WampClient;
import io.millwright.worker.runtime.Worker;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;

/** A component of a container: keeps the last lines of the chat, and answers them to a member that joins later. */
public final class History {
    private static final int LINES = 100;
    private final Queue<String> lines = new ArrayDeque<>();

    public History() {
        WampClient chat = Worker.join().application();
        chat.subscribe("com.example.chat", this::heard);
        chat.register("com.example.chat.history", call -> lines());
        System.out.println("the history begins");
    }

    private synchronized void heard(TopicEvent event) {
        String line = event.details().get("publisher_authid") + ": " + event.arg(0, String.class);
        System.out.println(line);
        lines.add(line);
        if (lines.size() > LINES) {
            lines.remove();
        }
    }

    private synchronized List<String> lines() {
        return List.copyOf(lines);
    }
}
