package io.millwright.shell.gogo.internal.worker;

import io.millwright.controller.api.NodeController;
import io.millwright.controller.api.NodeController.Detail;
import io.millwright.controller.api.NodeController.Scope;
import io.millwright.shell.gogo.internal.Command;
import io.millwright.shell.gogo.internal.Invocation;
import io.millwright.shell.gogo.internal.NodeAccess;
import io.millwright.shell.gogo.internal.Usage;
import io.millwright.shell.gogo.internal.text.Listing;
import io.millwright.shell.gogo.internal.text.Screen;
import io.millwright.shell.gogo.internal.text.Usages;
import java.io.IOException;
import java.io.InputStream;
import org.apache.felix.service.command.Function;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;

/** {@code worker:top}. Thread-safe. */
@Component(
        configurationPolicy = ConfigurationPolicy.IGNORE,
        service = Function.class,
        property = {Command.SCOPE + "=worker", "osgi.command.function=top", Command.OWN_STREAMS})
public final class TopCommand extends Command {
    private static final int FIRST_MILLIS = 500;
    private static final int KEY_MILLIS = 100;
    /** To the upper left corner, and nothing left of what was there. */
    private static final String CLEAR = "\u001b[H\u001b[2J";

    /**
     * Called by Declarative Services.
     *
     * @param node where the controller is found
     */
    @Activate
    public TopCommand(@Reference NodeAccess node) {
        super(
                Usage.of(
                                "worker:top",
                                "[-n SECONDS] [--json]",
                                """
                        Shows what the workers that live use: processor (100% is one), memory, threads, restarts; the busiest
                        first. On a terminal again and again until q (and Enter) or Ctrl-C, else once, over half a second.
                          -n SECONDS  how often, 2 unless it is given""")
                        .options("-n"),
                node);
    }

    @Override
    protected @Nullable Object run(Invocation call) throws InterruptedException {
        int seconds = call.arguments().number("-n", 2);
        NodeController node = node(call);
        Usages usages = new Usages(node.listWorkers(Scope.LIVE, Detail.WITH_STATS), System.nanoTime());
        Thread.sleep(FIRST_MILLIS);
        usages = next(node, usages);
        Screen screen = call.screen();
        if (call.json() || !screen.isTerminal()) {
            return call.result(new Listing<>(usages.all(), Usages::text));
        }
        while (call.print(CLEAR + Usages.text(usages.all(), screen)) && !isOver(call, seconds)) {
            usages = next(node, usages);
        }
        return null;
    }

    private static Usages next(NodeController node, Usages before) {
        return before.next(node.listWorkers(Scope.LIVE, Detail.WITH_STATS), System.nanoTime());
    }

    /** Waits for the next time, or for the key that ends it. */
    private static boolean isOver(Invocation call, int seconds) throws InterruptedException {
        InputStream keyboard = call.keyboard();
        for (long waited = 0; waited < seconds * 1000L; waited += KEY_MILLIS) {
            Thread.sleep(KEY_MILLIS);
            try {
                while (keyboard.available() > 0) {
                    int key = keyboard.read();
                    if (key == 'q' || key == 'Q') {
                        return true;
                    }
                }
            } catch (IOException e) {
                return true;
            }
        }
        return !call.isRead();
    }
}
