package io.millwright.worker.router;

import io.millwright.worker.router.internal.AppRouter;
import io.millwright.worker.router.internal.RouterOperations;
import io.millwright.worker.runtime.Worker;
import java.io.IOException;

/** The program of a worker of type {@code router}. */
public final class RouterMain {
    private RouterMain() {}

    /**
     * Joins the node, starts realms and transports of the worker's options, and is ready when all of them are there.
     *
     * Without one of them the process ends with code 1 and a sentence.
     *
     * @throws IOException if the system has no selector for it
     */
    public static void main(String[] args) throws IOException {
        Worker worker = Worker.join();
        AppRouter router = new AppRouter(worker.nodeDirectory(), worker::admit, worker::publish);
        Runtime.getRuntime().addShutdownHook(new Thread(router::close, "router-stop"));
        RouterOperations operations = new RouterOperations(router);
        try {
            operations.begin(worker.options());
        } catch (IllegalStateException e) {
            System.err.println("router: " + e.getMessage());
            System.exit(1);
        }
        router.openToWorkers(worker.peerSocket());
        operations.register(worker::register);
        worker.ready();
    }
}
