package io.millwright.worker.runtime.internal;

import io.millwright.worker.runtime.Worker;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.slf4j.LoggerFactory;

/** Programs that the tests start as workers. */
final class Programs {
    private Programs() {}

    /** Native in three lines. */
    static final class Native {
        public static void main(String[] args) {
            Worker worker = Worker.join();
            worker.register("add", call -> call.arg(0, Long.class) + call.arg(1, Long.class));
            worker.register(
                    "tell", call -> List.of(worker.id(), worker.title(), worker.run(), args.length, worker.extra()));
            worker.register("fail", call -> {
                throw new IllegalStateException("no more paper");
            });
            worker.subscribe("news", event -> worker.publish("echo", event.arg(0, Object.class)));
            worker.ready();
        }
    }

    /** Knows nothing of a node, and ends at once. */
    static final class Hello {
        public static void main(String[] args) throws Exception {
            System.out.println("hello " + String.join(" ", args) + " " + System.in.read());
        }
    }

    /** Knows nothing of a node, and goes on in a thread of its own. */
    static final class Server {
        public static void main(String[] args) {
            new Thread(new Endless()::run).start();
        }
    }

    /** Knows nothing of a node, and its main method does not return. */
    static final class Endless {
        public static void main(String[] args) {
            new Endless().run();
        }

        void run() {
            while (true) {
                try {
                    Thread.sleep(Long.MAX_VALUE);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }

    /** Throws. */
    static final class Broken {
        public static void main(String[] args) {
            throw new IllegalStateException("out of order");
        }
    }

    /** Exits before it is ready. */
    static final class Exits {
        public static void main(String[] args) {
            System.exit(Integer.parseInt(args[0]));
        }
    }

    /** Registers what is not its own. */
    static final class Greedy {
        public static void main(String[] args) {
            Worker worker = Worker.join();
            worker.client().register("millwright.stop_worker", call -> null).join();
        }
    }

    /** Has no main method. */
    static final class Nothing {}

    /** Logs in each way, when it is asked to. */
    static final class Logs {
        public static void main(String[] args) {
            Worker worker = Worker.join();
            worker.register("log", call -> {
                org.slf4j.Logger slf4j = LoggerFactory.getLogger("app.slf4j");
                slf4j.warn("paper {}\nlow", 3, new IllegalStateException("tray 2"));
                slf4j.debug("fine slf4j");
                Logger jul = Logger.getLogger("app.jul");
                jul.log(Level.SEVERE, "ink {0}", "gone");
                jul.fine("fine jul");
                System.getLogger("app.system").log(System.Logger.Level.INFO, "by the system");
                return null;
            });
            worker.ready();
        }
    }
}
