package io.millwright.itest;

import io.millwright.wamp.client.WampClient;
import io.millwright.worker.runtime.Worker;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Logger;

/** Programs that run in native workers, by the name that is their first argument. */
public final class NativePrograms {
    private NativePrograms() {}

    /** Runs one. */
    public static void main(String[] args) throws Exception {
        switch (args[0]) {
            case "exit" -> System.exit(Integer.parseInt(args[1]));
            case "throw" -> throw new IllegalStateException("out of order");
            case "hang" -> {
                Worker.join();
                Thread.sleep(Long.MAX_VALUE);
            }
            case "elsewhere" ->
                Worker.join()
                        .client()
                        .register("millwright.worker.other.x", call -> null)
                        .join();
            case "application" -> application();
            default -> serve();
        }
    }

    /** Talks with others through the router that the option {@code connect} names. */
    private static void application() {
        Worker worker = Worker.join();
        WampClient router = worker.application();
        router.register("com.example." + worker.id(), call -> worker.id() + " is here");
        worker.register(
                "ask", call -> router.call(String.class, String.valueOf(call.kwarg("procedure", String.class))));
        worker.ready();
    }

    /** A component of a container. */
    public static final class Part implements AutoCloseable {
        @Override
        public void close() {
            System.out.println("the part is closed");
        }
    }

    /** A component that cannot be made. */
    public static final class BrokenPart {
        public BrokenPart() {
            throw new IllegalStateException("no paper");
        }
    }

    private static void serve() {
        Worker worker = Worker.join();
        worker.register("add", call -> call.kwarg("a", Long.class) + call.kwarg("b", Long.class));
        worker.register("log", call -> {
            Logger.getLogger("app").warning("low on paper");
            return null;
        });
        worker.register("end", call -> {
            new Thread(() -> System.exit(3)).start();
            return null;
        });
        worker.register("fill", call -> {
            List<byte[]> all = new ArrayList<>();
            while (!all.contains(new byte[0])) {
                all.add(new byte[1 << 20]);
            }
            return all.size();
        });
        worker.ready();
    }
}
