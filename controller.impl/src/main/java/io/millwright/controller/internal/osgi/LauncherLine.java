package io.millwright.controller.internal.osgi;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.ShutdownRequest;
import io.millwright.controller.internal.node.Node;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a launcher may ask the node, as a service of JDK types only, since the two share no others. Questions are words:
 *
 * <ul>
 *   <li>{@code waiting}: how many workers are starting or stopping, each within its own time; {@code null} when the loop does
 *       not answer
 *   <li>{@code restart}: whether the node that stops is to come back
 *   <li>{@code signal NAME}: a signal came to this process that is to end it: the shutdown begins; no answer
 *   <li>{@code kill}: ends all workers at once; no answer
 * </ul>
 *
 * <p>Thread-safe; blocks for {@value #LOOP_SECONDS} s at most.
 */
final class LauncherLine implements Function<String, @Nullable Object> {
    /** The service property that tells this function from any other. */
    static final String PROPERTY = "millwright.node";

    private static final Logger LOG = LoggerFactory.getLogger(LauncherLine.class);
    private static final int LOOP_SECONDS = 5;

    private final Node node;

    LauncherLine(Node node) {
        this.node = node;
    }

    /** Registers it for as long as the bundle of the context is active. */
    void register(BundleContext context) {
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put(PROPERTY, true);
        context.registerService(Function.class, this, properties);
    }

    @Override
    public @Nullable Object apply(String question) {
        switch (question) {
            case "waiting":
                return answer(node.countOnTheirWay());
            case "restart":
                return answer(node.isRestarting());
            case "kill":
                node.killAll(Caller.FRAMEWORK);
                return null;
            default:
                if (question.startsWith("signal ")) {
                    LOG.info("the node got SIG{}", question.substring("signal ".length()));
                    // At once, by the shortest way: the same signal may have been sent to the workers.
                    var begun = node.shutdown(ShutdownRequest.STOP, Caller.FRAMEWORK);
                    LOG.trace("{}", begun);
                }
                return null;
        }
    }

    private static @Nullable Object answer(CompletableFuture<?> asked) {
        try {
            return asked.get(LOOP_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        } catch (ExecutionException | TimeoutException e) {
            return null;
        }
    }
}
